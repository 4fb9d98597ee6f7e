import ClusterModel
import ControlPlane
import SimulationCore

@testable import Dashboard

/// A shop on three nodes, as in the middle of a scale-up: written down, not simulated.
enum Fixture {
  static func name(_ name: String, _ namespace: String = "default") -> NamespacedName {
    NamespacedName(namespace: namespace, name: name)
  }

  static let snapshot: DashboardSnapshot = {
    var snapshot = DashboardSnapshot()
    snapshot.header = header
    snapshot.networks.nodes = "192.168.0.0/24"
    snapshot.networks.pods = "10.244.0.0/16"
    snapshot.networks.cni = "flannel vxlan"
    snapshot.networks.services = "10.96.0.0/12"
    snapshot.networks.proxy = "kube-proxy iptables"
    snapshot.nodes = nodes
    snapshot.services = services
    snapshot.events = events
    snapshot.flows = flows
    snapshot.namespaces = ["default", "kube-system"]
    snapshot.networks.encapsulation = "VXLAN"
    snapshot.links = Links(
      nodes: ["node-1", "node-2"],
      pods: [
        name("frontend-7d9c5b6f4-x7kqp"), name("frontend-7d9c5b6f4-p2mzt"),
        name("frontend-7d9c5b6f4-l9dwc"),
      ])
    snapshot.service = frontend
    snapshot.workload = WorkloadFigures(name("frontend"), replicas: 3, readyReplicas: 2)
    snapshot.node = node
    snapshot.pod = pod
    return snapshot
  }()

  private static let header: HeaderFigures = {
    var header = HeaderFigures()
    header.clusterName = "boutique"
    header.now = Instant(nanoseconds: 151_400_000_000)
    header.nodeCount = 4
    header.podCount = 9
    header.serviceCount = 5
    header.milliRequestsPerSecond = 1_240_000
    header.p99 = .milliseconds(18)
    header.proxyCount = 4
    header.proxiesInSync = 3
    return header
  }()

  private static func pod(
    _ pod: String, _ sign: StateSign, _ address: String, _ status: String = "Running"
  ) -> PodRow {
    let app = String(pod.prefix { $0 != "-" })
    return PodRow(
      name(pod), sign, status: status, address: address, labels: Labels([("app", app)]))
  }

  private static let nodes: [NodeRow] = {
    var control = NodeRow("control-plane")
    control.roles = "control-plane"
    control.internalIP = "192.168.0.10"
    control.podCIDR = "10.244.0.0/24"
    control.podCount = 8
    control.podCapacity = 110
    control.isProxyInSync = true
    var first = control
    first.name = "node-1"
    first.roles = "<none>"
    first.internalIP = "192.168.0.11"
    first.podCIDR = "10.244.1.0/24"
    first.podCount = 5
    first.pods = [
      pod("cart-5f6d8c7b9-8zwtn", .ready, "10.244.1.6"),
      pod("checkout-6c8f9d5b7-w4txk", .failing, "10.244.1.7", "CrashLoopBackOff"),
      pod("frontend-7d9c5b6f4-x7kqp", .ready, "10.244.1.5"),
    ]
    var second = first
    second.name = "node-2"
    second.internalIP = "192.168.0.12"
    second.podCIDR = "10.244.2.0/24"
    second.podCount = 6
    second.isProxyInSync = false
    second.pods = [
      pod("frontend-7d9c5b6f4-l9dwc", .starting, "10.244.2.9"),
      pod("frontend-7d9c5b6f4-p2mzt", .ready, "10.244.2.4"),
      pod("redis-0", .ready, "10.244.2.6"),
    ]
    var third = first
    third.name = "node-3"
    third.internalIP = "192.168.0.13"
    third.podCIDR = "10.244.3.0/24"
    third.isSchedulable = false
    third.pods = [
      pod("cart-5f6d8c7b9-m4cjh", .terminating, "10.244.3.8", "Terminating"),
      pod("cart-5f6d8c7b9-qq2vd", .ready, "10.244.3.3"),
      pod("catalogue-84b5d9c6f-zz9rl", .starting, "", "ContainerCreating"),
    ]
    return [control, first, second, third]
  }()

