import ClusterModel
import Simulation

/// `why FROM TO`: what becomes of a packet, why, and what would change it.
struct WhyFlow: WhyQuestion {
  let usage = "FROM TO [--protocol tcp|udp|sctp] [--at NODE]"
  let examples = ["why pod/web-0 svc/db:5432", "why external node/node-1:30080"]
  let flags: [Flag] = [
    Flag("protocol", "tcp, udp or sctp", offers: .words(["tcp", "udp", "sctp"])),
    Flag("at", "The node that a packet from outside enters", offers: .nodes),
  ]

  func isAsked(by words: [String]) -> Bool { words.count == 2 && words[0] != "request" }

  func answer(_ call: Call, _ console: Console) throws(CommandFailure) -> String {
    let question = FlowCase.Question(
      from: call.arguments[0], to: call.arguments[1], namespace: call.namespace,
      transport: call.values.text("protocol")?.lowercased() ?? "tcp",
      entryNode: call.values.text("at").map { $0.afterPrefix("node/") ?? $0 })
    return try FlowDoctor.explain(question, console).text
  }
}

/// `why svc/NAME`: whether a Service works, seen from the nodes; if not, why.
struct WhyService: WhyQuestion {
  let usage = "svc/NAME"
  let examples = ["why svc/web"]

  private static let prefixes = ["svc/", "service/", "services/"]

  func isAsked(by words: [String]) -> Bool {
    words.count == 1 && Self.prefixes.contains { words[0].hasPrefix($0) }
  }

  func answer(_ call: Call, _ console: Console) throws(CommandFailure) -> String {
    let name = call.arguments[0].split(separator: "/", maxSplits: 1).last.map(String.init) ?? ""
    guard let service = console.world.store.services[call.namespace, name] else {
      throw CommandFailure(ObjectQuery.notFound(.services, name))
    }
    let nodes = console.world.store.nodes.list().filter(\.isReady).map(\.metadata.name)
    guard let first = nodes.first else {
      throw CommandFailure("error: no node is ready to ask from")
    }
    if service.type == .externalName {
      return "svc/\(name) is an alias of \(service.externalName): no port, no endpoints.\n"
    }
    var works: [String] = []
    for port in service.ports {
      for node in service.internalTrafficPolicy == .local ? nodes : [first] {
        let question = FlowCase.Question(
          from: Self.client(of: service, node, console), to: "svc/\(name):\(port.port)",
          namespace: call.namespace, transport: port.transport.lowercaseName, entryNode: nil)
        let explanation = try FlowDoctor.explain(question, console)
        guard explanation.isWorking else {
          return "from \(question.from) to \(question.to):\n" + explanation.text
        }
      }
      works.append("\(port.port)/\(port.transport.name)")
    }
    return "svc/\(name) works on \(works.joined(separator: ", ")).\n" + Self.behind(console)
  }

  /// A headless Service's name is known to pods only.
  private static func client(of service: Service, _ node: String, _ console: Console) -> String {
    guard service.isHeadless else { return "node/\(node)" }
    let pods = console.world.store.pods.list().filter {
      $0.isReady && !$0.spec.value.hostNetwork
    }
    let own = pods.first { $0.metadata.namespace == service.metadata.namespace } ?? pods.first
    return own.map { "pod/\($0.metadata.name).\($0.metadata.namespace)" } ?? "node/\(node)"
  }

  private static func behind(_ console: Console) -> String {
    let plane = console.world.dataPlane
    return console.world.store.nodes.list().map { node in
      guard let index = plane.nodeIndex(named: node.metadata.name) else { return "" }
      let status = plane.proxyStatus(of: index, at: console.world.now)
      return status.isInSync
        ? ""
        : "node \(node.metadata.name) has not programmed the newest "
          + "\(status.newestRevision - status.programmedRevision) changes yet.\n"
    }.joined()
  }
}
