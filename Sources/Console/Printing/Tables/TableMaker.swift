import ClusterModel
import ControlPlane

/// Makes the table of each kind (pkg/printers/internalversion/printers.go).
struct TableMaker {
  let context: PrintContext

  func table(of resource: APIResource, _ objects: [StoredObject]) -> Table {
    switch resource.living {
    case .pod: pods(objects.compactMap { if case .pod(let pod) = $0 { pod } else { nil } })
    case .node: nodes(objects.compactMap { if case .node(let node) = $0 { node } else { nil } })
    case .service:
      services(objects.compactMap { if case .service(let service) = $0 { service } else { nil } })
    case .endpointSlice:
      endpointSlices(
        objects.compactMap { if case .endpointSlice(let slice) = $0 { slice } else { nil } })
    case .deployment:
      deployments(
        objects.compactMap { if case .deployment(let object) = $0 { object } else { nil } })
    case .replicaSet:
      replicaSets(
        objects.compactMap { if case .replicaSet(let object) = $0 { object } else { nil } })
    case .namespace:
      namespaces(objects.compactMap { if case .namespace(let object) = $0 { object } else { nil } })
    case .event:
      events(objects.compactMap { if case .event(let event) = $0 { event } else { nil } })
    case .kept: kept(resource, objects)
    }
  }

  func age(_ metadata: ObjectMeta) -> String { context.age(metadata.creationTimestamp) }

  func namespaces(_ namespaces: [Namespace]) -> Table {
    Table(
      "NAME|STATUS|AGE",
      rows: namespaces.map { [$0.metadata.name, $0.phase.rawValue, age($0.metadata)] })
  }

  /// A kind that is only kept; a kind that nobody knows has a name and an age.
  private func kept(_ resource: APIResource, _ objects: [StoredObject]) -> Table {
    let kept: [KeptView] = objects.compactMap { object in
      if case .kept(let object) = object { KeptView(object) } else { nil }
    }
    let objects = objects.compactMap { object in
      if case .kept(let object) = object { object } else { nil }
    }
    return networking(resource, kept) ?? workloads(resource, kept) ?? configuration(resource, kept)
      ?? storage(resource, kept) ?? policy(resource, kept)
      ?? custom(resource, objects)
      ?? Table("NAME|AGE", rows: kept.map { [$0.name, age($0.metadata)] })
  }

  /// `items` joined by commas; after the third, how many more there are.
  static func atMostThree(_ items: [String], of count: Int, none: String) -> String {
    if items.isEmpty { return none }
    let shown = items.prefix(3).joined(separator: ",")
    return count > 3 ? "\(shown) + \(count - 3) more..." : shown
  }
}

/// A kept object, its body read with default values for whatever is missing or of another type.
struct KeptView {
  let metadata: ObjectMeta
  let body: Value

  init(_ object: KeptObject) {
    metadata = object.metadata
    body = .object(object.body)
  }

  var name: String { metadata.name }
}
