import AllocationCount
import Benchmark
import ClusterModel
import DataPlane
import Foundation
import SimulationCore

/// How often memory was asked for.
let allocations = BenchmarkMetric.custom(
  "Allocations", polarity: .prefersSmaller, useScalingFactor: false)

/// Measures `work` and counts its allocations.
func measure(_ benchmark: Benchmark, _ work: () -> Int) {
  benchmark.startMeasurement()
  let before = allocation_count()
  for _ in benchmark.scaledIterations { blackHole(work()) }
  let after = allocation_count()
  benchmark.stopMeasurement()
  benchmark.measurement(allocations, Int(after - before))
}

/// What packets and rules cost, at ten and at ten thousand Services with 25 endpoints each.
func registerPacketBenchmarks() {
  let decisions = Benchmark.Configuration(
    metrics: [.cpuTotal, .throughput, allocations], maxIterations: 10)
  for (services, budget) in [(10, ""), (10_000, " (budget 5 million/s, 1.5 x that of 10)")] {
    for mode in ProxyMode.allCases {
      Benchmark(
        "1,000,000 packet decisions, \(services) Services x 25, \(mode)\(budget)",
        configuration: decisions
      ) { benchmark in
        let network = Network(services: services, mode)
        measure(benchmark) { network.decide(1_000_000) }
      }
    }
  }

  Benchmark(
    "1,000,000 packet decisions, 10,000 pods, 300 NetworkPolicies (budget 5 million/s)",
    configuration: decisions
  ) { benchmark in
    let network = PolicedNetwork()
    measure(benchmark) { network.decide(1_000_000) }
  }

  Benchmark(
    "iptables-save of a node, 10,000 Services x 25 (budget 1 s)",
    configuration: .init(maxIterations: 3)
  ) { benchmark in
    let network = Network(services: 10_000, .iptables)
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations { blackHole(network.save()) }
    benchmark.stopMeasurement()
  }

  if RealRestore.isPossible {
    Benchmark(
      "beside it: the real iptables-restore --test of that text",
      configuration: .init(warmupIterations: 0, maxIterations: 1)
    ) { benchmark in
      let restore = RealRestore(Network(services: 10_000, .iptables).save())
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations { restore.run() }
      benchmark.stopMeasurement()
    }
  }

  for services in [10, 10_000] {
    Benchmark(
      "1,000 changes of one Service among \(services), until every proxy has them",
      configuration: .init(maxIterations: 5)
    ) { benchmark in
      let ready = Network(services: services, .iptables)
      for _ in benchmark.scaledIterations {
        var network = ready
        benchmark.startMeasurement()
        network.change(1000)
        benchmark.stopMeasurement()
      }
    }
  }

  Benchmark("100,000 connections tracked and closed", configuration: .init(maxIterations: 5)) {
    benchmark in
    let ready = Network(services: 10, .iptables)
    for _ in benchmark.scaledIterations {
      var network = ready
      benchmark.startMeasurement()
      network.connect(100_000)
      benchmark.stopMeasurement()
    }
  }
}

/// Fifty nodes, and Services whose 25 endpoints stand on them.
private struct Network {
  private(set) var plane: DataPlane
  private let services: Int
  private var now = Instant.zero
  private var version: UInt64 = 0

  private static let template: Shared<PodSpec> = {
    var container = Container(name: "server", image: "example")
    container.ports = [ContainerPort(containerPort: 8080)]
    return Shared(PodSpec(containers: [container]))
  }()