  private static func service(
    _ service: String, _ type: String, _ address: String, _ ports: String,
    ready: Int, of endpoints: Int, rate: Int64, p99: Int64, seed: UInt32
  ) -> ServiceRow {
    var row = ServiceRow(name(service))
    row.type = type
    row.clusterIP = address
    row.ports = ports
    row.selector = Labels([("app", service)])
    row.selectorText = "app=\(service)"
    row.readyEndpoints = ready
    row.endpoints = endpoints
    let history = (0..<60).map { second in
      UInt32(rate / 1000) * (60 + (second * 7 + seed * 13) % 41) / 100
    }
    row.load = Load(
      milliRequestsPerSecond: rate, p99: .milliseconds(p99),
      milliPercentFailed: service == "checkout" ? 100_000 : 0, history: history)
    return row
  }

  private static let services: [ServiceRow] = {
    var kubernetes = ServiceRow(name("kubernetes"))
    kubernetes.clusterIP = "10.96.0.1"
    kubernetes.ports = "443/TCP"
    kubernetes.readyEndpoints = 1
    kubernetes.endpoints = 1
    return [
      service(
        "cart", "ClusterIP", "10.96.12.4", "7070/TCP", ready: 2, of: 3, rate: 830_000, p99: 4,
        seed: 1),
      service(
        "catalogue", "ClusterIP", "10.96.77.140", "8080/TCP", ready: 0, of: 1, rate: 0, p99: 2000,
        seed: 2),
      service(
        "checkout", "ClusterIP", "10.96.201.9", "5050/TCP", ready: 0, of: 1, rate: 8_400, p99: 1400,
        seed: 3),
      service(
        "frontend", "NodePort", "10.96.44.10", "80:30123/TCP", ready: 2, of: 3, rate: 412_000,
        p99: 12, seed: 4),
      kubernetes,
    ]
  }()

  private static let frontend: ServiceDetail = {
    var detail = ServiceDetail(name("frontend"))
    detail.facts = [
      Fact("DNS name", "frontend.default.svc.cluster.local"),
      Fact("type", "NodePort"),
      Fact("virtual IP", "10.96.44.10, which every node's proxy rewrites"),
      Fact("port http", "80/TCP to 8080 of the pods, on every node 30123"),
      Fact("selector", "app=frontend"),
    ]
    var first = EndpointRow("10.244.1.5:8080", node: "node-1", .ready)
    first.milliRequestsPerSecond = 210_000
    var second = EndpointRow("10.244.2.4:8080", node: "node-2", .ready)
    second.milliRequestsPerSecond = 202_000
    var third = EndpointRow("10.244.2.9:8080", node: "node-2", .notReady)
    third.note = "readiness 1/3, next probe in 4 s"
    detail.endpoints = [first, second, third]
    detail.endpoints[0].pod = "frontend-7d9c5b6f4-x7kqp"
    detail.selector = selector
    for second in 92...151 {
      detail.series.add(
        ServiceSeries.Sample(
          second: Int64(second), milliRate: 400_000 + Int64(second % 7) * 9_000,
          milliPercentFailed: second < 100 ? 12_000 : 0,
          p99: .milliseconds(Int64(8 + second % 11))))
    }
    detail.slices = [
      SliceRow("frontend-8xk2p", addressType: "IPv4", ports: "8080/TCP", count: 3)
    ]
    detail.proxies = [
      ProxyRow("control-plane", isInSync: true), ProxyRow("node-1", isInSync: true),
      ProxyRow("node-2", isInSync: false, note: "programs in 0.4 s"),
      ProxyRow("node-3", isInSync: true),
    ]
    return detail
  }()

