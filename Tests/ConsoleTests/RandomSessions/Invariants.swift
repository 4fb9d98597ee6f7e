import ClusterModel
import Simulation

@testable import ControlPlane

/// What must hold at every instant, found out slowly and obviously from the whole store.
struct Invariants {
  private var newest: UInt64 = 0
  /// Every cluster address and node port that a Service has ever had.
  private var addresses: Set<IPAddress> = []
  private var nodePorts: Set<Int> = []

  /// What is wrong now; nil when nothing is.
  mutating func problem(in world: World) -> String? {
    let store = world.store
    if store.revision < newest { return "the revision went back" }
    newest = store.revision
    for service in store.services.list() {
      addresses.formUnion(service.clusterIPs)
      nodePorts.formUnion(service.ports.map(\.nodePort))
    }
    let pods = store.pods.ids.compactMap { id in store.pods[id].map { (id, $0) } }
    return Self.podAddressProblem(store, pods, world.controlPlane)
      ?? Self.serviceAddressProblem(store, world.controlPlane.api)
      ?? Self.ownershipProblem(store, pods) ?? Self.nodeProblem(store, pods)
      ?? Self.sliceProblem(store) ?? Self.schedulerProblem(store, pods, world.controlPlane)
  }

  private typealias HeldPod = (ObjectID, Pod)

  private static func podAddressProblem(
    _ store: ObjectStore, _ pods: [HeldPod], _ plane: ControlPlane
  ) -> String? {
    var given = Set<IPAddress>()
    let isOfBlocks = !plane.settings.cni.hasPrefix("calico")
    // What a status says of a sandbox that is gone is only the past.
    for (id, pod) in pods where plane.kubelets[id]?.hasSandbox == true && !pod.isTerminal {
      for address in plane.kubelets[id]?.addresses ?? [] {
        if !given.insert(address).inserted { return "\(address) is given twice" }
        guard isOfBlocks, let node = store.nodes["", pod.nodeName] else { continue }
        if !node.podCIDRs.contains(where: { $0.contains(address) }) {
          return "\(address) of \(pod.metadata.name) is not of \(pod.nodeName)"
        }
      }
    }
    return nil
  }

  private static func serviceAddressProblem(_ store: ObjectStore, _ api: APIServer) -> String? {
    var addresses = Set<IPAddress>()
    var ports: [Int: UID] = [:]
    for service in store.services.list() {
      let name = service.metadata.name
      for address in service.clusterIPs {
        if !addresses.insert(address).inserted { return "\(address) is given to two Services" }
        var allocators = api.serviceAddresses
        let isTaken = allocators.indices.contains { allocators[$0].take(address) == .taken }
        if !isTaken { return "\(address) of \(name) is free to be given again" }
      }
      for port in service.ports.map(\.nodePort) where port != 0 {
        let holder = ports.updateValue(service.metadata.uid, forKey: port)
        if let holder, holder != service.metadata.uid { return "two Services have port \(port)" }
        if !api.nodePorts.isUsed(port) { return "port \(port) of \(name) is free" }
      }
    }
    return nil
  }

  private static func ownershipProblem(_ store: ObjectStore, _ pods: [HeldPod]) -> String? {
    for replicaSet in store.replicaSets.list() {
      let own = pods.filter { $0.1.metadata.controllerUID == replicaSet.metadata.uid }
      let held = store.pods(ownedBy: replicaSet.metadata.uid)
      let name = replicaSet.metadata.name
      if Set(held.ids) != Set(own.map(\.0)) { return "\(name) owns other pods than it is said to" }
      if held.active != own.count(where: { $0.1.isActive }) { return "\(name) miscounts its pods" }
      if held.ready != own.count(where: { $0.1.isActive && $0.1.isReady }) {
        return "\(name) miscounts its ready pods"
      }
      if let owner = replicaSet.metadata.controllerReference?.uid,
        !store.replicaSets(ownedBy: owner).contains(where: {
          store.replicaSets[$0]?.metadata.uid == replicaSet.metadata.uid
        })
      {
        return "\(name) is not among what its owner owns"
      }
    }
    for (id, pod) in pods {
      let name = pod.metadata.name
      if store.pods.id(namespace: pod.metadata.namespace, name: name) != id {
        return "\(name) is not found by its name"
      }
      if pod.metadata.resourceVersion > store.revision { return "\(name) is from the future" }
      if pod.metadata.ownerReferences.count(where: { $0.controller == true }) > 1 {
        return "\(name) has two controllers"
      }
    }
    return nil
  }

