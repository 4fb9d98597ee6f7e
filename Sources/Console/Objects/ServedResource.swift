import ClusterModel
import Simulation

/// A kind as the API server's discovery tells of it.
struct ServedResource: Sendable {
  var resource: APIResource
  var verbs: [String]
  var categories: [String]

  init(_ resource: APIResource, verbs: [String]? = nil) {
    self.resource = resource
    self.verbs = verbs ?? Self.verbs(of: resource)
    categories = Self.categories(of: resource)
  }

  /// Every kind there is, those of custom resources too.
  static func all(in world: World) -> [ServedResource] {
    let known = (APIResource.wellKnown.map { ServedResource($0) } + withoutObjects)
    let custom = world.store.customResources.map { custom in
      var served = ServedResource(custom.resource)
      served.categories = custom.categories
      return served
    }
    let more = world.store.keptResources.filter { kept in
      !(known + custom).contains {
        $0.resource.kind == kept.kind && $0.resource.group == kept.group
      }
    }
    return known + custom + more.map { ServedResource($0) }
  }

  /// Kinds that are asked and answered, or show objects of other kinds.
  static let withoutObjects: [ServedResource] =
    [
      ServedResource(APIResource("", "v1", "Binding", "bindings"), verbs: ["create"]),
      ServedResource(APIResource("events.k8s.io", "v1", "Event", "events", short: ["ev"])),
      ServedResource(
        APIResource(
          "authorization.k8s.io", "v1", "LocalSubjectAccessReview", "localsubjectaccessreviews"),
        verbs: ["create"]),
    ]
    + [
      ("authentication.k8s.io", "SelfSubjectReview"), ("authentication.k8s.io", "TokenReview"),
      ("authorization.k8s.io", "SelfSubjectAccessReview"),
      ("authorization.k8s.io", "SelfSubjectRulesReview"),
      ("authorization.k8s.io", "SubjectAccessReview"),
    ].map { group, kind in
      ServedResource(
        APIResource(group, "v1", kind, kind.lowercased() + "s", namespaced: false),
        verbs: ["create"])
    }

  /// A namespace is deleted alone, since it has to be emptied first
  /// (pkg/registry/core/namespace/storage); the components are only looked at.
  private static func verbs(of resource: APIResource) -> [String] {
    let all = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]
    if resource.kind == "ComponentStatus" { return ["get", "list"] }
    return resource.living == .namespace ? all.filter { $0 != "deletecollection" } : all
  }

  private static func categories(of resource: APIResource) -> [String] {
    switch resource.group {
    case "admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io":
      ["api-extensions"]
    default: ResourceNames.all.contains(resource.plural) ? ["all"] : []
    }
  }
}
