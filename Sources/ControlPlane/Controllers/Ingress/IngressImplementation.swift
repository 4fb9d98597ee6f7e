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
    for known in all {
      for index in spec.containers.indices where has(spec.containers[index].image, known.image) {
        return known
      }
    }
    return nil
  }

  /// By bytes: every pod that is created is asked.
  private static func has(_ image: String, _ part: String) -> Bool {
    let (image, part) = (image.utf8, part.utf8)
    guard let first = part.first else { return true }
    var place = image.startIndex
    while let found = image[place...].firstIndex(of: first) {
      if image[found...].starts(with: part) { return true }
      place = image.index(after: found)
    }
    return false
  }
}

/// The pods of ingress controllers, kept by who watches pods: looking for them would take a walk
/// over all.
public struct IngressPods: Sendable {
  public private(set) var ids: [ObjectID] = []
  /// The newest spec that is none of theirs: pods of one template come one after the other.
  private var other: Shared<PodSpec>?

  public init() {}

  /// - Returns: whether the change is about such a pod.
  public mutating func observe(_ change: Change, in store: ObjectStore) -> Bool {
    guard change.kind == .pod else { return false }
    if change.operation == .created, let spec = store.pods[change.id]?.spec, spec !== other {
      if IngressImplementation.of(spec.value) != nil {
        ids.append(change.id)
        return true
      }
      other = spec
    }
    guard !ids.isEmpty, ids.contains(change.id) else { return false }
    if change.operation == .deleted { ids.removeAll { $0 == change.id } }
    return true
  }
}

extension Service {
  func selects(_ pod: Pod) -> Bool {
    guard let selector, !selector.isEmpty, pod.metadata.namespace == metadata.namespace else {
      return false
    }
    return LabelSelector(matchLabels: selector).matches(pod.metadata.labels)
  }
}

extension ObjectStore {
  /// Whether a change of a Service may concern how clients reach ingress controllers.
  public func concernsIngress(_ change: Change, _ known: IngressPods) -> Bool {
    guard change.kind == .service, !known.ids.isEmpty else { return false }
    guard let service = services[change.id] else { return true }
    return known.ids.contains { id in pods[id].map(service.selects) ?? false }
  }

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
  public func controllerPods(
    of implementation: IngressImplementation, among known: IngressPods
  ) -> [Pod] {
    var found: [Pod] = []
    for id in known.ids {
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
    if pods.isEmpty { return nil }
    let selecting = services.ids.compactMap { services[$0] }
      .filter { service in pods.contains { service.selects($0) } }
      .sorted { NamespacedName($0.metadata) < NamespacedName($1.metadata) }
    return selecting.first { $0.type == .loadBalancer } ?? selecting.first { $0.type == .nodePort }
      ?? selecting.first
  }
}
