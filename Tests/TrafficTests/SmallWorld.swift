import ClusterModel
import DataPlane
import SimulationCore

@testable import Traffic

/// A cluster for tests: two nodes, pods by name, Services on addresses of their own.
struct SmallWorld {
  var traffic: Traffic
  var network = FakeNetwork()
  var now = Instant.zero
  private var addresses: UInt32 = 0
  private var pods: [String: IPAddress] = [:]

  init(seed: UInt64 = 1) {
    traffic = Traffic(seed: seed)
    for index in 0..<2 {
      let address = IPAddress(v4: 0xC0A8_000B + UInt32(index))
      network.nodeOf[address] = NodeIndex(Int32(index))
      traffic.nodeAvailable(
        NodeIndex(Int32(index)), addresses: [address], at: now)
    }
  }

  /// Declares a Service on port 80 that selects `app: NAME`; a node port lets the outside in.
  mutating func addService(_ name: String, nodePort: Int = 0, port: Int = 80) {
    var service = Service(metadata: ObjectMeta(name: name, namespace: "default"))
    service.type = nodePort == 0 ? .clusterIP : .nodePort
    service.selector = ["app": name]
    service.ports = [ServicePort(port: port, targetPort: .integer(8080), nodePort: nodePort)]
    service.clusterIPs = [virtualAddress(of: name)]
    network.endpoints[.init(address: virtualAddress(of: name), port: UInt16(port))] = []
    for node in 0..<2 where nodePort != 0 {
      let address = IPAddress(v4: 0xC0A8_000B + UInt32(node))
      network.endpoints[.init(address: address, port: UInt16(nodePort))] = []
    }
    services[name] = service
    traffic.serviceChanged(namespace: "default", name: name, to: service, at: now)
  }
  private var services: [String: Service] = [:]

  mutating func removeService(_ name: String) {
    services[name] = nil
    traffic.serviceChanged(namespace: "default", name: name, to: nil, at: now)
  }

  func virtualAddress(of name: String) -> IPAddress {
    IPAddress(v4: 0x0A60_0000 + name.utf8.reduce(0) { ($0 * 31 + UInt32($1)) & 0xFFFF })
  }

  /// Starts a pod of `workload` and puts it behind the Service of that name.
  mutating func start(
    _ pod: String, of workload: String, env: [String] = [], annotations: [(String, String)] = []
  ) {
    addresses += 1
    let address = pods[pod] ?? IPAddress(v4: 0x0AF4_0000 + addresses)
    let node = NodeIndex(Int32(address.v4 & 1))
    pods[pod] = address
    network.nodeOf[address] = node
    var container = Container(name: "main", image: "example/\(workload):1")
    container.ports = [ContainerPort(containerPort: 8080)]
    container.env = env.enumerated().map {
      EnvironmentVariable(name: "V\($0.offset)", value: $0.element)
    }
    var object = Pod(
      metadata: ObjectMeta(name: pod, namespace: "default", labels: ["app": workload]),
      spec: Shared(PodSpec(containers: [container])))
    object.metadata.annotations = Labels(annotations.map { ("kubarium.dev/" + $0.0, $0.1) })
    object.status.podIPs = [address]
    traffic.podStarted(object, workload: workload, on: node, at: now)
    setBehind(workload, pod, isEndpoint: true)
  }

  /// Puts the pod into, or takes it out of, what the proxies know of the Service.
  mutating func setBehind(_ service: String, _ pod: String, isEndpoint: Bool) {
    guard let address = pods[pod], let known = services[service] else { return }
    let target = FakeNetwork.Target(address: address, port: 8080)
    var places = [
      FakeNetwork.Target(
        address: virtualAddress(of: service), port: UInt16(known.ports[0].port))
    ]
    if known.ports[0].nodePort != 0 {
      places += (0..<2).map {
        FakeNetwork.Target(
          address: IPAddress(v4: 0xC0A8_000B + UInt32($0)),
          port: UInt16(known.ports[0].nodePort))
      }
    }
    for place in places {
      network.endpoints[place]?.removeAll { $0 == target }
      if isEndpoint { network.endpoints[place]?.append(target) }
    }
  }

  mutating func drain(_ pod: String) {
    traffic.podDraining(namespace: "default", name: pod, at: now)
  }

  mutating func stop(_ pod: String, keepsAddress: Bool = false) {
    traffic.podStopped(
      namespace: "default", name: pod, keepsAddress: keepsAddress, at: now)
    if !keepsAddress { pods[pod] = nil }
  }

  mutating func run(_ duration: Duration) {
    now += duration
    traffic.run(through: now, network: &network)
  }

  var digest: String {
    var hasher = StateHasher()
    traffic.digest(into: &hasher)
    return hasher.digest
  }

  func edge(_ client: String, _ service: String) -> EdgeSummary? {
    traffic.edges(at: now).first { $0.client.description == client && $0.service == service }
  }
}
