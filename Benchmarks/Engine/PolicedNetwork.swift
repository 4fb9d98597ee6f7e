import ClusterModel
import DataPlane
import SimulationCore

/// Fifty nodes with 10,000 pods in fifty namespaces, and 300 NetworkPolicies that isolate most of
/// them.
struct PolicedNetwork {
  private var plane: DataPlane
  private static let pods = 10_000
  private static let namespaces = 50

  init() {
    plane = DataPlane(
      configuration: NetworkConfiguration(
        cni: .calico, podSubnets: [Ranges.pods]),
      seed: 1)
    for number in 0..<50 {
      var node = Node(metadata: ObjectMeta(name: "node-\(number)"))
      node.addresses = [.init(type: "InternalIP", address: "192.168.0.\(number + 1)")]
      plane.attachNode(node)
    }
    plane.beginPolicies()
    for number in 0..<Self.namespaces {
      _ = plane.namespaceChanged("team-\(number)", labels: ["team": "\(number)"])
    }
    for number in 0..<Self.pods { attach(number) }
    for number in 0..<300 { add(number) }
    plane.settle(at: .zero)
  }

  private enum Ranges {
    static let pods = CIDR(IPAddress(v4: 0x0A80_0000), prefixLength: 9)
  }

  private static func address(_ pod: Int) -> IPAddress {
    IPAddress(v4: 0x0A80_0000 + UInt32(pod % 50) << 16 + UInt32(pod / 50 + 2))
  }

  private mutating func attach(_ number: Int) {
    var container = Container(name: "server", image: "example")
    container.ports = [ContainerPort(name: "web", containerPort: 8080)]
    var pod = Pod(
      metadata: ObjectMeta(
        name: "pod-\(number)", namespace: "team-\(number % Self.namespaces)",
        labels: ["app": "app-\(number / Self.namespaces % 8)"]),
      spec: Shared(PodSpec(containers: [container])))
    pod.status.podIPs = [Self.address(number)]
    plane.attachPod(pod, on: plane.nodeIndex(named: "node-\(number % 50)") ?? .none)
    plane.podLabelled(pod, at: .zero)
  }

  /// Six in each namespace: one app lets in another one, its neighbours, and an address range.
  private mutating func add(_ number: Int) {
    let (team, app) = (number % Self.namespaces, number / Self.namespaces)
    func selector(_ key: String, _ value: String) -> LabelSelector {
      LabelSelector(matchLabels: [key: value])
    }
    let rules = [
      NetworkPolicy.Rule(
        peers: [.pods(namespaces: nil, pods: selector("app", "app-\((app + 1) % 8)"))],
        ports: [.init(.named("web"))]),
      NetworkPolicy.Rule(
        peers: [.pods(namespaces: selector("team", "\((team + 1) % 50)"), pods: nil)],
        ports: [.init(.range(8000, 8100))]),
      NetworkPolicy.Rule(
        peers: [.block(.init(CIDR(IPAddress(v4: 0xC0A8_0000), prefixLength: 16)))]),
    ]
    let policy = NetworkPolicy(
      selector: selector("app", "app-\(app)"), directions: [.ingress], ingress: rules)
    plane.policyChanged(
      namespace: "team-\(team)", name: "policy-\(number)", to: policy, at: .zero)
  }

  /// From one pod to another, out of order.
  func decide(_ count: Int) -> Int {
    var random = RandomStream(seed: 1, component: "packets")
    let nodes = (0..<50).map { plane.nodeIndex(named: "node-\($0)") ?? .none }
    var flow = Flow(
      source: Self.address(0), sourcePort: 40_000, destination: Self.address(0),
      destinationPort: 8080)
    var (delivered, pod) = (0, 0)
    for _ in 0..<count {
      flow.source = Self.address(pod)
      let node = nodes[pod % 50]
      pod = (pod + 7919) % Self.pods
      flow.destination = Self.address(pod)
      let decision = plane.decide(flow, enteringAt: node, at: .zero, random: &random)
      if decision.verdict == .delivered { delivered &+= 1 }
    }
    return delivered
  }
}
