import ClusterModel
import SimulationCore

@testable import DataPlane

/// A small cluster to send packets through: three nodes with 10.244.N.0/24, and what tests add.
struct TestCluster {
  var plane: DataPlane
  var now = Instant.zero
  private var services: [String: Service] = [:]
  private var version: UInt64 = 0

  init(
    mode: ProxyMode = .iptables, cni: CNI = .flannel, seed: UInt64 = 1, nodes: Int = 3,
    configure: (inout NetworkConfiguration) -> Void = { _ in }
  ) {
    var configuration = NetworkConfiguration(
      proxyMode: mode, cni: cni,
      serviceSubnets: [cidr("10.96.0.0/16")])
    configure(&configuration)
    plane = DataPlane(configuration: configuration, seed: seed)
    for number in 1...nodes { addNode(number) }
  }

  mutating func addNode(_ number: Int, zone: String? = nil) {
    var node = Node(metadata: ObjectMeta(name: "node-\(number)"))
    node.addresses = [
      .init(type: "InternalIP", address: "192.168.0.\(number)"),
      .init(type: "ExternalIP", address: "198.18.0.\(number)"),
    ]
    node.podCIDRs = [cidr("10.244.\(number).0/24")]
    if let zone { node.metadata.labels["topology.kubernetes.io/zone"] = zone }
    plane.attachNode(node)
  }

  func node(_ number: Int) -> NodeIndex { plane.nodeIndex(named: "node-\(number)") ?? .none }

  /// Puts `default/NAME` at 10.244.NODE.HOST, listening on `ports`.
  mutating func addPod(_ name: String, _ address: String, ports: [Int] = [8080]) {
    var container = Container(name: "main", image: "image")
    container.ports = ports.map { ContainerPort(containerPort: $0) }
    var pod = Pod(
      metadata: ObjectMeta(name: name, namespace: "default"),
      spec: Shared(PodSpec(containers: [container])))
    pod.status.podIPs = [ip(address)]
    let number = Int(ip(address).v4 >> 8 & 255)
    plane.attachPod(pod, on: node(number))
  }

  /// Lets flannel run on a node, so that its rules are there.
  mutating func addFlannel(_ number: Int) {
    var pod = Pod(
      metadata: ObjectMeta(name: "kube-flannel-ds-\(number)", namespace: "kube-flannel"),
      spec: Shared(PodSpec(containers: [Container(name: "kube-flannel", image: "image")])))
    pod.metadata.labels["app"] = "flannel"
    var spec = pod.spec.value
    spec.hostNetwork = true
    pod.spec = Shared(spec)
    plane.attachPod(pod, on: node(number))
  }

  /// `default/web`, 80 → 8080 on 10.96.0.100.
  static func web(_ change: (inout Service) -> Void = { _ in }) -> Service {
    var service = Service(metadata: ObjectMeta(name: "web", namespace: "default"))
    service.clusterIPs = [ip("10.96.0.100")]
    service.ports = [ServicePort(name: "http", port: 80, targetPort: .integer(8080))]
    change(&service)
    return service
  }

  static func exposed(
    _ policy: Service.TrafficPolicy, _ change: (inout Service) -> Void = { _ in }
  ) -> Service {
    web {
      $0.type = .loadBalancer
      $0.externalTrafficPolicy = policy
      $0.ports[0].nodePort = 30080
      $0.externalIPs = ["203.0.113.20"]
      $0.loadBalancerIngress = [.init(ip: ip("203.0.113.10"))]
      change(&$0)
    }
  }

  mutating func set(_ service: Service) {
    plane.serviceChanged(
      namespace: service.metadata.namespace, name: service.metadata.name, to: service, at: now)
  }

  mutating func setEndpoints(
    _ endpoints: [Endpoint], of service: String = "web", transport: TransportProtocol = .tcp
  ) {
    setSlices([endpoints], of: service, transport: transport)
  }

  mutating func setSlices(
    _ slices: [[Endpoint]], of service: String = "web", transport: TransportProtocol = .tcp
  ) {
    let objects = slices.enumerated().map { index, endpoints in
      version += 1
      var slice = EndpointSlice(
        metadata: ObjectMeta(name: "\(service)-\(index)", namespace: "default"))
      slice.metadata.resourceVersion = version
      slice.ports = [.init(name: "http", transport: transport, port: 8080)]
      slice.endpoints = endpoints
      return slice
    }
    plane.endpointsChanged(namespace: "default", service: service, to: objects, at: now)
  }

  mutating func settle() { plane.settle(at: now) }

  /// Lets proxies work until `time`.
  mutating func advance(to time: Instant) {
    while let next = plane.nextEventTime, next <= time { plane.step() }
    now = time
  }

  mutating func runUntilQuiet() {
    while let next = plane.nextEventTime {
      now = max(now, next)
      plane.step()
    }
  }

  func flow(_ source: String, _ destination: String, _ port: UInt16) -> Flow {
    Flow(
      source: ip(source), sourcePort: 40_000, destination: ip(destination),
      destinationPort: port)
  }

  /// `10.244.1.5:8080 10.244.2.6:8080`, in order.
  func candidates(_ source: String, _ destination: String, _ port: UInt16, at node: Int) -> String {
    plane.candidates(of: flow(source, destination, port), enteringAt: self.node(node), at: now)
      .map { "\($0.address):\($0.port)" }.joined(separator: " ")
  }

  func decide(
    _ source: String, _ destination: String, _ port: UInt16, at node: Int, seed: UInt64 = 1
  ) -> FlowDecision {
    var random = RandomStream(seed: seed, component: "test")
    return plane.decide(
      flow(source, destination, port), enteringAt: self.node(node), at: now, random: &random)
  }
}

/// An endpoint of the node that its address tells.
func endpoint(
  _ address: String, ready: Bool = true, serving: Bool = true, terminating: Bool = false,
  zones: [String] = [], nodes: [String] = []
) -> Endpoint {
  var endpoint = Endpoint(address: ip(address))
  endpoint.isReady = ready
  endpoint.isServing = serving
  endpoint.isTerminating = terminating
  endpoint.zoneHints = zones
  endpoint.nodeHints = nodes
  if endpoint.address.family == .ipv4 {
    endpoint.nodeName = "node-\(endpoint.address.v4 >> 8 & 255)"
  }
  return endpoint
}

/// The address a test has written.
func ip(_ text: String) -> IPAddress {
  guard let address = IPAddress(text) else { fatalError("\(text) is no address") }
  return address
}

func cidr(_ text: String) -> CIDR {
  guard let range = CIDR(text) else { fatalError("\(text) is no range") }
  return range
}
