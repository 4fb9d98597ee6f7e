import ClusterModel
import ControlPlane
import DataPlane
import Simulation
import Spelling

/// The name does not resolve.
struct NameCause: FlowCause {
  func find(in flow: FlowCase) -> Finding? {
    guard flow.verdict == "unresolved" else { return nil }
    if flow.report.queries.last?.rcode == "TIMEOUT" { return silent(flow) }
    guard case .name(let name, let port) = flow.target else { return headless(flow) }
    let tried = flow.report.queries.map(\.name)
    var details = ["asked: \(tried.joined(separator: ", "))"]
    if tried.count > 1 {
      details.append(
        "a name with fewer dots than ndots is looked for in the search domains first")
    }
    if let service = service(named: name, flow), service.isHeadless {
      return headless(service, flow)
    }
    let resolver = Resolver(for: flow.source, in: flow.world)
    guard resolver.configuration.search.count > 0 || !name.hasSuffix("cluster.local") else {
      return Finding(
        "\(flow.question.from) does not ask the cluster's DNS but \(resolver.serverAddress), which "
          + "knows nothing of Services", details)
    }
    let near = nearest(to: name, flow)
    guard let best = near.first else {
      return Finding("no Service, and nothing outside, has the name \(name)", details)
    }
    return Finding(
      "there is no Service behind the name \(name); the nearest is \(best)", details,
      try: near.map { ["trace \(flow.question.from) \($0):\(port)\(suffix(flow))"] })
  }

  private func suffix(_ flow: FlowCase) -> String {
    (flow.question.transport == "tcp" ? "" : " --protocol \(flow.question.transport)")
      + flow.option(flow.question.namespace)
  }

  /// The DNS itself cannot be reached.
  private func silent(_ flow: FlowCase) -> Finding {
    let server = Resolver(for: flow.source, in: flow.world).serverAddress
    var proposals: [[String]] = []
    let dns = flow.world.store.deployments["kube-system", "coredns"]
    if dns?.replicas == 0 {
      proposals.append(["kubectl scale deployment coredns --replicas=2 -n kube-system"])
    }
    proposals.append(["advance 30s"])
    proposals.append(["kubectl rollout restart deployment coredns -n kube-system"])
    var details: [String] = []
    var question = flow.question
    question.to = "svc/kube-dns.kube-system:53"
    question.transport = "udp"
    if let way = try? FlowCase(question, flow.console) {
      details = ["\(question.command): \(way.verdict): \(way.report.reason)"]
    }
    return Finding(
      "the DNS server \(server) does not answer, so no name resolves", details, try: proposals)
  }

  private func headless(_ flow: FlowCase) -> Finding? {
    guard case .service(let name, _) = flow.target,
      let service = flow.world.store.services[name.namespace, name.name]
    else { return nil }
    return headless(service, flow)
  }

  private func headless(_ service: Service, _ flow: FlowCase) -> Finding {
    let endpoints = MissingEndpointsCause().explain(service, flow)
    let name = "\(service.metadata.namespace)/\(service.metadata.name)"
    return Finding(
      "the headless Service \(name) has no ready endpoint, so its name does not exist",
      ([endpoints?.explanation.cause].compactMap { $0 }) + (endpoints?.explanation.details ?? []),
      try: endpoints?.proposals ?? [])
  }

  /// The Service that a short or a whole name means, as seen from the sender.
  private func service(named name: String, _ flow: FlowCase) -> Service? {
    let labels = name.lowercased().split(separator: ".").map(String.init)
    guard let first = labels.first else { return nil }
    let namespace = labels.count > 1 ? labels[1] : sender(flow)
    return flow.world.store.services[namespace, first]
  }

  private func sender(_ flow: FlowCase) -> String {
    if case .pod(let namespace, _) = flow.source { return namespace }
    return flow.question.namespace
  }

  /// The nearest names of Services: the same name elsewhere, then few edits.
  private func nearest(to name: String, _ flow: FlowCase) -> [String] {
    let labels = name.lowercased().split(separator: ".").map(String.init)
    guard let first = labels.first else { return [] }
    let own = sender(flow)
    let wanted = labels.count > 1 ? labels[1] : own
    var ranked: [(distance: Int, name: String)] = []
    for service in flow.world.store.services.list() {
      let (space, title) = (service.metadata.namespace, service.metadata.name)
      let isElsewhere = space != wanted
      let distance = EditDistance.between(first, title)
      guard distance <= max(1, first.utf8.count / 3) else { continue }
      let shown = space == own && labels.count == 1 ? title : "\(title).\(space)"
      ranked.append((distance * 4 + (isElsewhere ? EditDistance.between(wanted, space) : 0), shown))
    }
    ranked.sort { ($0.distance, $0.name) < ($1.distance, $1.name) }
    return ranked.prefix(3).map(\.name)
  }
}
