import ClusterModel
import ControlPlane

/// Which objects are shown: by namespace, and by the words of the filters.
struct Scope: Hashable, Sendable {
  var showsSystem = false
  var onlyNamespace: String?
  var filters = Filters()

  init() {}

  init(_ state: DashboardState) {
    showsSystem = state.showsSystem
    onlyNamespace = state.onlyNamespace
    filters = state.filters
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
    guard Words(filters[.nodes]).match("\(row.name) \(row.internalIP) \(row.status)") else {
      return nil
    }
    row.pods = rows(of: ids, store)
    return row
  }

  private func rows(of ids: [ObjectID], _ store: ObjectStore) -> [PodRow] {
    let words = Words(filters[.pods])
    return ids.compactMap { id in
      guard let pod = store.pods[id], includes(namespace: pod.metadata.namespace) else {
        return nil
      }
      let row = PodRow(pod)
      return words.match("\(row.name) \(row.address) \(row.status)") ? row : nil
    }.sorted { $0.name < $1.name }
  }

  func pods(unscheduledIn store: ObjectStore) -> [PodRow] {
    var ids: [ObjectID] = []
    store.pods.forEach { id, pod in if !pod.isBound { ids.append(id) } }
    return rows(of: ids, store)
  }

  func row(of service: Service, _ store: ObjectStore) -> ServiceRow? {
    guard includes(namespace: service.metadata.namespace) else { return nil }
    let row = ServiceRow(service, store)
    let text = "\(row.name) \(row.type) \(row.clusterIP) \(row.ports) \(row.selectorText)"
    return Words(filters[.services]).match(text) ? row : nil
  }
}

/// The words of a filter: all must occur, and those after `!` must not.
struct Words {
  private var wanted: [[UInt8]] = []
  private var unwanted: [[UInt8]] = []

  init(_ text: String) {
    for word in text.split(separator: " ") {
      if word.hasPrefix("!") {
        if word.utf8.count > 1 { unwanted.append(word.dropFirst().utf8.map(\.lowercased)) }
      } else {
        wanted.append(word.utf8.map(\.lowercased))
      }
    }
  }

  /// Whether `text` has the words, whatever their case; everything has none.
  func match(_ text: @autoclosure () -> String) -> Bool {
    if wanted.isEmpty, unwanted.isEmpty { return true }
    let bytes = text().utf8.map(\.lowercased)
    return wanted.allSatisfy { Self.occurs($0, in: bytes) }
      && !unwanted.contains { Self.occurs($0, in: bytes) }
  }

  private static func occurs(_ word: [UInt8], in text: [UInt8]) -> Bool {
    guard word.count <= text.count else { return false }
    return (0...(text.count - word.count)).contains { start in
      text[start..<(start + word.count)].elementsEqual(word)
    }
  }
}

extension UInt8 {
  fileprivate var lowercased: UInt8 { (65...90).contains(self) ? self + 32 : self }
}
