import ClusterModel
import Simulation

/// Kinds by the names that people give them.
enum ResourceNames {
  /// What `all` stands for, in kubectl's order.
  static let all = [
    "pods", "replicationcontrollers", "services", "daemonsets", "deployments", "replicasets",
    "statefulsets", "horizontalpodautoscalers", "cronjobs", "jobs",
  ]

  /// The kind with this plural, singular or short name, with or without a group.
  static func find(_ name: String, in world: World) -> APIResource? {
    if let known = APIResource.named(name) { return known }
    let name = name.lowercased()
    // Two groups have the same events.
    if ["events.events.k8s.io", "event.events.k8s.io"].contains(name) { return .events }
    let store = world.store
    if let custom = store.customResources.first(where: { $0.isCalled(name) }) {
      return store.held(custom)
    }
    let kept = store.keptResources.first { resource in
      resource.plural == name || resource.singular == name || resource.qualifiedPlural == name
        || resource.qualifiedSingular == name
    }
    if let kept { return kept }
    return APIResource.wellKnown.first { resource in
      let tail = resource.group.isEmpty ? resource.version : "\(resource.version).\(resource.group)"
      return "\(resource.plural).\(tail)" == name || "\(resource.singular).\(tail)" == name
    }
  }

  /// The kinds of a list such as `deploy,svc` or `all`.
  static func list(_ text: String, in world: World) throws(CommandFailure) -> [APIResource] {
    var found: [APIResource] = []
    for name in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
      let builtIn = name == "all" ? all : []
      let custom = world.store.customResources.filter { $0.categories.contains(name) }
        .map(\.resource.qualifiedPlural)
      let names = builtIn + custom
      for name in names.isEmpty ? [name] : names {
        let resource = try one(name, in: world)
        if !found.contains(resource) { found.append(resource) }
      }
    }
    return found
  }

  static func one(_ name: String, in world: World) throws(CommandFailure) -> APIResource {
    guard let resource = find(name, in: world) else {
      if name.isEmpty {
        throw CommandFailure(
          "error: arguments in resource/name form must have a single resource and name")
      }
      throw CommandFailure("error: the server doesn't have a resource type \(name.goQuoted)")
    }
    return resource
  }
}
