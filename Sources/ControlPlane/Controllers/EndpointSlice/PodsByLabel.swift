import ClusterModel

/// Finds the pods that a Service may select when all of them are looked at anew.
///
/// That happens to every Service of a cluster that has just been loaded: to look at every pod each
/// time would take as many looks as there are pods times Services.
struct PodsByLabel: Sendable {
  private typealias Table = [Labels.Pair: [ObjectID]]

  /// The pods and labels that the tables are of.
  private var generation = -1
  /// Nil: asked for once, and not worth a table yet.
  private var tables: [String: Table?] = [:]

  /// Pods of `namespace` among which are all that `selector` matches, in the store's order.
  mutating func candidates(
    _ selector: Labels, in namespace: String, _ store: ObjectStore
  ) -> [ObjectID] {
    if generation != store.podGeneration {
      generation = store.podGeneration
      tables = [:]
    }
    guard let first = selector.pairs.first, let known = tables[namespace] else {
      tables[namespace] = .some(nil)
      return store.pods(inNamespace: namespace)
    }
    let table = known ?? Self.table(of: namespace, store)
    tables[namespace] = table
    return table[first] ?? []
  }

  private static func table(of namespace: String, _ store: ObjectStore) -> Table {
    var table: Table = [:]
    for id in store.pods(inNamespace: namespace) {
      guard let labels = store.pods[id]?.metadata.labels else { continue }
      for pair in labels.pairs { table[pair, default: []].append(id) }
    }
    return table
  }
}
