import ClusterModel
import ControlPlane
import DataPlane
import Simulation
import SimulationCore
import Traffic

extension ServiceDetail {
  /// The endpoints of a Service as the API has them and as requests find them; with `isZoomed`
  /// also its names and addresses, its slices and what each node's proxy knows.
  init?(
    _ name: NamespacedName, _ world: borrowing World, _ isZoomed: Bool, nodes: [NodeRow]
  ) {
    guard let service = world.store.services[name.namespace, name.name] else { return nil }
    self.init(name)
    let slices = world.store.slices(of: name).compactMap { world.store.endpointSlices[$0] }
      .sorted { $0.metadata.name < $1.metadata.name }
    let loads = world.traffic.endpoints(
      ofService: name.name, namespace: name.namespace, at: world.now)
    let family = service.ipFamilies.first?.name
    var found: [(address: IPAddress, row: EndpointRow)] = []
    for slice in slices where family == nil || slice.addressType == family {
      for endpoint in slice.endpoints {
        found.append((endpoint.address, Self.row(endpoint, slice, loads, world)))
      }
    }
    found.sort { ($0.address, $0.row.address) < ($1.address, $1.row.address) }
    endpoints = found.map(\.row)
    guard isZoomed else { return }
    facts = Self.facts(service)
    self.slices = slices.map { slice in
      SliceRow(
        slice.metadata.name, addressType: slice.addressType,
        ports: slice.ports.map { $0.port.map { "\($0)" } ?? "*" }.joined(separator: ","),
        count: slice.endpoints.count)
    }
    proxies = Self.proxies(nodes, world)
    let (inSync, all) = world.dataPlane.inSyncCount
    unlistedProxies = max(all - proxies.count, 0)
    unlistedLateProxies = max(all - inSync - proxies.count { !$0.isInSync }, 0)
  }

  private static func row(
    _ endpoint: Endpoint, _ slice: EndpointSlice, _ loads: [EndpointSummary],
    _ world: borrowing World
  ) -> EndpointRow {
    let ports = slice.ports.compactMap(\.port).map { "\($0)" }.joined(separator: ",")
    let host = endpoint.addressTexts.first ?? ""
    let text = slice.addressType == "IPv6" ? "[\(host)]" : host
    let condition: EndpointRow.Condition =
      endpoint.isTerminatingOrUnset
      ? (endpoint.isServingOrUnset ? .serving : .terminating)
      : endpoint.isReadyOrUnset ? .ready : .notReady
    var row = EndpointRow(
      ports.isEmpty ? text : "\(text):\(ports)", node: endpoint.nodeName ?? "-",
      pod: endpoint.targetRef?.name ?? "", condition)
    // By address, in order.
    var index = loads.firstIndexNotBefore { $0.address < endpoint.address }
    while index < loads.count, loads[index].address == endpoint.address {
      row.milliRequestsPerSecond += loads[index].measured.milliRequestsPerSecond
      index += 1
    }
    row.note = note(endpoint, condition, slice.metadata.namespace, world)
    return row
  }

  /// What an endpoint that is not ready waits for.
  private static func note(
    _ endpoint: Endpoint, _ condition: EndpointRow.Condition, _ namespace: String,
    _ world: borrowing World
  ) -> String {
    switch condition {
    case .ready: return "no requests yet"
    case .serving, .terminating: return "no new connections"
    case .notReady: break
    }
    guard let name = endpoint.targetRef?.name,
      let id = world.store.pods.id(namespace: namespace, name: name),
      let pod = world.store.pods[id]
    else { return "" }
    guard let readiness = world.controlPlane.readiness(of: id) else {
      return PodStateText(pod).text
    }
    let wait = max(readiness.nextProbe - world.now, .zero)
    return "readiness \(readiness.successes)/\(readiness.threshold), next probe in "
      + "\((wait.nanoseconds + 999_999_999) / 1_000_000_000) s"
  }

  private static func facts(_ service: Service) -> [Fact] {
    var facts = [
      Fact(
        "DNS name", "\(service.metadata.name).\(service.metadata.namespace).svc.cluster.local"),
      Fact("type", service.type.rawValue),
    ]
    if service.isHeadless {
      facts.append(Fact("virtual IP", "none: the name leads to the pods' own addresses"))
    } else if !service.clusterIPs.isEmpty {
      let addresses = service.clusterIPs.map { "\($0)" }.joined(separator: ", ")
      facts.append(Fact("virtual IP", "\(addresses), which every node's proxy rewrites"))
    }
    for ingress in service.loadBalancerIngress {
      let address = ingress.ip.map { "\($0)" } ?? ingress.hostname
      facts.append(Fact("load balancer", address))
    }
    if !service.externalName.isEmpty { facts.append(Fact("alias of", service.externalName)) }
    for port in service.ports {
      let nodePort = port.nodePort > 0 ? ", on every node \(port.nodePort)" : ""
      facts.append(
        Fact(
          port.name.isEmpty ? "port" : "port \(port.name)",
          "\(port.port)/\(port.transport.name) to \(port.targetPort) of the pods\(nodePort)"))
    }
    let selector = service.selector.map { $0.isEmpty ? "every pod" : $0.text }
    facts.append(Fact("selector", selector ?? "none: the endpoints are made by hand"))
    return facts
  }

  /// More than any screen has rows need not be shown.
  private static let proxyLimit = 100

  /// The first proxies, and the first of those that are late.
  private static func proxies(_ nodes: [NodeRow], _ world: borrowing World) -> [ProxyRow] {
    var rows: [ProxyRow] = []
    var late = 0
    let (inSync, all) = world.dataPlane.inSyncCount
    for node in nodes {
      if rows.count >= proxyLimit, late >= min(all - inSync, proxyLimit) { break }
      guard let index = world.dataPlane.nodeIndex(named: node.name) else { continue }
      let status = world.dataPlane.proxyStatus(of: index, at: world.now)
      if status.isInSync, rows.count >= proxyLimit { continue }
      if !status.isInSync { late += 1 }
      rows.append(ProxyRow(node.name, isInSync: status.isInSync, note: ProxyRow.note(status)))
    }
    return rows
  }
}
