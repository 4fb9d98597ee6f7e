import ClusterModel
import SimulationCore
import Testing

@testable import ControlPlane

/// The scheduler against its slow, obvious form, on random clusters.
@Suite struct SchedulerTests {
  /// A random cluster with pods to come.
  private struct Lot {
    var random: RandomStream
    var store = ObjectStore()
    var cache = SchedulerCache()
    var services = SelectorIndex()
    var reference = SchedulerReference(nodes: [], pods: [], services: [], replicaSets: [])
    var ids: [String: ObjectID] = [:]

    init(seed: UInt64) {
      random = RandomStream(seed: seed, component: "scheduler test")
      for index in 0..<(3 + random.index(below: 8)) { addNode(index) }
      for app in 0..<3 {
        var set = ReplicaSet(
          metadata: ObjectMeta(name: "rs\(app)", namespace: "default"),
          selector: LabelSelector(matchLabels: ["app": "a\(app)"]),
          template: PodTemplate(labels: ["app": "a\(app)"], spec: Shared(PodSpec())))
        set.metadata.uid = UID(high: 7, low: UInt64(app + 1))
        store.insert(set, at: .zero)
        reference.replicaSets.append(set)
      }
      var service = Service(metadata: ObjectMeta(name: "s", namespace: "default"))
      service.selector = ["app": "a1"]
      let id = store.insert(service, at: .zero)
      services.set(id, namespace: "default", selector: service.selector)
      reference.services = [service]
    }

    private mutating func addNode(_ index: Int) {
      var node = Node(metadata: ObjectMeta(name: "n\(index)"))
      node.metadata.labels["kubernetes.io/hostname"] = "n\(index)"
      if random.chance(4, in: 5) {
        node.metadata.labels["topology.kubernetes.io/zone"] = "z\(random.index(below: 3))"
      }
      if random.chance(1, in: 3) { node.metadata.labels["disk"] = "ssd" }
      if random.chance(1, in: 6) { node.taints.append(Taint(key: "t", effect: .noSchedule)) }
      if random.chance(1, in: 5) { node.taints.append(Taint(key: "p", effect: .preferNoSchedule)) }
      node.isUnschedulable = random.chance(1, in: 12)
      let amounts = [
        ("cpu", "\(1 + random.index(below: 4))"), ("memory", "\(1 + random.index(below: 4))Gi"),
        ("pods", "\(4 + random.index(below: 12))"),
      ]
      node.allocatable = ResourceList(
        amounts.compactMap { name, text in
          Quantity(text).map { ResourceList.Entry(name: name, quantity: $0) }
        })
      let id = store.insert(node, at: .zero)
      _ = cache.update(id, node)
      reference.nodes.append(node)
    }

    mutating func pod(_ index: Int) -> Pod {
      let app = random.index(below: 3)
      var container = Container(name: "c", image: "i")
      if random.chance(3, in: 4) {
        container.requests["cpu"] = Quantity(milli: Int64(random.index(below: 6)) * 100)
      }
      if random.chance(3, in: 4) {
        container.requests["memory"] = Quantity("\(random.index(below: 5) * 64)Mi")
      }
      if random.chance(1, in: 10) {
        container.ports = [ContainerPort(containerPort: 80, hostPort: 80)]
      }
      var spec = PodSpec(containers: [container])
      if random.chance(1, in: 6) { spec.nodeSelector = ["disk": "ssd"] }
      if random.chance(1, in: 4) { spec.tolerations = [Toleration(key: "t")] }
      if random.chance(1, in: 4) { spec.tolerations.append(Toleration(key: "p")) }
      if random.chance(1, in: 4) { spec.topologySpreadConstraints = .array([constraint(app)]) }
      if random.chance(1, in: 4) { spec.affinity = affinity() }
      var pod = Pod(
        metadata: ObjectMeta(name: "p\(index)", namespace: "default", labels: ["app": "a\(app)"]),
        spec: Shared(spec))
      if random.chance(2, in: 3) {
        pod.metadata.ownerReferences = [
          OwnerReference(
            apiVersion: "apps/v1", kind: "ReplicaSet", name: "rs\(app)",
            uid: UID(high: 7, low: UInt64(app + 1)))
        ]
      }
      return pod
    }

    private var key: Value {
      mutating get {
        random.chance(1, in: 2) ? "kubernetes.io/hostname" : "topology.kubernetes.io/zone"
      }
    }

