import ClusterModel
import Simulation
import SimulationCore
import Testing

@testable import Console

@Suite struct `What controllers do besides` {
  /// A console on a new world, with one file called `f`.
  private struct Bench {
    var console: Console
    let files: MemoryFiles

    init(_ manifest: String, _ configuration: WorldConfiguration = WorldConfiguration()) {
      console = Console(world: World(configuration: configuration))
      files = MemoryFiles(texts: ["f": manifest])
    }

    mutating func run(_ line: String) -> String {
      console.execute(line, reading: files).output
    }

    mutating func pass(_ seconds: Int64) { console.world.advance(by: .seconds(seconds)) }
  }

  @Test func `slices of a family that a Service has given up are deleted`() {
    var configuration = WorldConfiguration()
    configuration.ipFamily = .dual
    var bench = Bench(
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec: {selector: {app: web}, ipFamilyPolicy: RequireDualStack, ports: [{port: 80}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, labels: {app: web}}
      spec: {containers: [{name: c, image: "nginx:1"}]}
      """, configuration)
    _ = bench.run("apply -f f")
    bench.pass(20)
    let types =
      "get endpointslices -l kubernetes.io/service-name=web -o jsonpath={.items[*].addressType}"
    #expect(Set(bench.run(types).split(separator: " ")) == ["IPv4", "IPv6"])
    _ = bench.run(#"patch svc web -p '{"spec":{"ipFamilyPolicy":"SingleStack"}}'"#)
    bench.pass(10)
    #expect(bench.run(types) == "IPv4")
  }

  @Test func `an update strategy without a type rolls`() {
    var bench = Bench(
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: db}
      spec:
        updateStrategy: {rollingUpdate: {partition: 2}}
        serviceName: db
        selector: {matchLabels: {app: db}}
        template:
          metadata: {labels: {app: db}}
          spec: {containers: [{name: c, image: "nginx:1"}]}
      ---
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        updateStrategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}
        selector: {matchLabels: {app: agent}}
        template:
          metadata: {labels: {app: agent}}
          spec: {containers: [{name: c, image: "nginx:1"}]}
      """)
    _ = bench.run("apply -f f")
    #expect(
      bench.run("get sts db -o jsonpath={.spec.updateStrategy}")
        == #"{"rollingUpdate":{"partition":2},"type":"RollingUpdate"}"#)
    #expect(
      bench.run("get ds agent -o jsonpath={.spec.updateStrategy}")
        == #"{"rollingUpdate":{"maxSurge":1,"maxUnavailable":0},"type":"RollingUpdate"}"#)
  }

  @Test func `a pod of a node that never was is collected`() {
    var bench = Bench(
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: stray}
      spec: {nodeName: ghost, containers: [{name: c, image: "nginx:1"}]}
      """)
    _ = bench.run("apply -f f")
    bench.pass(39)
    #expect(bench.run("get pods -o name") == "pod/stray\n")
    bench.pass(42)
    #expect(bench.run("get pods -o name").isEmpty)
  }

  @Test func `Endpoints go with the Service of their name`() {
    var bench = Bench(
      """
      apiVersion: v1
      kind: Service
      metadata: {name: db}
      spec: {ports: [{port: 5432}]}
      ---
      apiVersion: v1
      kind: Endpoints
      metadata: {name: db}
      subsets: [{addresses: [{ip: 10.9.9.9}], ports: [{port: 5432}]}]
      """)
    _ = bench.run("apply -f f")
    bench.pass(2)
    _ = bench.run("delete svc db")
    #expect(bench.run("get endpoints db --ignore-not-found -o name").isEmpty)
  }

  @Test func `a shorter grace counts from the first request`() {
    var bench = Bench(
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: slow}
      spec:
        terminationGracePeriodSeconds: 60
        containers: [{name: c, image: "nginx:1", command: [sleep, "3600"]}]
      """)
    _ = bench.run("apply -f f")
    bench.pass(20)
    _ = bench.run("delete pod slow --wait=false")
    let time = "get pod slow -o jsonpath={.metadata.deletionTimestamp}"
    #expect(bench.run(time) == "2026-01-01T00:01:20Z")
    bench.pass(5)
    _ = bench.run("delete pod slow --grace-period=30 --wait=false")
    #expect(bench.run(time) == "2026-01-01T00:00:50Z")
  }

  @Test func `limits stand in for requests in pods and not in templates`() {
    var bench = Bench(
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: c, image: "nginx:1", resources: {limits: {cpu: 1}}}]}
      """)
    _ = bench.run("apply -f f")
    bench.pass(5)
    let template = "{.spec.template.spec.containers[0].resources}"
    #expect(bench.run("get deploy web -o jsonpath=\(template)") == #"{"limits":{"cpu":"1"}}"#)
    #expect(
      bench.run("get pods -o jsonpath={.items[0].spec.containers[0].resources.requests.cpu}") == "1"
    )
  }

  @Test func `what only load balancers have goes with the type`() {
    var bench = Bench(
      """
      apiVersion: v1
      kind: Service
      metadata: {name: lb}
      spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}
      """)
    _ = bench.run("apply -f f")
    _ = bench.run(#"patch svc lb -p '{"spec":{"type":"ClusterIP"}}'"#)
    let field = "get svc lb -o jsonpath={.spec.allocateLoadBalancerNodePorts}"
    #expect(bench.run(field).isEmpty)
  }

  @Test func `what the server has not stored has no version`() {
    var bench = Bench("")
    let text = bench.run("create configmap c --from-literal=a=b --dry-run=server -o yaml")
    #expect(text.contains("uid:"))
    #expect(!text.contains("resourceVersion"))
  }

  @Test func `a taint is not given twice`() {
    var bench = Bench("")
    let result = bench.console.execute(
      "taint node node-1 a=b:NoSchedule a=c:NoSchedule", reading: bench.files)
    #expect(
      result.errors
        == "error: duplicated taints with the same key and effect: {a c NoSchedule <nil>}\n")
  }

  @Test func `endpoints tell of a node's new zone when their Service changes`() {
    var bench = Bench(
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec: {selector: {app: web}, ports: [{port: 80}]}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 3
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: c, image: "nginx:1"}]}
      """)
    _ = bench.run("label node node-1 node-2 node-3 topology.kubernetes.io/zone=a")
    _ = bench.run("apply -f f")
    bench.pass(20)
    let zones =
      "get endpointslices -l kubernetes.io/service-name=web -o jsonpath="
      + "{.items[0].endpoints[*].zone}"
    #expect(bench.run(zones) == "a a a")
    _ = bench.run("label node node-1 node-2 node-3 topology.kubernetes.io/zone=b --overwrite")
    bench.pass(5)
    _ = bench.run("scale deploy web --replicas=4")
    bench.pass(20)
    #expect(bench.run(zones) == "b b b b")
  }
}
