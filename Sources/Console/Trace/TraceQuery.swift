import ClusterModel
import ControlPlane
import DataPlane
import Simulation

/// A `trace` command, with its names resolved.
struct TraceQuery {
  let source: TraceRequest.Source
  let target: TraceTarget
  let transport: TransportProtocol
  private let entryNode: String?
  private let sourcePort: UInt16?

  let isEcho: Bool
  private let size: Int?
  private let doesNotFragment: Bool

  init(_ call: Call, in world: World) throws(CommandFailure) {
    let name = call.values.text("protocol")?.lowercased() ?? "tcp"
    isEcho = name == "icmp" || name == "ping"
    guard let transport = isEcho ? .udp : TransportProtocol(name: name.uppercased()) else {
      throw call.wrongUsage("--protocol is tcp, udp, sctp or icmp, not \(name.goQuoted)")
    }
    self.transport = transport
    if let size = call.values.number("size"), !(28...65_535).contains(size) {
      throw call.wrongUsage("--size is the length of the IP packet: 28 to 65535 bytes")
    }
    size = call.values.number("size")
    doesNotFragment = call.values.flag("df")
    source = try TraceTarget.source(call.arguments[0], namespace: call.namespace, in: world)
    target = try TraceTarget.parse(
      call.arguments[1], namespace: call.namespace, in: world, needsPort: !isEcho)
    entryNode = call.values.text("at").map { $0.afterPrefix("node/") ?? $0 }
    sourcePort = call.values.number("source-port").flatMap { UInt16(exactly: $0) }
  }

  /// - Parameter plane: Another network than the world's, to compare.
  func answer(in world: World, through plane: DataPlane? = nil) throws(CommandFailure)
    -> TraceReport
  {
    try TraceAnswer(query: self, world: world, plane: plane ?? world.dataPlane).report(target)
  }

  /// The packet to ask about.
  func request(to address: IPAddress, _ port: UInt16) -> TraceRequest {
    var request = TraceRequest(
      from: source, to: address, port: port, transport: transport, entryNode: entryNode,
      sourcePort: sourcePort)
    request.isEcho = isEcho
    request.size = size
    request.doesNotFragment = doesNotFragment
    return request
  }
}
