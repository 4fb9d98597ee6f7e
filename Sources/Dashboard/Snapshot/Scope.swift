import ClusterModel
import ControlPlane

/// Which objects are shown: by namespace, and by the words of the filters.
struct Scope: Hashable, Sendable {
  var showsSystem = false
  var onlyNamespace: String?
  var filters = Filters()
  var showsFaultsOnly = false
  var sorting = Sorting()
  private var nodeFilter = RowFilter("")
  private var podFilter = RowFilter("")
  private var serviceFilter = RowFilter("")

  init() {}

  init(_ state: DashboardState) {
    showsSystem = state.showsSystem
    onlyNamespace = state.onlyNamespace
    filters = state.filters
    showsFaultsOnly = state.showsFaultsOnly
    sorting = state.sorting
    nodeFilter = RowFilter(filters[.nodes])
    podFilter = RowFilter(filters[.pods])
    serviceFilter = RowFilter(filters[.services])
  }

  private static let systemNamespaces: Set = [
    "kube-system", "kube-public", "kube-node-lease", "local-path-storage", "kube-flannel",
    "calico-system", "tigera-operator", "cilium-secrets",
  ]

  func includes(namespace: String) -> Bool {
    if let onlyNamespace { return namespace == onlyNamespace }
    return showsSystem || !Self.systemNamespaces.contains(namespace)
  }

  func row(of node: Node, _ store: ObjectStore) -> NodeRow? {
    let ids = store.pods(onNode: node.metadata.name)
    var row = NodeRow(node)
    row.podCount = ids.count
    guard
      nodeFilter.accepts(
        "\(row.name) \(row.internalIP) \(row.status) \(row.roles)", node.metadata.labels)
    else { return nil }
    if showsFaultsOnly, row.sign == .ready, !ids.contains(where: { isFaulty($0, store) }) {
      return nil
    }
    row.pods = rows(of: ids, store)
    return row
  }

  private func rows(of ids: [ObjectID], _ store: ObjectStore) -> [PodRow] {
    let rows: [PodRow] = ids.compactMap { id in
      guard let pod = store.pods[id], includes(namespace: pod.metadata.namespace) else {
        return nil
      }
      let row = PodRow(pod)
      if showsFaultsOnly, !row.sign.isFaulty { return nil }
      return podFilter.accepts("\(row.name) \(row.address) \(row.status)", row.labels) ? row : nil
    }
    return sorted(rows)
  }

  private func isFaulty(_ id: ObjectID, _ store: ObjectStore) -> Bool {
    guard let pod = store.pods[id], includes(namespace: pod.metadata.namespace) else {
      return false
    }
    return PodStateText(pod).sign.isFaulty
  }

  func rows(unscheduled ids: [ObjectID], _ store: ObjectStore) -> [PodRow] {
    rows(of: ids, store)
  }

  /// Whether pods are hidden.
  var hasFilter: Bool { !filters[.pods].isEmpty || showsFaultsOnly || onlyNamespace != nil }

  func row(of service: Service, _ store: ObjectStore) -> ServiceRow? {
    guard includes(namespace: service.metadata.namespace) else { return nil }
    let row = ServiceRow(service, store)
    let text = "\(row.name) \(row.type) \(row.clusterIP) \(row.ports) \(row.selectorText)"
    if showsFaultsOnly, row.endpoints > 0, row.readyEndpoints == row.endpoints { return nil }
    return serviceFilter.accepts(text, service.metadata.labels) ? row : nil
  }
}
