import ClusterModel

/// The ingress controllers whose pods the simulation brings to life, known by their image.
public struct IngressImplementation: Hashable, Sendable {
  /// `spec.controller` of its IngressClasses.
  public var controller: String
  /// Part of its containers' image.
  public var image: String
  /// Who its events come from.
  public var component: String

  /// The one that `ingress install` installs.
  public static let own = IngressImplementation(
    controller: "kubarium.dev/ingress-controller", image: "kubarium/ingress-controller",
    component: "ingress-controller")

  public static let all = [
    own,
    IngressImplementation(
      controller: "k8s.io/ingress-nginx", image: "ingress-nginx/controller",
      component: "nginx-ingress-controller"),
    IngressImplementation(
      controller: "traefik.io/ingress-controller", image: "traefik", component: "traefik"),
  ]

  /// What a pod of this spec is; nil when it is no ingress controller.
  public static func of(_ spec: PodSpec) -> IngressImplementation? {
    all.first { known in spec.containers.contains { $0.image.contains(known.image) } }
  }
}

extension ObjectStore {
  /// The Ingresses that the controller serves, by name: those of its classes, and those without a
  /// class.
  public func ingresses(of implementation: IngressImplementation) -> [KeptObject] {
    let all = kept[Ingress.resource.qualifiedPlural]?.list() ?? []
    return all.filter { isServed($0, by: implementation) }
  }

  func isServed(_ object: KeptObject, by implementation: IngressImplementation) -> Bool {
    let name =
      object.body["spec"]?["ingressClassName"]?.string
      ?? object.metadata.annotations[Ingress.classAnnotation]
    guard let name else { return true }
    let kind = kept[Ingress.classResource.qualifiedPlural]?["", name]
    return kind?.body["spec"]?["controller"]?.string == implementation.controller
  }

  /// The pods of an ingress controller that are not over, by name.
  ///
  /// - Complexity: O(pods).
  public func controllerPods(of implementation: IngressImplementation) -> [Pod] {
    var found: [Pod] = []
    for id in pods.ids {
      guard let pod = pods[id], pod.isActive,
        IngressImplementation.of(pod.spec.value) == implementation
      else { continue }
      found.append(pod)
    }
    return found.sorted { NamespacedName($0.metadata) < NamespacedName($1.metadata) }
  }

  /// The Service through which clients reach an ingress controller's pods: of those that select
  /// one, the first that is open to the outside, else the first.
  public func publishedService(of pods: [Pod]) -> Service? {
    let selecting = services.list().filter { service in
      guard let selector = service.selector, !selector.isEmpty else { return false }
      return pods.contains { pod in
        pod.metadata.namespace == service.metadata.namespace
          && LabelSelector(matchLabels: selector).matches(pod.metadata.labels)
      }
    }
    return selecting.first { $0.type == .loadBalancer } ?? selecting.first { $0.type == .nodePort }
      ?? selecting.first
  }
}
