import ClusterModel
import ControlPlane
import SimulationCore
import Testing

@testable import Simulation

/// Objects for tests, as a manifest would give them.
enum Sample {
  static func deployment(_ name: String, replicas: Int, port: Int = 8080) -> Deployment {
    var container = Container(name: "server", image: "example/\(name):1")
    container.ports = [ContainerPort(containerPort: port)]
    var deployment = Deployment(
      metadata: ObjectMeta(name: name, namespace: "default", labels: ["app": name]),
      selector: LabelSelector(matchLabels: ["app": name]),
      template: PodTemplate(
        labels: ["app": name], spec: Shared(PodSpec(containers: [container]))))
    deployment.replicas = replicas
    return deployment
  }

  static func service(_ name: String, port: Int = 80, targetPort: Int = 8080) -> Service {
    var service = Service(metadata: ObjectMeta(name: name, namespace: "default"))
    service.selector = ["app": name]
    service.ports = [ServicePort(port: port, targetPort: .integer(targetPort))]
    return service
  }
}

extension World {
  fileprivate mutating func create(_ deployment: Deployment) throws {
    try perform(.create(.deployment(deployment)))
  }

  fileprivate mutating func scale(_ name: String, to replicas: Int) throws {
    var deployment = try #require(store.deployments["default", name])
    deployment.replicas = replicas
    try perform(.replace(.deployment(deployment)))
  }

  fileprivate func endpoints(_ service: String) -> [Endpoint] {
    store.slices(of: NamespacedName(namespace: "default", name: service))
      .flatMap { store.endpointSlices[$0]?.endpoints ?? [] }
  }
}

@Suite struct `A world` {
  @Test func `starts settled, with what kubeadm puts up`() {
    let world = World()
    #expect(
      world.store.nodes.list().map(\.metadata.name) == [
        "control-plane", "node-1", "node-2", "node-3",
      ])
    #expect(world.store.nodes.list().allSatisfy { $0.isReady })
    #expect(world.store.services["default", "kubernetes"]?.clusterIP?.description == "10.96.0.1")
    #expect(world.store.services["kube-system", "kube-dns"]?.clusterIP?.description == "10.96.0.10")
    let system = world.store.pods.list(namespace: "kube-system").map(\.metadata.name)
    for part in ["etcd-", "kube-apiserver-", "kube-controller-manager-", "kube-scheduler-"] {
      #expect(system.count { $0.hasPrefix(part) } == 1)
    }
    #expect(system.count { $0.hasPrefix("coredns-") } == 2)
    #expect(system.count { $0.hasPrefix("kube-proxy-") } == 4)
    #expect(world.store.pods.list(namespace: "kube-flannel").count == 4)
    #expect(world.store.pods.list().allSatisfy { $0.isReady })
  }

  @Test func `at rest stays as it is`() {
    var world = World()
    world.advance(by: .seconds(30))
    let pods = world.store.pods.list()
    let revision = world.store.revision
    world.advance(by: .hours(2))
    #expect(world.store.pods.list() == pods)
    #expect(world.store.revision == revision)
  }

  @Test func `brings a Deployment's pods up and lists them as endpoints`() throws {
    var world = World()
    try world.create(Sample.deployment("web", replicas: 3))
    try world.perform(.create(.service(Sample.service("web"))))
    world.advance(by: .seconds(20))
    let deployment = try #require(world.store.deployments["default", "web"])
    #expect(deployment.status.availableReplicas == 3)
    #expect(world.endpoints("web").filter(\.isReadyOrUnset).count == 3)
    let nodes = Set(world.store.pods.list(namespace: "default").map(\.nodeName))
    #expect(nodes == ["node-1", "node-2", "node-3"])
  }

  @Test func `is a function of its seed and its commands`() throws {
    func run(seed: UInt64) throws -> String {
      var configuration = WorldConfiguration()
      configuration.seed = seed
      var world = World(configuration: configuration)
      try world.create(Sample.deployment("web", replicas: 3))
      try world.perform(.create(.service(Sample.service("web"))))
      world.advance(by: .seconds(20))
      try world.scale("web", to: 12)
      world.advance(by: .seconds(20))
      return world.digest
    }
    let (one, again, other) = (try run(seed: 7), try run(seed: 7), try run(seed: 8))
    #expect(one == again)
    #expect(one != other)
  }

  @Test func `does not care in what steps time passes`() throws {
    var fine = World()
    try fine.create(Sample.deployment("web", replicas: 5))
    try fine.perform(.create(.service(Sample.service("web"))))
    var coarse = fine
    coarse.advance(by: .seconds(10))
    for _ in 0..<1000 { fine.advance(by: .milliseconds(10)) }
    #expect(fine.digest == coarse.digest)
  }

  @Test func `is replayed from its journal`() throws {
    var world = World()
    try world.create(Sample.deployment("web", replicas: 2))
    world.advance(by: .seconds(7))
    try world.scale("web", to: 6)
    world.advance(by: .seconds(9))
    var replayed = World()
    for entry in world.journal {
      replayed.advance(to: entry.time)
      try replayed.perform(entry.command)
    }
    replayed.advance(to: world.now)
    #expect(replayed.digest == world.digest)
  }

  @Test func `that was copied goes its own way`() throws {
    var world = World()
    try world.create(Sample.deployment("web", replicas: 2))
    world.advance(by: .seconds(20))
    let before = world.digest
    var copy = world
    try copy.scale("web", to: 9)
    copy.advance(by: .seconds(20))
    #expect(world.digest == before)
    #expect(copy.digest != before)
  }

  @Test func `refuses what the API server refuses, and nothing has changed`() throws {
    var world = World()
    let before = world.digest
    var lost = Sample.service("web")
    lost.metadata.namespace = "nowhere"
    #expect(throws: APIError.self) { try world.perform(.create(.service(lost))) }
    var taken = Sample.service("dns")
    taken.clusterIPs = [IPAddress(v4: 0x0A60_000A)]
    #expect(throws: APIError.self) { try world.perform(.create(.service(taken))) }
    #expect(world.digest == before)
    #expect(world.journal.isEmpty)
  }

  @Test func `takes loaded objects as they stand`() throws {
    var first = World()
    try first.create(Sample.deployment("web", replicas: 3))
    try first.perform(.create(.service(Sample.service("web"))))
    first.advance(by: .seconds(30))
    let kinds: [APIResource] = [
      .namespaces, .nodes, .pods, .replicaSets, .deployments, .services, .endpointSlices,
    ]
    let objects = kinds.flatMap { first.store.list($0) }
    var second = World(configuration: WorldConfiguration(), loading: objects)
    for kind in kinds { #expect(second.store.list(kind) == first.store.list(kind)) }
    let names = second.store.pods.list().map(\.metadata.uid)
    second.advance(by: .minutes(5))
    #expect(second.store.pods.list().map(\.metadata.uid) == names)
    #expect(second.endpoints("web").map(\.address) == first.endpoints("web").map(\.address))
  }
}