    private mutating func constraint(_ app: Int) -> Value {
      [
        "maxSkew": .integer(Int64(1 + random.index(below: 2))), "topologyKey": key,
        "whenUnsatisfiable": random.chance(1, in: 2) ? "DoNotSchedule" : "ScheduleAnyway",
        "labelSelector": ["matchLabels": ["app": .string("a\(app)")]],
      ]
    }

    private mutating func affinity() -> Value {
      let term: Value = [
        "topologyKey": key,
        "labelSelector": ["matchLabels": ["app": .string("a\(random.index(below: 3))")]],
      ]
      let kind = random.chance(1, in: 2) ? "podAffinity" : "podAntiAffinity"
      let isHard = random.chance(1, in: 2)
      let strength =
        isHard
        ? "requiredDuringSchedulingIgnoredDuringExecution"
        : "preferredDuringSchedulingIgnoredDuringExecution"
      let entry: Value =
        isHard
        ? term : ["weight": .integer(Int64(1 + random.index(below: 100))), "podAffinityTerm": term]
      return .object(Fields([(kind, .object(Fields([(strength, .array([entry]))])))]))
    }

    mutating func place(_ pod: Pod, on row: Int32) {
      let id = store.insert(pod, at: .zero)
      cache.add(id, pod, on: row)
      ids[pod.metadata.name] = id
      var placed = pod
      placed.nodeName = cache.rows[Int(row)].name
      reference.pods.append(placed)
    }

    mutating func takeAway() {
      guard !reference.pods.isEmpty else { return }
      let index = random.index(below: reference.pods.count)
      guard let id = ids[reference.pods[index].metadata.name] else { return }
      if random.chance(1, in: 2) {
        cache.markTerminating(id)
        reference.pods[index].metadata.deletionTimestamp = Timestamp(seconds: 1)
      } else {
        cache.remove(id)
        reference.pods.remove(at: index)
      }
    }
  }

  @Test(arguments: 0..<24)
  func decidesAsTheSlowForm(seed: Int) {
    var lot = Lot(seed: UInt64(seed))
    for index in 0..<40 {
      if lot.random.chance(1, in: 5) { lot.takeAway() }
      let pod = lot.pod(index)
      let placement = lot.cache.placement(of: pod, lot.services, lot.store)
      let totals = lot.reference.totals(pod)
      for node in lot.reference.nodes {
        let verdict = placement.nodes.first { $0.node == node.metadata.name }
        #expect(
          verdict?.filter == lot.reference.refusal(pod, node) ?? "",
          "seed \(seed), pod \(index), \(node.metadata.name)")
        if verdict?.fits == true {
          #expect(
            verdict?.total == totals[node.metadata.name],
            "seed \(seed), pod \(index), \(node.metadata.name): \(verdict?.scores ?? [])")
        }
      }
      let decision = lot.cache.decide(pod, lot.services, lot.store, &lot.random)
      guard let row = decision.row else {
        #expect(totals.isEmpty, "seed \(seed), pod \(index)")
        continue
      }
      let chosen = lot.cache.rows[Int(row)].name
      #expect(totals[chosen] == totals.values.max(), "seed \(seed), pod \(index): \(chosen)")
      lot.place(pod, on: row)
    }
  }

  @Test(arguments: [
    (1, 1), (99, 99), (100, 100), (250, 120), (1000, 420), (5000, 500), (6000, 300),
  ])
  func looksAtEnoughNodes(count: Int, wanted: Int) {
    #expect(SchedulerCache.sampleSize(of: count) == wanted)
  }

  @Test func goesOnWhereItStopped() {
    var lot = Lot(seed: 1)
    lot.cache = SchedulerCache()
    for index in 0..<300 {
      var node = Node(metadata: ObjectMeta(name: "m\(index)"))
      node.metadata.labels["kubernetes.io/hostname"] = node.metadata.name
      node.allocatable["cpu"] = Quantity("4")
      node.allocatable["memory"] = Quantity("4Gi")
      let id = lot.store.insert(node, at: .zero)
      _ = lot.cache.update(id, node)
    }
    let pod = Pod(
      metadata: ObjectMeta(name: "p", namespace: "default"),
      spec: Shared(PodSpec(containers: [Container(name: "c", image: "i")])))
    for round in 1...4 {
      let decision = lot.cache.decide(pod, lot.services, lot.store, &lot.random)
      #expect(decision.examined == 144)
      #expect(lot.cache.nextStart == round * 144 % 300)
    }
  }
}
