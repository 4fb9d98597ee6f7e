import ClusterModel
import SimulationCore

/// The cloud's service controller: gives Services of type LoadBalancer an address, some seconds
/// after they ask (staging/src/k8s.io/cloud-provider/controllers/service/controller.go).
struct LoadBalancerController: Controller {
  let name = "service-controller"
  let retryDelay = Duration.seconds(5)
  let workers = 1

  static let finalizer = "service.kubernetes.io/load-balancer-cleanup"
  static let excludeLabel = "node.kubernetes.io/exclude-from-external-load-balancers"

  private struct Balancer: Sendable {
    enum Stage: Sendable {
      /// The cloud makes it or takes it down until then.
      case making(until: Instant)
      case standing
      case removing(until: Instant)
    }

    var stage: Stage
    var addresses: [IPAddress] = []
    /// The Service as it was when the cloud was last asked.
    var asked: Service
  }

  private var balancers: [ObjectID: Balancer] = [:]
  private var addresses = LoadBalancerAddresses()
  /// The nodes that balancers send to.
  private var targets: Set<ObjectID> = []
  private var random: RandomStream

  init(seed: UInt64) { random = RandomStream(seed: seed, component: "cloud") }

  mutating func observe(_ change: Change, in store: ObjectStore, _ keys: inout [WorkKey]) {
    switch change.kind {
    case .service:
      guard let service = store.services[change.id] else {
        forget(change.id)
        return
      }
      for ingress in service.loadBalancerIngress {
        if let address = ingress.ip { addresses.occupy(address) }
      }
      if Self.wants(service) || Self.needsCleanup(service) {
        keys.append(WorkKey(.service, change.id))
      }
    case .node: observeNode(change.id, store, &keys)
    default: break
    }
  }

  private mutating func forget(_ id: ObjectID) {
    for address in balancers.removeValue(forKey: id)?.addresses ?? [] { addresses.release(address) }
  }

  /// Ready nodes that are not excluded are aimed at (service/helpers).
  private static func isTarget(_ node: Node) -> Bool {
    node.isReady && node.metadata.labels[excludeLabel] == nil
  }

  private mutating func observeNode(
    _ id: ObjectID, _ store: ObjectStore, _ keys: inout [WorkKey]
  ) {
    let isTarget = store.nodes[id].map(Self.isTarget) ?? false
    guard isTarget != targets.contains(id) else { return }
    if isTarget { targets.insert(id) } else { targets.remove(id) }
    if balancers.isEmpty { return }
    for id in store.services.ids where balancers[id] != nil { keys.append(WorkKey(.node, id)) }
  }

  static func wants(_ service: Service) -> Bool {
    service.type == .loadBalancer && service.loadBalancerClass == nil
  }

  static func needsCleanup(_ service: Service) -> Bool {
    service.metadata.finalizers.contains(finalizer)
      && (service.metadata.isTerminating || !wants(service))
  }

  // MARK: Work

  mutating func reconcile(_ key: WorkKey, _ context: inout ReconcileContext) -> Reconciliation {
    guard let service = context.store.services[key.id] else { return .nothing }
    if key.kind == .node { return updateHosts(key.id, service) }
    if Self.needsCleanup(service) { return remove(key.id, service, context.now) }
    guard Self.wants(service), !service.metadata.isTerminating else { return .nothing }
    return ensure(key.id, service, context.now)
  }

  private func say(
    _ service: Service, _ reason: String, _ message: String,
    type: Event.EventType = .normal
  ) -> Write {
    Write(
      .say,
      event: EventRecord(
        ObjectReference("Service", service.metadata), reason, message, from: name, type: type))
  }

  private func updateHosts(_ id: ObjectID, _ service: Service) -> Reconciliation {
    var result = Reconciliation()
    guard let balancer = balancers[id], case .standing = balancer.stage else { return result }
    if targets.isEmpty {
      result.writes.append(
        say(
          service, "UnAvailableLoadBalancer", "There are no available nodes for LoadBalancer",
          type: .warning))
    }
    result.writes.append(
      say(service, "UpdatedLoadBalancer", "Updated load balancer with new hosts"))
    return result
  }

  private mutating func ensure(_ id: ObjectID, _ service: Service, _ now: Instant)
    -> Reconciliation
  {
    guard let balancer = balancers[id] else { return begin(id, service, now, events: []) }
    switch balancer.stage {
    case .making(let end):
      if end <= now { return finish(id, service) }
      var result = Reconciliation()
      result.requeueAfter = Duration(nanoseconds: end.nanoseconds - now.nanoseconds)
      return result
    case .standing:
      let changes = LoadBalancerChanges.events(from: balancer.asked, to: service)
      guard let changes else { return .nothing }
      return begin(
        id, service, now, events: changes.map { say(service, $0.reason, $0.message) })
    case .removing: return begin(id, service, now, events: [])
    }
  }