  private static func nodeProblem(_ store: ObjectStore, _ pods: [HeldPod]) -> String? {
    var blocks = Set<CIDR>()
    for node in store.nodes.list() {
      let name = node.metadata.name
      let own = pods.filter { $0.1.nodeName == name }.map(\.0)
      if Set(store.pods(onNode: name)) != Set(own) {
        return "\(name) has other pods than it is said to"
      }
      for block in node.podCIDRs where !blocks.insert(block).inserted {
        return "\(block) is given to two nodes"
      }
    }
    return nil
  }

  private static func sliceProblem(_ store: ObjectStore) -> String? {
    for service in store.services.list() {
      let name = service.metadata.name
      let slices = store.slices(of: NamespacedName(service.metadata)).compactMap {
        store.endpointSlices[$0]
      }
      if slices.contains(where: { $0.endpoints.count > 100 }) { return "\(name) overfills a slice" }
      var seen = Set<String>()
      for slice in slices where slice.isManagedByController {
        for endpoint in slice.endpoints {
          let key = "\(slice.addressType) \(endpoint.targetRef?.uid ?? .none)"
          if !seen.insert(key).inserted { return "\(name) lists a pod twice" }
        }
      }
    }
    return nil
  }

  /// Once the scheduler has heard of everything, it counts on each node what is there.
  private static func schedulerProblem(
    _ store: ObjectStore, _ pods: [HeldPod], _ plane: ControlPlane
  ) -> String? {
    let scheduler = plane.scheduler
    let next = store.log.next(of: Scheduler.watches, from: plane.heard)
    guard next == store.log.end else { return nil }
    for node in store.nodes.list() {
      let name = node.metadata.name
      guard let row = scheduler.cache.row(named: name) else { return "\(name) is not scheduled to" }
      let own = pods.filter { $0.1.nodeName == name && !$0.1.isTerminal }
      let seen = scheduler.cache.rows[Int(row)]
      if seen.podCount != own.count {
        return "the scheduler counts \(seen.podCount) pods on \(name), not \(own.count)"
      }
      let demand = own.reduce(0) { $0 + PodDemand($1.1.spec.value).cpu }
      if seen.used.cpu != demand {
        return "the scheduler counts \(seen.used.cpu) mCPU on \(name), not \(demand)"
      }
    }
    return nil
  }

  /// What was held once, is held by nobody now and has not been given back; nil for nothing.
  func leak(in world: World) -> String? {
    let (store, plane) = (world.store, world.controlPlane)
    let services = store.services.list()
    let held = Set(services.flatMap(\.clusterIPs))
    for address in addresses.subtracting(held).sorted() {
      var allocators = plane.api.serviceAddresses
      if allocators.indices.contains(where: { allocators[$0].take(address) == .taken }) {
        return "\(address) was not given back"
      }
    }
    let heldPorts = Set(services.flatMap { $0.ports.map(\.nodePort) })
    for port in nodePorts.subtracting(heldPorts).sorted() where plane.api.nodePorts.isUsed(port) {
      return "port \(port) was not given back"
    }
    return Self.podAddressLeak(store, plane)
  }

  private static func podAddressLeak(_ store: ObjectStore, _ plane: ControlPlane) -> String? {
    guard plane.kubelets.pools.isEmpty else { return nil }
    for id in store.nodes.ids {
      guard let agent = plane.kubelets.nodes[id], let node = store.nodes[id] else { continue }
      let held = Set(
        store.pods(onNode: node.metadata.name).compactMap { store.pods[$0] }
          .filter { !$0.spec.value.hostNetwork }.flatMap(\.status.podIPs))
      for allocator in agent.addresses {
        for range in allocator.ranges {
          for offset in 2..<UInt64(60) {
            let address = range.network.advanced(by: offset)
            if allocator.isUsed(address), !held.contains(address) {
              return "\(address) of \(node.metadata.name) was not given back"
            }
          }
        }
      }
    }
    return nil
  }
}
