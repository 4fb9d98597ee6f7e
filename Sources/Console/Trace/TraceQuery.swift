import ClusterModel
import ControlPlane
import DataPlane
import Simulation

/// A `trace` command, with its names resolved.
struct TraceQuery {
  let source: TraceRequest.Source
  let target: TraceTarget
  let transport: TransportProtocol
  let entryNode: String?
  private var sourcePort: UInt16?

  let isEcho: Bool
  private var size: Int?
  private var doesNotFragment = false

  init(_ call: Call, in world: World) throws(CommandFailure) {
    let name = call.values.text("protocol") ?? "tcp"
    if let size = call.values.number("size"), !(28...65_535).contains(size) {
      throw call.wrongUsage("--size is the length of the IP packet: 28 to 65535 bytes")
    }
    try self.init(
      from: call.arguments[0], to: call.arguments[1], namespace: call.namespace, transport: name,
      entryNode: call.values.text("at").map { $0.afterPrefix("node/") ?? $0 }, in: world)
    size = call.values.number("size")
    doesNotFragment = call.values.flag("df")
    sourcePort = call.values.number("source-port").flatMap { UInt16(exactly: $0) }
  }

  /// - Parameter transport: `tcp`, `udp`, `sctp` or `icmp`.
  init(
    from: String, to: String, namespace: String, transport name: String, entryNode: String?,
    in world: World
  ) throws(CommandFailure) {
    let name = name.lowercased()
    isEcho = name == "icmp" || name == "ping"
    guard let transport = isEcho ? .udp : TransportProtocol(name: name.uppercased()) else {
      throw CommandFailure("error: --protocol is tcp, udp, sctp or icmp, not \(name.goQuoted)")
    }
    self.transport = transport
    self.entryNode = entryNode
    source = try TraceTarget.source(from, namespace: namespace, in: world)
    target = try TraceTarget.parse(to, namespace: namespace, in: world, needsPort: !isEcho)
  }

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
