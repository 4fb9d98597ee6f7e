import ClusterModel
import SimulationCore
import Testing

@testable import ControlPlane

@Suite struct `Slice packing` {
  private typealias Packing = (
    existing: [Int], touched: Bool, added: Int, lengths: [Int], created: Int, updated: Int
  )

  private func draft(_ index: Int32, _ count: Int, touched: Bool) -> SliceReconciler.Draft {
    var slice = EndpointSlice(metadata: ObjectMeta(name: "s\(index)", namespace: "default"))
    slice.ports = key.ports
    slice.endpoints = (0..<count).map { Endpoint(address: IPAddress(v4: UInt32($0))) }
    var draft = SliceReconciler.Draft(
      id: ObjectID(slot: index, reuse: 0), slice: slice, count: count)
    draft.isTouched = touched
    return draft
  }

  private let key = SliceReconciler.GroupKey(
    family: .ipv4, ports: [EndpointSlice.Port(name: "", port: 80)])

  @Test(
    arguments: [
      ([], false, 250, 100, [100, 100, 50], 3, 0),
      ([62, 61], false, 127, 100, [89, 61, 100], 1, 1),
      ([74, 74], false, 152, 100, [74, 74, 100, 52], 2, 0),
      ([80, 20], true, 15, 100, [95, 20], 0, 2),
      ([], false, 250, 50, [50, 50, 50, 50, 50], 5, 0),
      ([], false, 250, 80, [80, 80, 80, 10], 4, 0),
      ([], false, 250, 150, [150, 100], 2, 0),
      ([], false, 250, 250, [250], 1, 0),
      ([], false, 250, 500, [250], 1, 0),
    ] as [([Int], Bool, Int, Int, [Int], Int, Int)])
  func `fills slices as upstream does`(
    existing: [Int], touched: Bool, added: Int, capacity: Int, lengths: [Int], created: Int,
    updated: Int
  ) {
    let drafts = existing.enumerated().map { draft(Int32($0), $1, touched: touched) }
    var packer = SlicePacker(drafts: drafts, capacity: capacity)
    packer.pack((0..<added).map { Endpoint(address: IPAddress(v4: UInt32(1000 + $0))) }, key)
    packer.finish(families: [.ipv4])
    let changed = Set(packer.updated.map(\.id))
    let kept = drafts.filter { !changed.contains($0.id) }.map(\.count)
    let all = kept + packer.updated.map(\.count) + packer.created.map(\.endpoints.count)
    #expect(all.sorted() == lengths.sorted())
    #expect(packer.created.count == created)
    #expect(packer.updated.count == updated)
    #expect(packer.deleted.isEmpty)
  }

  @Test func `a Service without endpoints keeps one empty slice`() {
    var packer = SlicePacker(drafts: [], capacity: 100)
    packer.finish(families: [.ipv4])
    #expect(packer.created.map(\.endpoints.count) == [0])
    #expect(packer.created.map(\.key.ports.count) == [0])
  }
}

