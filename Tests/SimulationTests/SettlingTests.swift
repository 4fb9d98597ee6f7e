import ClusterModel
import ControlPlane
import SimulationCore
import Testing

@testable import Simulation

/// Worlds whose workloads were there long before time zero.
@Suite struct `A world that settles` {
  private static func settled(
    seed: UInt64 = 1, workers: Int = 3, _ objects: [StoredObject]
  ) throws -> World {
    var configuration = WorldConfiguration()
    configuration.seed = seed
    configuration.workers = workers
    configuration.isSettled = true
    var world = World(configuration: configuration)
    world.beginSettling()
    for object in objects { try world.perform(.create(object)) }
    world.endSettling()
    return world
  }

  private static let shop: [StoredObject] = [
    .deployment(Sample.deployment("web", replicas: 120)), .service(Sample.service("web")),
    .deployment(Sample.deployment("cart", replicas: 7)), .service(Sample.service("cart")),
  ]

  /// What of a world does not depend on when something happened.
  private struct Outcome: Equatable {
    var statuses: [DeploymentStatus] = []
    var podsOfNode: [String: Int] = [:]
    var slices: [String: [Int]] = [:]
    var addresses: Set<IPAddress> = []

    init(_ world: World) {
      for var deployment in world.store.deployments.list(namespace: "default") {
        for index in deployment.status.conditions.indices {
          deployment.status.conditions[index].lastTransitionTime = nil
          deployment.status.conditions[index].lastSeenTime = nil
          // It ends with the name of the ReplicaSet, which both have alike.
        }
        statuses.append(deployment.status)
      }
      for pod in world.store.pods.list(namespace: "default") {
        podsOfNode[pod.nodeName, default: 0] += 1
        addresses.formUnion(pod.status.podIPs)
      }
      for slice in world.store.endpointSlices.list(namespace: "default") {
        slices[slice.serviceName ?? "", default: []].append(
          slice.endpoints.count(where: \.isReadyOrUnset))
      }
    }
  }

  @Test func `comes to what rolling out comes to`() throws {
    let settled = try Self.settled(Self.shop)
    var rolled = World()
    for object in Self.shop { try rolled.perform(.create(object)) }
    rolled.advance(by: .minutes(5))
    let (one, other) = (Outcome(settled), Outcome(rolled))
    #expect(one.statuses == other.statuses)
    #expect(one.podsOfNode == other.podsOfNode)
    #expect(one.addresses == other.addresses)
    #expect(one.slices.mapValues { $0.reduce(0, +) } == ["web": 120, "cart": 7, "kubernetes": 1])
    #expect(one.slices["web"]?.sorted() == [20, 100])
  }

  @Test func `is old, quiet and known to everybody`() throws {
    var world = try Self.settled(Self.shop)
    #expect(world.now == .zero)
    #expect(world.store.events.count == 0)
    for pod in world.store.pods.list(namespace: "default") {
      #expect(pod.metadata.creationTimestamp?.seconds == world.startTime.seconds - 6600)
      #expect(pod.isReady && pod.status.phase == .running)
    }
    let inSync = world.dataPlane.inSyncCount
    #expect(inSync.inSync == inSync.total)
    let before = world.store.pods.list()
    world.advance(by: .hours(1))
    #expect(world.store.pods.list() == before)
  }

  @Test func `goes on like any other`() throws {
    var world = try Self.settled(Self.shop)
    var web = try #require(world.store.deployments["default", "web"])
    web.replicas = 150
    try world.perform(.replace(.deployment(web)))
    world.advance(by: .minutes(1))
    #expect(world.store.deployments["default", "web"]?.status.readyReplicas == 150)
    let slices = world.store.slices(of: NamespacedName(namespace: "default", name: "web"))
      .compactMap { world.store.endpointSlices[$0]?.endpoints.count }
    #expect(slices.reduce(0, +) == 150)
  }

  @Test func `lets what takes time take it`() throws {
    var failing = Sample.deployment("failing", replicas: 1)
    failing.template.annotations = [
      "kubarium.dev/exit-after": "2s", "kubarium.dev/exit-code": "1",
    ]
    var large = Sample.deployment("large", replicas: 1)
    var spec = large.template.spec.value
    spec.nodeSelector = ["disk": "none-has-it"]
    large.template.spec = Shared(spec)
    let world = try Self.settled([.deployment(failing), .deployment(large)])
    let pods = world.store.pods.list(namespace: "default")
    let crashing = try #require(pods.first { $0.metadata.name.hasPrefix("failing") })
    #expect((crashing.status.containerStatuses.first?.restartCount ?? 0) > 5)
    let waiting = try #require(pods.first { $0.metadata.name.hasPrefix("large") })
    #expect(!waiting.isBound)
    #expect(waiting.status.conditions[type: "PodScheduled"]?.reason == "Unschedulable")
  }

  @Test func `is the same twice`() throws {
    let (one, again) = (try Self.settled(Self.shop), try Self.settled(Self.shop))
    #expect(one.digest == again.digest)
    #expect(one.digest != (try Self.settled(seed: 2, Self.shop)).digest)
  }
}
