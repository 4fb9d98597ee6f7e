import ClusterModel
import ControlPlane
import Simulation
import SimulationCore

/// Worlds to measure.
enum Workshop {
  static func world(nodes: Int) -> World {
    var configuration = WorldConfiguration()
    configuration.workers = nodes
    return World(configuration: configuration)
  }

  /// A Deployment of three with a Service, everything at rest.
  static func readyForScaling() -> World {
    var world = world(nodes: 50)
    create(&world, .deployment(deployment("web", replicas: 3)))
    create(&world, .service(service("web")))
    world.advance(by: .minutes(1))
    return world
  }

  /// Until every endpoint is ready and every proxy knows it.
  static func scale(_ world: inout World, to replicas: Int) {
    resize(&world, "web", to: replicas)
    repeat {
      world.advance(by: .seconds(1))
    } while readyEndpoints(world) < replicas
      || world.dataPlane.inSyncCount.inSync < world.dataPlane.inSyncCount.total
  }

  static func resize(_ world: inout World, _ name: String, to replicas: Int) {
    guard var deployment = world.store.deployments["default", name] else { return }
    deployment.replicas = replicas
    _ = try? world.perform(.replace(.deployment(deployment)))
  }

  static func readyEndpoints(_ world: World) -> Int {
    world.store.slices(of: NamespacedName(namespace: "default", name: "web"))
      .compactMap { world.store.endpointSlices[$0] }
      .map { $0.endpoints.count(where: \.isReadyOrUnset) }.reduce(0, +)
  }

  /// A Deployment with a Service, many times, put up by the controllers; clients with high limits.
  static func large(nodes: Int, services: Int, each replicas: Int) -> World {
    var configuration = WorldConfiguration()
    configuration.workers = nodes
    configuration.clientQPS = 5000
    configuration.clientBurst = 10_000
    var world = World(configuration: configuration)
    for index in 0..<services {
      create(&world, .service(service("app-\(index)")))
      create(&world, .deployment(deployment("app-\(index)", replicas: replicas)))
    }
    world.advance(by: .minutes(10))
    let ready = world.store.deployments.list(namespace: "default").map(\.status.readyReplicas)
      .reduce(0, +)
    precondition(ready == services * replicas, "every pod is ready by now")
    return world
  }

  /// The same, at rest since hours: what `--settled` opens on.
  static func settled(nodes: Int, services: Int, each replicas: Int) -> World {
    var configuration = WorldConfiguration()
    configuration.workers = nodes
    configuration.isSettled = true
    var world = World(configuration: configuration)
    world.beginSettling()
    for index in 0..<services {
      create(&world, .service(service("app-\(index)")))
      create(&world, .deployment(deployment("app-\(index)", replicas: replicas)))
    }
    world.endSettling()
    let ready = world.store.deployments.list(namespace: "default")
      .map(\.status.readyReplicas).reduce(0, +)
    precondition(ready == services * replicas, "every pod is ready by now")
    return world
  }

  private static func create(_ world: inout World, _ object: StoredObject) {
    _ = try? world.perform(.create(object))
  }

  private static func deployment(_ name: String, replicas: Int) -> Deployment {
    var container = Container(name: "server", image: "example/\(name):1")
    container.ports = [ContainerPort(containerPort: 8080)]
    var deployment = Deployment(
      metadata: ObjectMeta(name: name, namespace: "default", labels: ["app": name]),
      selector: LabelSelector(matchLabels: ["app": name]),
      template: PodTemplate(
        labels: ["app": name], spec: Shared(PodSpec(containers: [container]))))
    deployment.replicas = replicas
    return deployment
  }

  private static func service(_ name: String) -> Service {
    var service = Service(metadata: ObjectMeta(name: name, namespace: "default"))
    service.selector = ["app": name]
    service.ports = [ServicePort(port: 80, targetPort: .integer(8080))]
    return service
  }
}