  /// Asks the cloud.
  private mutating func begin(
    _ id: ObjectID, _ service: Service, _ now: Instant, events: [Write]
  ) -> Reconciliation {
    let took = random.duration(from: .milliseconds(2500), through: .milliseconds(6000))
    var balancer = balancers[id] ?? Balancer(stage: .standing, asked: service)
    if balancer.addresses.isEmpty {
      balancer.addresses = service.loadBalancerIngress.compactMap(\.ip)
    }
    balancer.stage = .making(until: now + took)
    balancer.asked = service
    balancers[id] = balancer
    var result = Reconciliation()
    result.writes = events + [say(service, "EnsuringLoadBalancer", "Ensuring load balancer")]
    if !service.metadata.finalizers.contains(Self.finalizer) {
      var update = ServiceUpdate()
      update.addedFinalizer = Self.finalizer
      result.writes.append(Write(.service(id, update)))
    }
    if targets.isEmpty {
      result.writes.append(
        say(
          service, "UnAvailableLoadBalancer", "There are no available nodes for LoadBalancer",
          type: .warning))
    }
    result.requeueAfter = took
    return result
  }

  /// The cloud has made it.
  private mutating func finish(_ id: ObjectID, _ service: Service) -> Reconciliation {
    var result = Reconciliation()
    if let problem = assign(id, service) {
      balancers[id] = nil
      result.writes = [
        say(
          service, "SyncLoadBalancerFailed",
          "Error syncing load balancer: failed to ensure load balancer: \(problem)", type: .warning)
      ]
      result.isFailure = true
      return result
    }
    balancers[id]?.stage = .standing
    let ingress = (balancers[id]?.addresses ?? []).map {
      Service.Ingress(ip: $0, ipMode: "VIP")
    }
    result.writes = [say(service, "EnsuredLoadBalancer", "Ensured load balancer")]
    if service.loadBalancerIngress != ingress {
      var update = ServiceUpdate()
      update.ingress = ingress
      result.writes.append(Write(.service(id, update)))
    }
    return result
  }

  /// Gives the balancer an address of each family that lacks one.
  ///
  /// - Returns: what the cloud says when it has none.
  private mutating func assign(_ id: ObjectID, _ service: Service) -> String? {
    var held = balancers[id]?.addresses ?? []
    let families = service.ipFamilies.isEmpty ? [.ipv4] : service.ipFamilies
    for address in held where !families.contains(address.family) { addresses.release(address) }
    held.removeAll { !families.contains($0.family) }
    for family in families where !held.contains(where: { $0.family == family }) {
      if let wish = IPAddress(service.loadBalancerIP), wish.family == family {
        guard addresses.take(wish) else {
          return "requested address \(wish) is not available; the cloud gives addresses of "
            + LoadBalancerAddresses.ranges.map(\.description).joined(separator: " and ")
        }
        held.append(wish)
      } else if let address = addresses.allocate(family) {
        held.append(address)
      } else {
        return "no more \(family.name) addresses"
      }
    }
    balancers[id]?.addresses = families.compactMap { family in
      held.first { $0.family == family }
    }
    return nil
  }

  private mutating func remove(_ id: ObjectID, _ service: Service, _ now: Instant)
    -> Reconciliation
  {
    var result = Reconciliation()
    var balancer = balancers[id] ?? Balancer(stage: .standing, asked: service)
    if case .removing(let end) = balancer.stage {
      guard end <= now else {
        result.requeueAfter = Duration(nanoseconds: end.nanoseconds - now.nanoseconds)
        return result
      }
      forget(id)
      var update = ServiceUpdate()
      update.removedFinalizer = Self.finalizer
      update.ingress = []
      result.writes = [
        Write(
          .service(id, update),
          event: EventRecord(
            ObjectReference("Service", service.metadata), "DeletedLoadBalancer",
            "Deleted load balancer", from: name))
      ]
      return result
    }
    let took = random.duration(from: .milliseconds(1000), through: .milliseconds(3000))
    balancer.stage = .removing(until: now + took)
    balancers[id] = balancer
    result.writes = [say(service, "DeletingLoadBalancer", "Deleting load balancer")]
    result.requeueAfter = took
    return result
  }
}

/// What a controller changes of a Service beside its spec.
struct ServiceUpdate: Hashable, Sendable {
  var addedFinalizer: String?
  var removedFinalizer: String?
  /// `status.loadBalancer.ingress`; nil leaves it.
  var ingress: [Service.Ingress]?

  func apply(to service: inout Service) {
    if let addedFinalizer { service.metadata.finalizers.append(addedFinalizer) }
    if let removedFinalizer { service.metadata.finalizers.removeAll { $0 == removedFinalizer } }
    if let ingress { service.loadBalancerIngress = ingress }
  }
}
