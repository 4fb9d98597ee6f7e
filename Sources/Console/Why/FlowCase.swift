import ClusterModel
import ControlPlane
import DataPlane
import Simulation

/// A flow that is to be explained, with what a trace says of it.
struct FlowCase {
  /// FROM and TO as they were typed, and how.
  struct Question: Hashable {
    var from: String
    var to: String
    var namespace: String
    var transport: String
    var entryNode: String?

    func query(in world: World) throws(CommandFailure) -> TraceQuery {
      try TraceQuery(
        from: from, to: to, namespace: namespace, transport: transport, entryNode: entryNode,
        in: world)
    }

    /// The command that traces it.
    var command: String {
      var words = ["trace", from, to]
      if transport != "tcp" { words += ["--protocol", transport] }
      if let entryNode { words += ["--at", entryNode] }
      return words.joined(separator: " ")
    }
  }

  let question: Question
  let console: Console
  let report: TraceReport
  let source: TraceRequest.Source
  let target: TraceTarget
  /// The Service that the packet was for, and the port that was asked for.
  let service: Service?
  let port: Int?

  init(_ question: Question, _ console: Console) throws(CommandFailure) {
    self.question = question
    self.console = console
    let query = try question.query(in: console.world)
    report = try query.answer(in: console.world)
    source = query.source
    target = query.target
    (service, port) = Self.service(of: target, report, console.world)
  }

  var world: World { console.world }
  var trace: PacketTrace? { report.trace }
  var verdict: String { report.verdict }
  var isDelivered: Bool { verdict == "delivered" }
  var transport: TransportProtocol {
    TransportProtocol(name: question.transport.uppercased()) ?? .udp
  }

  /// The node whose rules decide: the sender's, or the one that an outside packet enters.
  var deciding: String { trace?.hops.first { !$0.node.isEmpty }?.node ?? "" }

  /// The port of the Service that was asked for.
  var servicePort: ServicePort? {
    guard let service, let port else { return nil }
    let same = service.ports.filter { $0.port == port || $0.nodePort == port }
    return same.first { $0.transport == transport } ?? same.first
  }

  /// ` -n NAMESPACE` where it is not the usual one.
  func option(_ namespace: String) -> String {
    namespace == console.namespace ? "" : " -n \(namespace)"
  }

  /// The Service whose name the DNS has answered.
  private static func named(_ report: TraceReport, _ world: World) -> Service? {
    let labels = (report.queries.last?.name ?? "").split(separator: ".").map(String.init)
    guard labels.count == 5, labels[2] == "svc" else { return nil }
    return world.store.services[labels[1], labels[0]]
  }

  private static func service(
    of target: TraceTarget, _ report: TraceReport, _ world: World
  ) -> (Service?, Int?) {
    let first = report.trace?.hops.first?.packet
    let port = first.map { Int($0.destinationPort) }
    switch target {
    case .service(let name, let text):
      let service = world.store.services[name.namespace, name.name]
      let named = service?.ports.first { $0.name == text }?.port ?? service?.ports.first?.port
      return (service, port ?? text.flatMap { Int($0) } ?? named)
    case .pod: return (nil, port)
    case .name(_, let text):
      if let named = named(report, world), named.isHeadless || named.type == .externalName {
        return (named, port ?? Int(text))
      }
    case .node, .address: break
    }
    guard let address = first?.destination else { return (nil, port) }
    let services = world.store.services.list()
    let byAddress = services.first {
      $0.clusterIPs.contains(address) || $0.externalIPs.contains("\(address)")
        || $0.loadBalancerIngress.contains { $0.ip == address }
    }
    let byPort = services.first { $0.ports.contains { $0.nodePort != 0 && $0.nodePort == port } }
    let isNode =
      address.isLoopback
      || world.store.nodes.list().contains { node in
        node.addresses.contains { $0.address == "\(address)" }
      }
    return (byAddress ?? (isNode ? byPort : nil), port)
  }
}
