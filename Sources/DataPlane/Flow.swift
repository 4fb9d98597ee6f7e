import ClusterModel
import SimulationCore

/// A node in the data plane's tables; the same for a name as long as the data plane lives.
public struct NodeIndex: Hashable, Sendable, Comparable {
  public var value: Int32

  @inlinable public init(_ value: Int32) { self.value = value }

  /// No node: outside the cluster.
  public static let none = NodeIndex(-1)
  @inlinable public var isNone: Bool { value < 0 }
  @inlinable var index: Int { Int(value) }

  @inlinable public static func < (left: NodeIndex, right: NodeIndex) -> Bool {
    left.value < right.value
  }
}

/// A packet's identity: the five-tuple.
public struct Flow: Hashable, Sendable {
  public var source: IPAddress
  public var sourcePort: UInt16
  public var destination: IPAddress
  public var destinationPort: UInt16
  public var transport: TransportProtocol

  @inlinable public init(
    source: IPAddress, sourcePort: UInt16, destination: IPAddress, destinationPort: UInt16,
    transport: TransportProtocol = .tcp
  ) {
    self.source = source
    self.sourcePort = sourcePort
    self.destination = destination
    self.destinationPort = destinationPort
    self.transport = transport
  }
}

/// What became of a packet.
public enum Verdict: UInt8, Hashable, Sendable {
  case delivered
  /// Answered with a reset or an ICMP error: the client fails at once.
  case rejected
  /// Thrown away by a rule: the client times out.
  case dropped
  /// The address leads nowhere: the client times out.
  case unreachable

  /// The word in a trace.
  public var name: String {
    switch self {
    case .delivered: "delivered"
    case .rejected: "rejected"
    case .dropped: "dropped"
    case .unreachable: "unreachable"
    }
  }
}

/// The fate of the first packet of a flow.
public struct FlowDecision: Hashable, Sendable {
  public var verdict: Verdict
  /// The source address was rewritten on the way.
  public var isMasqueraded: Bool
  /// The choice followed, or founds, a client's session affinity: see `DataPlane.remember`.
  public var hasAffinity: Bool
  /// The destination was another node's address, and that node's rules have decided.
  public var isRelayed = false
  /// The direction in which a NetworkPolicy dropped the packet.
  public var denial: NetworkPolicy.Direction?
  public var endpointPort: UInt16
  /// The node of the endpoint; `none` for an address outside the cluster.
  public var endpointNode: NodeIndex
  /// The service port that chose, or -1: an opaque number for `DataPlane.servicePort`.
  public var servicePort: Int32
  /// Where the packet arrived, or was sent when it did not arrive.
  public var endpoint: IPAddress
  /// The source address the endpoint sees.
  public var sourceSeen: IPAddress

  @inlinable public init(
    verdict: Verdict, endpoint: IPAddress, endpointPort: UInt16, endpointNode: NodeIndex = .none,
    isMasqueraded: Bool = false, sourceSeen: IPAddress, servicePort: Int32 = -1,
    hasAffinity: Bool = false
  ) {
    self.verdict = verdict
    self.endpoint = endpoint
    self.endpointPort = endpointPort
    self.endpointNode = endpointNode
    self.isMasqueraded = isMasqueraded
    self.sourceSeen = sourceSeen
    self.servicePort = servicePort
    self.hasAffinity = hasAffinity
  }
}

extension FlowDecision {
  /// A container's hostPort led the packet on, past the services' rules.
  func isForHostPort(of flow: Flow) -> Bool {
    servicePort < 0 && endpoint != flow.destination
  }
}

/// An endpoint that may be chosen, with its probability as an exact fraction.
public struct Candidate: Hashable, Sendable {
  public var address: IPAddress
  public var port: UInt16
  /// The node the EndpointSlice names, or `none`.
  public var node: NodeIndex
  public var numerator: Int
  public var denominator: Int

  public init(address: IPAddress, port: UInt16, node: NodeIndex, numerator: Int, denominator: Int) {
    self.address = address
    self.port = port
    self.node = node
    self.numerator = numerator
    self.denominator = denominator
  }

  /// For printing.
  public var probability: Double { Double(numerator) / Double(denominator) }
}

/// How far a node's proxy has come.
public struct ProxyStatus: Hashable, Sendable {
  public var isRunning: Bool
  public var isInSync: Bool
  /// The newest change in the node's rules.
  public var programmedRevision: UInt64
  /// The newest change there is.
  public var newestRevision: UInt64
  /// How long the oldest change that is not yet in the rules has waited; zero when in sync.
  public var lag: Duration
  public var syncsDone: Int
}
