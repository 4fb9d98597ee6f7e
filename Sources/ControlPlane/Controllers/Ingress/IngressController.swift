import ClusterModel
import SimulationCore

/// The part of an ingress controller that watches the API: it says that it has seen an Ingress, and
/// writes into the status how clients reach it (ingress-nginx internal/ingress/status).
struct IngressController: Controller {
  let name = "ingress-controller"
  let watches = ResourceKinds.of(.pod, .service, .kept)
  let podAspects: Change.Aspects = .endpoint
  var workers: Int { 1 }
  /// Which Ingresses have been announced, in which version.
  private var announced: [UID: Int64] = [:]
  private var pods = IngressPods()

  init() {}

  mutating func observe(_ change: Change, in store: ObjectStore, _ keys: inout [WorkKey]) {
    switch change.kind {
    case .kept where change.resource == Ingress.resource.qualifiedPlural:
      if change.operation == .deleted {
        change.tombstone.map { announced[$0.uid] = nil }
      } else {
        keys.append(WorkKey(.kept, change.id))
      }
    case .kept where change.resource == Ingress.classResource.qualifiedPlural:
      addAll(store, &keys)
    case .service where store.concernsIngress(change, pods): addAll(store, &keys)
    case .pod where pods.observe(change, in: store) && change.aspects.contains(.endpoint):
      addAll(store, &keys)
    default: break
    }
  }

  private func addAll(_ store: ObjectStore, _ keys: inout [WorkKey]) {
    let ids = store.kept[Ingress.resource.qualifiedPlural]?.sortedIDs() ?? []
    keys += ids.map { WorkKey(.kept, $0) }
  }

  mutating func reconcile(_ key: WorkKey, _ context: inout ReconcileContext) -> Reconciliation {
    let store = context.store
    guard let object = store.kept[Ingress.resource.qualifiedPlural]?[key.id],
      !object.metadata.isTerminating
    else { return .nothing }
    var result = Reconciliation()
    var served: (IngressImplementation, [Pod])?
    for implementation in IngressImplementation.all where store.isServed(object, by: implementation)
    {
      let ready = store.controllerPods(of: implementation, among: pods).filter(\.isReady)
      if !ready.isEmpty {
        served = (implementation, ready)
        break
      }
    }
    guard let (implementation, ready) = served else { return .nothing }
    if announced[object.metadata.uid] != object.metadata.generation {
      announced[object.metadata.uid] = object.metadata.generation
      let event = EventRecord(
        ObjectReference("Ingress", object.metadata), "Sync", "Scheduled for sync",
        from: implementation.component)
      result.writes.append(Write(.say, event: event))
    }
    let status = Self.status(store.publishedService(of: ready))
    if object.body["status"]?.fields ?? Fields() != status {
      result.writes.append(Write(.keptStatus(Ingress.resource, key.id, status)))
    }
    return result
  }

  /// The addresses of the Service that leads to the controller's pods.
  private static func status(_ service: Service?) -> Fields {
    var entries: [Value] = []
    if let service {
      switch service.type {
      case .loadBalancer:
        for ingress in service.loadBalancerIngress {
          var entry = Fields()
          if let address = ingress.ip { entry["ip"] = .string("\(address)") }
          if !ingress.hostname.isEmpty { entry["hostname"] = .string(ingress.hostname) }
          entries.append(.object(entry))
        }
      case .nodePort, .clusterIP, .externalName:
        if let address = service.clusterIP { entries.append(["ip": .string("\(address)")]) }
      }
      for address in service.externalIPs { entries.append(["ip": .string(address)]) }
    }
    if entries.isEmpty { return ["loadBalancer": [:]] }
    return ["loadBalancer": ["ingress": .array(entries)]]
  }
}
