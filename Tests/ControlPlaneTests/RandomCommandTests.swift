import ClusterModel
import SimulationCore
import Testing

@testable import ControlPlane

/// Random commands and faults: what must always hold is looked at after each event, and what must
/// become so once nobody meddles any more, after a quiet time.
@Suite struct `A control plane under random commands` {
  @Test(arguments: 1...24)
  func `keeps its invariants and converges`(seed: UInt64) throws {
    var random = RandomStream(seed: seed, component: "commands")
    // The options are drawn as well: every seed meddles in its own way.
    var rig = ClusterRig(nodes: 2 + random.index(below: 4), seed: seed)
    let mayFail = random.chance(1, in: 2)
    let commandCount = 8 + random.index(below: 8)
    var checker = Checker()
    for _ in 0..<commandCount {
      try RandomCommand.perform(&rig, &random, mayFail: mayFail)
      let pause = random.duration(from: .milliseconds(1), through: .seconds(40))
      let end = rig.plane.now + pause
      while let next = rig.plane.nextEventTime, next <= end {
        rig.plane.step()
        if let problem = checker.problem(in: rig.store) {
          Issue.record("seed \(seed), \(rig.plane.now.nanoseconds) ns: \(problem)")
          return
        }
      }
      rig.plane.idle(until: end)
    }
    for node in rig.store.nodes.list() { try rig.plane.heal(node.metadata.name) }
    rig.run(for: .minutes(30))
    if let problem = checker.problem(in: rig.store) ?? Checker.unsettled(rig.store) {
      Issue.record("seed \(seed), at the end: \(problem)")
    }
  }
}

/// One of the things people do to a cluster.
private enum RandomCommand {
  private static let names = ["red", "green", "blue"]

  static func perform(
    _ rig: inout ClusterRig, _ random: inout RandomStream, mayFail: Bool
  ) throws {
    let name = names[random.index(below: names.count)]
    let exists = rig.store.deployments["default", name] != nil
    switch random.below(mayFail ? 10 : 8) {
    case 0, 1:
      if !exists {
        let replicas = random.index(below: 9)
        try rig.create(.deployment(ClusterRig.deployment(name, replicas: replicas)))
      }
    case 2, 3: if exists { try rig.scale(name, to: random.index(below: 14)) }
    case 4:
      let image = "\(name):\(random.below(3))"
      try rig.change(name) { deployment in
        var spec = deployment.template.spec.value
        spec.containers[0].image = image
        deployment.template.spec = Shared(spec)
      }
    case 5: if exists { try rig.delete(.deployments, name) }
    case 6:
      if rig.store.services["default", name] == nil {
        try rig.create(.service(ClusterRig.service(name)))
      } else if random.chance(1, in: 3) {
        try rig.delete(.services, name)
      }
    case 7:
      let pods = rig.store.pods.list(namespace: "default")
      if !pods.isEmpty {
        try rig.delete(.pods, pods[random.index(below: pods.count)].metadata.name)
      }
    default:
      let nodes = rig.store.nodes.list().map(\.metadata.name).filter { $0.hasPrefix("node-") }
      let node = nodes[random.index(below: nodes.count)]
      if random.chance(1, in: 2) {
        try rig.plane.heal(node)
      } else {
        try rig.plane.fail(node, random.chance(1, in: 2) ? .crashed : .kubeletStopped)
      }
    }
  }
}

extension ClusterRig {
  fileprivate mutating func delete(_ resource: APIResource, _ name: String) throws {
    try plane.request { (api, time) throws(APIError) in
      try api.delete(resource, namespace: "default", name: name, at: time)
    }
  }
}

/// Looks at the whole store, slowly and obviously.
private struct Checker {
  private var newest: UInt64 = 0

  /// What is wrong now; nil when nothing is.
  mutating func problem(in store: ObjectStore) -> String? {
    if store.revision < newest { return "the revision went back" }
    newest = store.revision
    return Self.addressProblem(store) ?? Self.indexProblem(store) ?? Self.sliceProblem(store)
  }

