import ClusterModel
import SimulationCore

/// How far a node's rules are behind the API, and with what.
public struct ProxyLag: Hashable, Sendable {
  /// The newest change in the node's rules, and the newest there is.
  public var programmedRevision: UInt64
  public var newestRevision: UInt64
  /// How long the oldest missing change has waited; zero in sync.
  public var lag: Duration
  public var isRunning: Bool
  /// `namespace/name` of the Services that have changed since, in order of name.
  public var pendingServices: [String]

  public var isInSync: Bool { programmedRevision == newestRevision }
  /// Changes that are not in the rules.
  public var pendingChanges: UInt64 { newestRevision - programmedRevision }
}

extension DataPlane {
  /// How far the rules of `node` are behind.
  ///
  /// - Complexity: O(changes that are missing).
  public func lag(of node: NodeIndex, at now: Instant) -> ProxyLag {
    let status = proxyStatus(of: node, at: now)
    var pending: [String] = []
    if !status.isInSync, nodeFacts.indices.contains(Int(node.value)) {
      let ids = changes.services(
        after: nodeFacts[Int(node.value)].programmed, upTo: changes.newest)
      // order-free: sorted.
      pending = Set(ids).map { "\(services[Int($0)].namespace)/\(services[Int($0)].name)" }.sorted()
    }
    return ProxyLag(
      programmedRevision: status.programmedRevision, newestRevision: status.newestRevision,
      lag: status.lag, isRunning: status.isRunning, pendingServices: pending)
  }

  /// Whether the node's rules of a Service are those of the API.
  public func isInSync(namespace: String, service: String, on node: NodeIndex) -> Bool {
    guard let id = serviceIDs[ServiceKey(namespace: namespace, name: service)],
      nodeFacts.indices.contains(Int(node.value))
    else { return true }
    return services[id].newestChange <= nodeFacts[Int(node.value)].programmed
  }

  /// A sentence for a packet that old rules have decided about; empty where they are the newest.
  func staleness(of route: Route, at node: Int32, _ now: Instant) -> String {
    guard route.port >= 0, node >= 0 else { return "" }
    let identity = ports.identities[Int(route.port)]
    let (namespace, service) = (identity.namespace, identity.service)
    guard !isInSync(namespace: namespace, service: service, on: NodeIndex(node)) else { return "" }
    let lag = lag(of: NodeIndex(node), at: now)
    let cause = lag.isRunning ? "has not programmed that yet" : "is stopped"
    return " The rules of \(nodeName(NodeIndex(node))) are behind: Service \(namespace)/\(service) "
      + "has changed since, and kube-proxy there \(cause)."
  }
}
