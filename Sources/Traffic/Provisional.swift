// Stands in for DataPlane's interface until that layer is merged.
import ClusterModel
import SimulationCore

public struct NodeIndex: Hashable, Sendable {
  public var value: Int32
  public init(value: Int32) { self.value = value }
}

public struct Flow: Hashable, Sendable {
  public var source: IPAddress
  public var sourcePort: UInt16
  public var destination: IPAddress
  public var destinationPort: UInt16
  public var transport: TransportProtocol

  public init(
    source: IPAddress, sourcePort: UInt16, destination: IPAddress, destinationPort: UInt16,
    transport: TransportProtocol
  ) {
    self.source = source
    self.sourcePort = sourcePort
    self.destination = destination
    self.destinationPort = destinationPort
    self.transport = transport
  }
}

public struct FlowDecision: Hashable, Sendable {
  public enum Verdict: UInt8, Hashable, Sendable { case delivered, rejected, dropped, unreachable }
  public var verdict: Verdict
  public var endpoint: IPAddress
  public var endpointPort: UInt16
  public var endpointNode: NodeIndex
  public var isMasqueraded: Bool
  public var sourceSeen: IPAddress

  public init(
    verdict: Verdict, endpoint: IPAddress, endpointPort: UInt16, endpointNode: NodeIndex,
    isMasqueraded: Bool, sourceSeen: IPAddress
  ) {
    self.verdict = verdict
    self.endpoint = endpoint
    self.endpointPort = endpointPort
    self.endpointNode = endpointNode
    self.isMasqueraded = isMasqueraded
    self.sourceSeen = sourceSeen
  }
}
