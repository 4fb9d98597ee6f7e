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

@Suite struct `A world` {
  @Test func `brings a Deployment's pods up and lists them as endpoints`() throws {
    var world = World()
    try world.perform(.create(.deployment(Sample.deployment("web", replicas: 3))))
    try world.perform(.create(.service(Sample.service("web"))))
    world.advance(by: .seconds(20))
    let deployment = try #require(world.store.deployments["default", "web"])
    #expect(deployment.status.availableReplicas == 3)
    let slices = world.store.slices(of: NamespacedName(namespace: "default", name: "web"))
    #expect(slices.count == 1)
    let endpoints = slices.flatMap { world.store.endpointSlices[$0]?.endpoints ?? [] }
    #expect(endpoints.filter(\.isReadyOrUnset).count == 3)
    for event in world.store.events.list() { print(event.lastTimestamp!.seconds - world.startTime.seconds, event.reason, event.involvedObject.name, event.message) }
    for pod in world.store.pods.list() { print(pod.metadata.namespace, pod.metadata.name, pod.nodeName, pod.status.podIPs, pod.status.phase, pod.isReady) }
    print(world.eventCount, world.digest)
  }
}