  private static let selector: SelectorView = {
    var view = SelectorView()
    view.matched = [
      SelectorView.Member(name: name("frontend-7d9c5b6f4-l9dwc"), sign: .starting, node: "node-2"),
      SelectorView.Member(name: name("frontend-7d9c5b6f4-p2mzt"), sign: .ready, node: "node-2"),
      SelectorView.Member(name: name("frontend-7d9c5b6f4-x7kqp"), sign: .ready, node: "node-1"),
    ]
    view.matchedCount = 3
    view.missed = [
      SelectorView.Member(
        name: name("frontend-canary-5d8-abcde"), sign: .ready, node: "node-3",
        reason: "has app=fronted, not frontend")
    ]
    return view
  }()

  /// Requests as they went in the last moments.
  static let flows: [FlowRow] = {
    var inside = FlowRow(
      clientPod: name("frontend-7d9c5b6f4-x7kqp"), clientNode: "node-1", service: name("cart"),
      endpointPod: name("cart-5f6d8c7b9-qq2vd"), endpointNode: "node-3", end: .answered)
    inside.milliRate = 500_000
    var local = inside
    local.endpointPod = name("cart-5f6d8c7b9-8zwtn")
    local.endpointNode = "node-1"
    local.milliRate = 330_000
    var outside = FlowRow(
      service: name("frontend"), endpointPod: name("frontend-7d9c5b6f4-p2mzt"),
      endpointNode: "node-2", end: .answered)
    outside.milliRate = 402_000
    var lost = FlowRow(
      clientPod: name("frontend-7d9c5b6f4-p2mzt"), clientNode: "node-2", service: name("checkout"),
      end: .lostAtService)
    lost.milliRate = 8_400
    return [inside, local, outside, lost]
  }()

  private static let node: NodeDetail = {
    var detail = NodeDetail("node-2")
    detail.facts = [
      Fact("InternalIP", "192.168.0.12"), Fact("pod block", "10.244.2.0/24"),
      Fact("kubelet", "v1.36.1"),
    ]
    detail.pods = nodes[2].pods
    return detail
  }()

  private static let pod: PodDetail = {
    var detail = PodDetail(name("cart-5f6d8c7b9-8zwtn"))
    detail.facts = [
      Fact("status", "Running"), Fact("address", "10.244.1.6"), Fact("node", "node-1"),
    ]
    return detail
  }()

  private static let events: [EventRow] = [
    EventRow(
      11, at: Instant(nanoseconds: 148_000_000_000), reason: "BackOff",
      object: "pod/checkout-6c8f9d5b7-w4txk",
      message: "Back-off restarting failed container server in pod checkout-6c8f9d5b7-w4txk"),
    EventRow(
      12, at: Instant(nanoseconds: 149_000_000_000), reason: "ScalingReplicaSet",
      object: "deployment/frontend",
      message: "Scaled up replica set frontend-7d9c5b6f4 from 2 to 3"),
    EventRow(
      13, at: Instant(nanoseconds: 149_000_000_000), reason: "SuccessfulCreate",
      object: "replicaset/frontend-7d9c5b6f4",
      message: "Created pod: frontend-7d9c5b6f4-l9dwc"),
    EventRow(
      14, at: Instant(nanoseconds: 149_000_000_000), reason: "Scheduled",
      object: "pod/frontend-7d9c5b6f4-l9dwc",
      message: "Successfully assigned default/frontend-7d9c5b6f4-l9dwc to node-2"),
  ].enumerated().map { index, event in
    var event = event
    event.isWarning = index == 0
    event.count = index == 0 ? 7 : 1
    return event
  }

  /// The state after the scale-up, on a screen of a size.
  static func state(_ columns: Int, _ rows: Int) -> DashboardState {
    var state = DashboardState(size: ScreenSize(columns, rows))
    state.themes = ["dark", "light", "mono"]
    state.selection.service = name("frontend")
    state.commands.append(
      "kubectl scale deployment frontend --replicas=3",
      output: "deployment.apps/frontend scaled\n", errors: "")
    state.settle(snapshot)
    return state
  }
}
