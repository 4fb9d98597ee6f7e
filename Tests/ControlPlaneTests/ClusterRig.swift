import ClusterModel
import SimulationCore

@testable import ControlPlane

/// A control plane with nodes, for tests that let time run.
struct ClusterRig {
  var plane: ControlPlane

  init(
    nodes: Int = 3, seed: UInt64 = 1, qps: Int = 20, burst: Int = 30, hasCloud: Bool = false,
    podSubnet: String? = nil, zones: [String] = [], perZone: Int = 1
  ) {
    var settings = ControlPlaneSettings.default
    settings.hasCloud = hasCloud
    if let subnet = podSubnet.flatMap({ CIDR($0) }) { settings.podSubnets = [subnet] }
    settings.clientQPS = qps
    settings.clientBurst = burst
    plane = ControlPlane(
      settings: settings, startTime: Timestamp(seconds: 1_767_225_600), seed: seed)
    plane.bootstrap(
      ClusterPlan(
        groups: [NodeGroup(isControlPlane: true)]
          + (zones.isEmpty
            ? [NodeGroup(count: nodes)] : zones.map { NodeGroup(count: perZone, zone: $0) }),
        nodeSubnet: CIDR(IPAddress(v4: 0xC0A8_0000), prefixLength: 16), cni: "flannel"))
  }

  var store: ObjectStore { plane.store }

  mutating func run(for duration: Duration) {
    let end = plane.now + duration
    while let next = plane.nextEventTime, next <= end { plane.step() }
    plane.idle(until: end)
  }

  /// Runs until `condition` holds; false when an hour has passed.
  mutating func run(until condition: (ObjectStore) -> Bool) -> Bool {
    let end = plane.now + .hours(1)
    while !condition(plane.store) {
      guard let next = plane.nextEventTime, next <= end else { return false }
      plane.step()
    }
    return true
  }

  mutating func create(_ object: StoredObject) throws {
    _ = try plane.request { (api, time) throws(APIError) in try api.create(object, at: time) }
  }

  mutating func scale(_ name: String, to replicas: Int) throws {
    guard var deployment = store.deployments["default", name] else { return }
    deployment.replicas = replicas
    let changed = deployment
    _ = try plane.request { (api, time) throws(APIError) in
      try api.replace(.deployment(changed), at: time)
    }
  }

  mutating func change(_ name: String, _ body: (inout Deployment) -> Void) throws {
    guard var deployment = store.deployments["default", name] else { return }
    body(&deployment)
    let changed = deployment
    _ = try plane.request { (api, time) throws(APIError) in
      try api.replace(.deployment(changed), at: time)
    }
  }

  /// The endpoints of a Service, slice by slice.
  func slices(_ service: String) -> [EndpointSlice] {
    store.slices(of: NamespacedName(namespace: "default", name: service))
      .compactMap { store.endpointSlices[$0] }
  }

  func events(_ reason: String) -> [String] {
    store.events.list().filter { $0.reason == reason }
      .sorted { $0.metadata.resourceVersion < $1.metadata.resourceVersion }
      .map(\.message)
  }

  static func deployment(_ name: String, replicas: Int, image: String = "web:1") -> Deployment {
    var container = Container(name: "server", image: image)
    container.ports = [ContainerPort(containerPort: 8080)]
    var deployment = Deployment(
      metadata: ObjectMeta(name: name, namespace: "default", labels: ["app": name]),
      selector: LabelSelector(matchLabels: ["app": name]),
      template: PodTemplate(
        labels: ["app": name], spec: Shared(PodSpec(containers: [container]))))
    deployment.replicas = replicas
    return deployment
  }

  static func service(_ name: String) -> Service {
    var service = Service(metadata: ObjectMeta(name: name, namespace: "default"))
    service.selector = ["app": name]
    service.ports = [ServicePort(port: 80, targetPort: .integer(8080))]
    return service
  }
}
