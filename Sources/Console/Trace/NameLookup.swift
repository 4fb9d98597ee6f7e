import ClusterModel
import ControlPlane
import DataPlane
import Simulation

/// A question to the cluster's DNS and its answer.
struct NameQuery: Hashable {
  /// With its final dot.
  var name: String
  var type = "A"
  var rcode: String
  var answers: [IPAddress]
}

/// What a resolver in a pod asks for a name, in order, until one answer serves it
/// (glibc's search list; CoreDNS plugin/kubernetes).
struct NameLookup {
  private let world: World
  /// The search domains; empty for clients that do not ask the cluster's DNS.
  private let search: [String]
  private let asksCluster: Bool
  private static let zone = "svc.cluster.local"

  init(from source: TraceRequest.Source, in world: World) {
    self.world = world
    guard case .pod(let namespace, let name) = source,
      let pod = world.store.pods[namespace, name]
    else {
      search = []
      asksCluster = false
      return
    }
    let spec = pod.spec.value
    let usesCluster =
      spec.dnsPolicy == "ClusterFirstWithHostNet"
      || (spec.dnsPolicy == "ClusterFirst" && !spec.hostNetwork)
    asksCluster = usesCluster
    search = usesCluster ? ["\(namespace).\(Self.zone)", Self.zone, "cluster.local"] : []
  }

  /// Every query; the last one has the answers if there are any.
  func queries(for name: String) -> [NameQuery] {
    var queries: [NameQuery] = []
    for candidate in candidates(name.lowercased()) {
      let query = ask(candidate)
      queries.append(query)
      if !query.answers.isEmpty { break }
    }
    return queries
  }

  /// Fewer than five dots: the search domains come first (`options ndots:5`).
  private func candidates(_ name: String) -> [String] {
    if name.hasSuffix(".") { return [name] }
    let dots = name.filter { $0 == "." }.count
    let expanded = search.map { "\(name).\($0)." }
    return dots < 5 ? expanded + ["\(name)."] : ["\(name)."] + expanded
  }

  private func ask(_ name: String) -> NameQuery {
    guard asksCluster, name.hasSuffix(".cluster.local.") else {
      return NameQuery(name: name, rcode: "NXDOMAIN", answers: [])
    }
    let parts = name.split(separator: ".").map(String.init)
    guard name.hasSuffix(".\(Self.zone)."), parts.count == 5 || parts.count == 6 else {
      return NameQuery(name: name, rcode: "NXDOMAIN", answers: [])
    }
    let key = Array(parts.dropLast(3))
    let host = key.count == 3 ? key[0] : nil
    guard let service = world.store.services[key[key.count - 1], key[key.count - 2]] else {
      return NameQuery(name: name, rcode: "NXDOMAIN", answers: [])
    }
    let addresses =
      service.isHeadless || host != nil
      ? endpoints(of: service, host: host) : service.clusterIPs
    guard !addresses.isEmpty else {
      return NameQuery(name: name, rcode: "NXDOMAIN", answers: [])
    }
    let answers = addresses.filter { $0.family == .ipv4 }
    return NameQuery(name: name, rcode: "NOERROR", answers: answers)
  }

  /// The ready endpoints, by address; of one host name where one is asked for.
  private func endpoints(of service: Service, host: String?) -> [IPAddress] {
    guard service.isHeadless else { return [] }
    let store = world.store
    var found: [IPAddress] = []
    for id in store.slices(of: NamespacedName(service.metadata)) {
      for endpoint in store.endpointSlices[id]?.endpoints ?? [] {
        let isServed = endpoint.isReadyOrUnset || service.publishNotReadyAddresses
        let dashed = String(endpoint.address.description.map { $0 == "." ? "-" : $0 })
        guard isServed, host == nil || host == (endpoint.hostname ?? dashed),
          !found.contains(endpoint.address)
        else { continue }
        found.append(endpoint.address)
      }
    }
    return found.sorted()
  }
}