  private static func addressProblem(_ store: ObjectStore) -> String? {
    var given = Set<IPAddress>()
    for pod in store.pods.list() where !pod.spec.value.hostNetwork && !pod.isTerminal {
      for address in pod.status.podIPs {
        if !given.insert(address).inserted { return "\(address) is given twice" }
        let blocks = store.nodes["", pod.nodeName]?.podCIDRs ?? []
        if !blocks.contains(where: { $0.contains(address) }) {
          return "\(address) is not of \(pod.nodeName)"
        }
      }
    }
    var virtual = Set<IPAddress>()
    for service in store.services.list() {
      for address in service.clusterIPs where !virtual.insert(address).inserted {
        return "\(address) is given to two Services"
      }
    }
    return nil
  }

  private static func indexProblem(_ store: ObjectStore) -> String? {
    let pods = store.pods.ids.compactMap { id in store.pods[id].map { (id, $0) } }
    for replicaSet in store.replicaSets.list() {
      let own = pods.filter { $0.1.metadata.controllerUID == replicaSet.metadata.uid }
      let held = store.pods(ownedBy: replicaSet.metadata.uid)
      let name = replicaSet.metadata.name
      if Set(held.ids) != Set(own.map(\.0)) { return "\(name) owns other pods than it is said to" }
      if held.active != own.count(where: { $0.1.isActive }) { return "\(name) miscounts its pods" }
      if held.ready != own.count(where: { $0.1.isActive && $0.1.isReady }) {
        return "\(name) miscounts its ready pods"
      }
      if own.count(where: { $0.1.isActive }) > 14 { return "\(name) has too many pods" }
    }
    for node in store.nodes.list() {
      let own = pods.filter { $0.1.nodeName == node.metadata.name }.map(\.0)
      if Set(store.pods(onNode: node.metadata.name)) != Set(own) {
        return "\(node.metadata.name) has other pods than it is said to"
      }
    }
    for (id, pod) in pods {
      let name = pod.metadata.name
      if store.pods.id(namespace: pod.metadata.namespace, name: name) != id {
        return "\(name) is not found by its name"
      }
      if pod.metadata.resourceVersion > store.revision { return "\(name) is from the future" }
    }
    return nil
  }

  private static func sliceProblem(_ store: ObjectStore) -> String? {
    for service in store.services.list() {
      let name = service.metadata.name
      let slices = store.slices(of: NamespacedName(service.metadata)).compactMap {
        store.endpointSlices[$0]
      }
      var seen = Set<UID>()
      for endpoint in slices.flatMap(\.endpoints) {
        guard let uid = endpoint.targetRef?.uid else { continue }
        if !seen.insert(uid).inserted { return "\(name) lists a pod twice" }
      }
      if slices.contains(where: { $0.endpoints.count > 100 }) { return "\(name) overfills a slice" }
    }
    return nil
  }

  /// What has not come to rest as it should; nil when everything has.
  static func unsettled(_ store: ObjectStore) -> String? {
    for deployment in store.deployments.list() {
      let (name, status) = (deployment.metadata.name, deployment.status)
      let wanted = deployment.replicas
      if status.availableReplicas != wanted || status.replicas != wanted {
        return "\(name) has \(status.availableReplicas) of \(wanted) pods available"
      }
    }
    for pod in store.pods.list(namespace: "default") {
      let name = pod.metadata.name
      guard let owner = pod.metadata.controllerUID else { return "\(name) belongs to nobody" }
      if store.replicaSets.list().allSatisfy({ $0.metadata.uid != owner }) {
        return "\(name) has outlived its owner"
      }
      if !pod.isReady || pod.metadata.isTerminating { return "\(name) is not settled" }
    }
    for service in store.services.list(namespace: "default") {
      guard let selector = service.selector else { continue }
      let wanted = store.pods.list(namespace: "default").filter { pod in
        selector.pairs.allSatisfy { pod.metadata.labels[$0.key] == $0.value }
      }
      let slices = store.slices(of: NamespacedName(service.metadata)).compactMap {
        store.endpointSlices[$0]
      }
      let listed = slices.flatMap(\.endpoints).filter(\.isReadyOrUnset).map(\.address)
      if Set(listed) != Set(wanted.compactMap(\.status.podIP)) {
        return "\(service.metadata.name) lists other pods than it selects"
      }
    }
    return nil
  }
}
