import ClusterModel
import SimulationCore

@testable import DataPlane

/// The same pods and policies in the engine and in the reference.
struct PolicyWorld {
  var plane: DataPlane
  var reference = PolicyReference()
  var now = Instant.zero + .seconds(1)
  private var held: [String: Pod] = [:]

  init(cni: CNI = .calico, nodes: Int = 2) {
    plane = TestCluster(cni: cni, nodes: nodes).plane
    plane.beginPolicies()
    for number in 1...nodes { reference.nodeAddresses["node-\(number)"] = "192.168.0.\(number)" }
  }

  mutating func setNamespace(_ name: String, _ labels: [String: String]) {
    reference.namespaces[name] = labels
    var all = Self.labels(labels)
    all["kubernetes.io/metadata.name"] = name
    guard plane.namespaceChanged(name, labels: all) else { return }
    for pod in held.keys.sorted().compactMap({ held[$0] }) where pod.metadata.namespace == name {
      plane.podLabelled(pod, at: now)
    }
  }

  /// A pod at 10.244.NODE.x, with a port `web` at 8080/TCP and `dns` at 53/UDP.
  mutating func addPod(
    _ namespace: String, _ name: String, _ labels: [String: String],
    _ address: String
  ) {
    var container = Container(name: "main", image: "image")
    container.ports = [
      ContainerPort(name: "web", containerPort: 8080),
      ContainerPort(name: "dns", containerPort: 53, transport: .udp),
      ContainerPort(containerPort: 81),
    ]
    var pod = Pod(
      metadata: ObjectMeta(name: name, namespace: namespace, labels: Self.labels(labels)),
      spec: Shared(PodSpec(containers: [container])))
    pod.status.podIPs = [ip(address)]
    let node = "node-\(ip(address).v4 >> 8 & 255)"
    plane.attachPod(pod, on: plane.nodeIndex(named: node) ?? .none)
    plane.podLabelled(pod, at: now)
    held["\(namespace)/\(name)"] = pod
    reference.pods.append(
      .init(
        namespace: namespace, name: name, labels: labels, address: address, node: node,
        ports: [("web", 8080, "TCP"), ("dns", 53, "UDP")]))
  }

  mutating func relabel(_ index: Int, _ labels: [String: String]) {
    reference.pods[index].labels = labels
    let key = "\(reference.pods[index].namespace)/\(reference.pods[index].name)"
    held[key]?.metadata.labels = Self.labels(labels)
    if let pod = held[key] { plane.podLabelled(pod, at: now) }
  }

  mutating func setPolicy(_ namespace: String, _ name: String, _ spec: Value?) {
    plane.policyChanged(
      namespace: namespace, name: name,
      to: spec.map { NetworkPolicy(body: Fields([("spec", $0)])) }, at: now)
  }

  /// Lets every agent apply everything.
  mutating func settle() { now += .seconds(1) }

  func engineAllows(
    _ source: String, _ destination: String, _ port: Int, _ transport: TransportProtocol
  ) -> Bool {
    var random = RandomStream(seed: 1, component: "test")
    let flow = Flow(
      source: ip(source), sourcePort: 40_000, destination: ip(destination),
      destinationPort: UInt16(port), transport: transport)
    let owner = reference.pods.first { $0.address == source }?.node
    let node = owner ?? reference.nodeAddresses.first { $0.value == source }?.key ?? "node-1"
    let decision = plane.decide(
      flow, enteringAt: plane.nodeIndex(named: node) ?? .none, at: now, random: &random)
    return decision.denial == nil
  }

  /// Every pair of addresses on every port for which engine and reference differ, and how many
  /// were compared.
  func disagreements(outside: [String] = []) -> (found: [String], compared: Int) {
    var found: [String] = []
    var compared = 0
    let addresses = reference.pods.map(\.address) + outside
    for source in addresses {
      for destination in addresses
      where !(outside.contains(source) && outside.contains(destination)) {
        for (port, transport) in [(8080, TransportProtocol.tcp), (81, .tcp), (53, .udp)] {
          compared += 1
          let expected = reference.allows(source, destination, port, transport.name)
          if engineAllows(source, destination, port, transport) != expected {
            found.append("\(source) > \(destination):\(port)/\(transport.name) is \(expected)")
          }
        }
      }
    }
    return (found, compared)
  }

  private static func labels(_ labels: [String: String]) -> Labels {
    Labels(labels.keys.sorted().map { ($0, labels[$0] ?? "") })
  }
}