@Suite struct `EndpointSlices` {
  @Test func `list the pods that a Service selects as they become ready`() throws {
    var rig = ClusterRig()
    try rig.create(.service(ClusterRig.service("web")))
    rig.run(for: .seconds(1))
    #expect(rig.slices("web").map(\.endpoints.count) == [0])
    try rig.create(.deployment(ClusterRig.deployment("web", replicas: 3)))
    rig.run(for: .seconds(20))
    let slices = rig.slices("web")
    #expect(slices.count == 1)
    #expect(slices[0].endpoints.count == 3)
    #expect(slices[0].endpoints.allSatisfy { $0.isReady == true && $0.isServing == true })
    #expect(slices[0].ports == [EndpointSlice.Port(name: "", port: 8080)])
    #expect(slices[0].metadata.labels["kubernetes.io/service-name"] == "web")
    #expect(
      slices[0].metadata.labels["endpointslice.kubernetes.io/managed-by"]
        == "endpointslice-controller.k8s.io")
  }

  @Test func `keep their lengths as a Service grows and shrinks`() throws {
    var rig = ClusterRig(nodes: 5, qps: 1000, burst: 1000)
    try rig.create(.service(ClusterRig.service("web")))
    try rig.create(.deployment(ClusterRig.deployment("web", replicas: 95)))
    rig.run(for: .seconds(120))
    func lengths() -> [Int] { rig.slices("web").map(\.endpoints.count).sorted() }
    #expect(lengths() == [95])
    try rig.scale("web", to: 105)
    rig.run(for: .seconds(120))
    #expect(lengths().reduce(0, +) == 105)
    #expect(lengths().allSatisfy { $0 <= 100 })
    try rig.scale("web", to: 0)
    rig.run(for: .seconds(200))
    #expect(lengths() == [0])
  }

  @Test func `mark a pod that is going as terminating while it still serves`() throws {
    var rig = ClusterRig()
    try rig.create(.service(ClusterRig.service("web")))
    var deployment = ClusterRig.deployment("web", replicas: 2)
    var spec = deployment.template.spec.value
    spec.containers[0].lifecycle = ["preStop": ["sleep": ["seconds": 5]]]
    deployment.template.spec = Shared(spec)
    try rig.create(.deployment(deployment))
    rig.run(for: .seconds(20))
    try rig.scale("web", to: 1)
    rig.run(for: .seconds(3))
    let going = rig.slices("web").flatMap(\.endpoints).filter { $0.isTerminating == true }
    #expect(going.count == 1)
    #expect(going.allSatisfy { $0.isServing == true && $0.isReady == false })
    rig.run(for: .seconds(10))
    #expect(rig.slices("web").flatMap(\.endpoints).count == 1)
  }

  @Test func `hold every ready pod exactly once, whatever happens`() throws {
    for seed in UInt64(1)...60 {
      var rig = ClusterRig(seed: seed)
      var random = RandomStream(seed: seed, component: "commands")
      try rig.create(.service(ClusterRig.service("web")))
      try rig.create(.deployment(ClusterRig.deployment("web", replicas: 3)))
      for _ in 0..<12 {
        rig.run(for: .milliseconds(Int64(random.below(6000))))
        switch random.below(3) {
        case 0: try rig.scale("web", to: Int(random.below(20)))
        case 1:
          let image = "web:\(random.below(3))"
          try rig.change("web") { deployment in
            var spec = deployment.template.spec.value
            spec.containers[0].image = image
            deployment.template.spec = Shared(spec)
          }
        default: try deleteSomePod(&rig, &random)
        }
        expectDistinctAddresses(rig, seed)
      }
      rig.run(for: .minutes(5))
      let ready = rig.store.pods.list(namespace: "default").filter { $0.isActive && $0.isReady }
      let listed = rig.slices("web").flatMap(\.endpoints)
      #expect(
        listed.map(\.address).sorted() == ready.compactMap(\.status.podIP).sorted(),
        "seed \(seed)")
      #expect(ready.count == rig.store.deployments["default", "web"]?.replicas, "seed \(seed)")
    }
  }

  private func deleteSomePod(_ rig: inout ClusterRig, _ random: inout RandomStream) throws {
    let pods = rig.store.pods.list(namespace: "default")
    guard !pods.isEmpty else { return }
    let name = pods[random.index(below: pods.count)].metadata.name
    try rig.plane.request { (api, time) throws(APIError) in
      try api.delete(.pods, namespace: "default", name: name, at: time)
    }
  }

  private func expectDistinctAddresses(_ rig: ClusterRig, _ seed: UInt64) {
    let pods = rig.store.pods.list().filter { !$0.spec.value.hostNetwork }
    let addresses = pods.compactMap(\.status.podIP)
    #expect(Set(addresses).count == addresses.count, "seed \(seed)")
  }
}

@Suite struct `Slices of a Service whose port changes` {
  @Test func `are used again for the new ports`() {
    let old = [EndpointSlice.Port(name: "", port: 80)]
    let drafts = [100, 100, 50].enumerated().map { index, _ in
      var slice = EndpointSlice(metadata: ObjectMeta(name: "s\(index)", namespace: "default"))
      slice.ports = old
      var draft = SliceReconciler.Draft(
        id: ObjectID(slot: Int32(index), reuse: 0), slice: slice, count: 0)
      draft.isTouched = true
      return draft
    }
    var packer = SlicePacker(drafts: drafts, capacity: 100)
    let key = SliceReconciler.GroupKey(
      family: .ipv4, ports: [EndpointSlice.Port(name: "", port: 81)])
    packer.pack((0..<250).map { Endpoint(address: IPAddress(v4: UInt32($0))) }, key)
    packer.finish(families: [.ipv4])
    #expect(packer.updated.map(\.update.added.count).sorted() == [50, 100, 100])
    #expect(packer.created.isEmpty && packer.deleted.isEmpty)
  }
}
