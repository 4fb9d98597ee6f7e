import ClusterModel
import ControlPlane
import Traffic

/// What the traffic has been told of an Ingress.
struct IngressRoute: Hashable, Sendable {
  var backends: [IngressBackend]
  /// The Service in front of the controller's pods.
  var entry: NamespacedName
}

/// Clients outside call what Ingresses open, once a controller serves them.
extension World {
  mutating func carryToIngress(_ change: Change) {
    switch change.kind {
    case .kept
    where change.resource == Ingress.resource.qualifiedPlural
      || change.resource == Ingress.classResource.qualifiedPlural:
      refreshIngresses()
    case .service where hasIngresses && store.concernsIngress(change, ingressPods):
      refreshIngresses()
    case .pod:
      if ingressPods.observe(change, in: controlPlane.api.store), change.operation == .created,
        hasIngresses
      {
        refreshIngresses()
      }
    default: break
    }
  }

  private var hasIngresses: Bool {
    store.kept[Ingress.resource.qualifiedPlural]?.count ?? 0 > 0
  }

  private mutating func refreshIngresses() {
    var present: [NamespacedName: IngressRoute] = [:]
    for implementation in IngressImplementation.all {
      let pods = store.controllerPods(of: implementation, among: ingressPods)
      guard let service = store.publishedService(of: pods) else { continue }
      for object in store.ingresses(of: implementation) {
        let name = NamespacedName(object.metadata)
        guard present[name] == nil else { continue }
        let backends = Ingress(body: object.body).backends.compactMap {
          backend -> IngressBackend? in
          guard case .service(let service, let port) = backend else { return nil }
          return IngressBackend(service: service, port: port)
        }
        present[name] = IngressRoute(backends: backends, entry: NamespacedName(service.metadata))
      }
    }
    let all = Set(ingressRoutes.keys).union(present.keys)
    for name in all.sorted() where present[name] != ingressRoutes[name] {
      // A controller without pods for a moment leaves its clients as they are.
      let exists =
        store.kept[Ingress.resource.qualifiedPlural]?[name.namespace, name.name] != nil
      if present[name] == nil, exists { continue }
      ingressRoutes[name] = present[name]
      let entry = present[name].map { (namespace: $0.entry.namespace, name: $0.entry.name) }
      traffic.ingressChanged(
        namespace: name.namespace, name: name.name, to: present[name]?.backends ?? [],
        through: entry, at: now)
    }
  }
}