  init(services: Int, _ mode: ProxyMode) {
    self.services = services
    plane = DataPlane(
      configuration: NetworkConfiguration(
        proxyMode: mode, podSubnets: [CIDR(IPAddress(v4: 0x0A80_0000), prefixLength: 9)]),
      seed: 1)
    for number in 0..<50 {
      var node = Node(metadata: ObjectMeta(name: "node-\(number)"))
      node.addresses = [.init(type: "InternalIP", address: "192.168.0.\(number + 1)")]
      node.podCIDRs = [CIDR(IPAddress(v4: Self.podBase + UInt32(number) << 16), prefixLength: 16)]
      plane.attachNode(node)
    }
    for number in 0..<services {
      var service = Service(metadata: ObjectMeta(name: "service-\(number)", namespace: "default"))
      service.clusterIPs = [Self.address(of: number)]
      service.ports = [ServicePort(name: "http", port: 80, targetPort: .integer(8080))]
      plane.serviceChanged(
        namespace: "default", name: service.metadata.name, to: service, at: .zero)
      for pod in number * 25..<number * 25 + 25 { attach(pod) }
      setEndpoints(of: number, shift: 0)
    }
    plane.settle(at: .zero)
  }

  private static let podBase: UInt32 = 0x0A80_0000
  private static func address(of service: Int) -> IPAddress {
    IPAddress(v4: 0x0A60_0100 + UInt32(service))
  }

  private mutating func attach(_ number: Int) {
    var pod = Pod(
      metadata: ObjectMeta(name: "pod-\(number)", namespace: "default"), spec: Self.template)
    pod.status.podIPs = [Self.address(ofPod: number)]
    plane.attachPod(pod, on: plane.nodeIndex(named: "node-\(number % 50)") ?? .none)
  }

  private static func address(ofPod number: Int, shift: Int = 0) -> IPAddress {
    IPAddress(v4: podBase + UInt32(number % 50) << 16 + UInt32(number / 50 + 2 + shift))
  }

  private mutating func setEndpoints(of service: Int, shift: Int) {
    version += 1
    let name = "service-\(service)"
    var slice = EndpointSlice(metadata: ObjectMeta(name: "\(name)-0", namespace: "default"))
    slice.metadata.resourceVersion = version
    slice.ports = [.init(name: "http", port: 8080)]
    slice.endpoints = (0..<25).map { number in
      let pod = service * 25 + number
      var endpoint = Endpoint(address: Self.address(ofPod: pod, shift: shift))
      endpoint.isReady = true
      endpoint.nodeName = "node-\(pod % 50)"
      return endpoint
    }
    plane.endpointsChanged(namespace: "default", service: name, to: [slice], at: now)
  }

  /// Packets from a pod to one Service after the other.
  func decide(_ count: Int) -> Int {
    var random = RandomStream(seed: 1, component: "packets")
    let node = plane.nodeIndex(named: "node-0") ?? .none
    var flow = Flow(
      source: Self.address(ofPod: 0), sourcePort: 40_000,
      destination: Self.address(of: 0), destinationPort: 80)
    var delivered = 0
    var service = 0
    for _ in 0..<count {
      flow.destination = Self.address(of: service)
      // A step that is prime to the number of Services visits them all, out of order.
      service = (service + 7919) % services
      let decision = plane.decide(flow, enteringAt: node, at: .zero, random: &random)
      delivered &+= Int(decision.endpointPort)
    }
    return delivered
  }

  func save() -> String {
    plane.iptablesSave(on: plane.nodeIndex(named: "node-0") ?? .none) ?? ""
  }

  mutating func change(_ count: Int) {
    for turn in 0..<count {
      now = now + .seconds(3)
      setEndpoints(of: services / 2, shift: turn % 2)
      while let next = plane.nextEventTime, next <= now + .seconds(3) { plane.step() }
    }
  }

  mutating func connect(_ count: Int) {
    var random = RandomStream(seed: 1, component: "connections")
    let node = plane.nodeIndex(named: "node-0") ?? .none
    for turn in 0..<count {
      now = now + .milliseconds(1)
      let flow = Flow(
        source: Self.address(ofPod: 0), sourcePort: UInt16(turn % 28_000 + 32_768),
        destination: Self.address(of: turn % services), destinationPort: 80)
      let decision = plane.decide(flow, enteringAt: node, at: now, random: &random)
      guard let id = plane.track(decision, of: flow, enteringAt: node, at: now) else { continue }
      plane.connection(id, .answered, at: now)
      plane.connection(id, .closed, at: now)
    }
  }
}
