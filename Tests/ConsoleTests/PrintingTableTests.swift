import ClusterModel
import ControlPlane
import Testing

@testable import Console

@Suite struct PrintingTableTests {
  private static let created = "creationTimestamp: \"2026-01-01T00:59:47Z\""

  /// The wide cells of one object.
  private func cells(_ apiVersion: String, _ kind: String, _ body: String) -> [String] {
    PrintingSample(
      """
      apiVersion: \(apiVersion)
      kind: \(kind)
      metadata: {name: x, \(Self.created)}
      \(body)
      """
    ).wideCells
  }

  @Test(arguments: [
    (
      "spec: {type: ClusterIP, clusterIP: 10.96.0.9, clusterIPs: [10.96.0.9], ports: [{port: 80}], "
        + "selector: {b: c, a: b}}",
      ["x", "ClusterIP", "10.96.0.9", "<none>", "80/TCP", "13s", "a=b,b=c"]
    ),
    (
      "spec: {type: ClusterIP, clusterIP: None}",
      ["x", "ClusterIP", "None", "<none>", "<none>", "13s", "<none>"]
    ),
    (
      "spec: {type: NodePort, clusterIP: 10.96.0.9, externalIPs: [9.9.9.9, 8.8.8.8], ports: "
        + "[{port: 53, protocol: UDP, nodePort: 30053}, {port: 80, nodePort: 30080}]}",
      [
        "x", "NodePort", "10.96.0.9", "9.9.9.9,8.8.8.8", "53:30053/UDP,80:30080/TCP", "13s",
        "<none>",
      ]
    ),
    (
      "spec: {type: LoadBalancer, clusterIP: 10.96.0.9, ports: [{port: 80}]}",
      ["x", "LoadBalancer", "10.96.0.9", "<pending>", "80/TCP", "13s", "<none>"]
    ),
    (
      "spec: {type: LoadBalancer, clusterIP: 10.96.0.9, ports: [{port: 80}]}\nstatus: "
        + "{loadBalancer: {ingress: [{hostname: lb.example.com}, {ip: 203.0.113.10}, "
        + "{ip: 203.0.113.10}]}}",
      [
        "x", "LoadBalancer", "10.96.0.9", "203.0.113.10,lb.example.com", "80/TCP", "13s",
        "<none>",
      ]
    ),
    (
      "spec: {type: ExternalName, externalName: example.com}",
      ["x", "ExternalName", "<none>", "example.com", "<none>", "13s", "<none>"]
    ),
  ])
  func `services show how they are reached`(_ body: String, _ expected: [String]) {
    #expect(cells("v1", "Service", body) == expected)
  }

  @Test(arguments: [
    (
      "status: {conditions: [{type: Ready, status: 'True'}], addresses: [{type: InternalIP, "
        + "address: 172.18.0.2}], nodeInfo: {kubeletVersion: v1.36.2, kernelVersion: '6.1', "
        + "architecture: arm64}}",
      [
        "x", "Ready", "<none>", "13s", "v1.36.2", "172.18.0.2", "<none>", "<unknown>",
        "6.1 (arm64)", "<unknown>",
      ]
    ),
    (
      "spec: {unschedulable: true}\nstatus: {conditions: [{type: Ready, status: Unknown}], "
        + "nodeInfo: {kubeletVersion: v1}}",
      [
        "x", "NotReady,SchedulingDisabled", "<none>", "13s", "v1", "<none>", "<none>",
        "<unknown>", "<unknown>", "<unknown>",
      ]
    ),
  ])
  func `nodes show whether pods may run there`(_ body: String, _ expected: [String]) {
    #expect(cells("v1", "Node", body) == expected)
  }

  @Test func `a node's roles are sorted and each is there once`() {
    let sample = PrintingSample(
      """
      apiVersion: v1
      kind: Node
      metadata: {name: one, labels: {node-role.kubernetes.io/worker: "", \
      node-role.kubernetes.io/etcd: "", kubernetes.io/role: worker}}
      """)
    #expect(Array(sample.wideCells.dropFirst().prefix(2)) == ["Unknown", "etcd,worker"])
  }

  @Test(arguments: [
    ("ports: []\nendpoints: []", ["<unset>", "<unset>"]),
    (
      "ports: [{port: 1}, {port: 2}, {port: 3}, {port: 4}, {port: 5}]\nendpoints: "
        + "[{addresses: [10.0.0.1], conditions: {ready: false}}, {addresses: [10.0.0.2]}]",
      ["1,2,3 + 2 more...", "10.0.0.1,10.0.0.2"]
    ),
    (
      "ports: [{name: any}]\nendpoints: [{addresses: [10.0.0.1]}, {addresses: [10.0.0.2]}, "
        + "{addresses: [10.0.0.3]}, {addresses: [10.0.0.4]}]",
      ["any", "10.0.0.1,10.0.0.2,10.0.0.3 + 1 more..."]
    ),
  ])
  func `slices show three ports and three addresses`(_ body: String, _ expected: [String]) {
    let cells = cells("discovery.k8s.io/v1", "EndpointSlice", "addressType: IPv4\n" + body)
    #expect(Array(cells.dropFirst(2).prefix(2)) == expected)
  }

  @Test(arguments: [
    ("v1", "Endpoints", "subsets: []", ["x", "<none>", "13s"]),
    (
      "v1", "Endpoints",
      "subsets: [{addresses: [{ip: 10.0.0.1}, {ip: fd00--1}], ports: [{port: 1}, {port: 2}]}]",
      ["x", "10.0.0.1:1,fd00--1:1,10.0.0.1:2 + 1 more...", "13s"]
    ),
    ("v1", "ConfigMap", "data: {a: b}\nbinaryData: {c: aGk=}", ["x", "2", "13s"]),
    ("v1", "Secret", "stringData: {a: b}", ["x", "Opaque", "1", "13s"]),
    ("v1", "ServiceAccount", "", ["x", "0", "13s"]),
    ("example.com/v1", "Widget", "spec: {a: 1}", ["x", "13s"]),
    ("networking.k8s.io/v1", "NetworkPolicy", "spec: {podSelector: {}}", ["x", "<none>", "13s"]),
    (
      "networking.k8s.io/v1", "NetworkPolicy",
      "spec: {podSelector: {matchLabels: {b: c}, matchExpressions: [{key: a, operator: In, "
        + "values: [z, w]}, {key: d, operator: DoesNotExist}]}}",
      ["x", "a in (w,z),b=c,!d", "13s"]
    ),
    (
      "networking.k8s.io/v1", "Ingress",
      "spec: {ingressClassName: nginx, tls: [{}], rules: [{host: a}, {host: b}, {host: c}, "
        + "{host: d}, {}]}",
      ["x", "nginx", "a,b,c + 2 more...", "", "80, 443", "13s"].filter { !$0.isEmpty }
    ),
    (
      "autoscaling/v2", "HorizontalPodAutoscaler",
      "spec: {maxReplicas: 4, scaleTargetRef: {kind: Deployment, name: web}, metrics: "
        + "[{type: Resource, resource: {name: cpu, target: {averageUtilization: 80}}}]}\nstatus: "
        + "{currentReplicas: 2, currentMetrics: [{type: Resource, resource: {current: "
        + "{averageUtilization: 31}}}]}",
      ["x", "Deployment/web", "cpu: 31%/80%", "<unset>", "4", "2", "13s"]
    ),
    (
      "apps/v1", "StatefulSet",
      "spec: {replicas: 3, template: {spec: {containers: [{name: a, image: i}, {name: b, "
        + "image: j}]}}}\nstatus: {readyReplicas: 1}", ["x", "1/3", "13s", "a,b", "i,j"]
    ),
    (
      "batch/v1", "Job",
      "spec: {completions: 3, template: {spec: {containers: [{name: a, image: i}]}}}\nstatus: "
        + "{succeeded: 1, startTime: '2026-01-01T00:58:00Z'}",
      ["x", "Running", "1/3", "2m", "13s", "a", "i", "<none>"]
    ),
    (
      "policy/v1", "PodDisruptionBudget", "spec: {maxUnavailable: 25%}",
      ["x", "N/A", "25%", "0", "13s"]
    ),
  ])
  func `kinds that are only kept have their usual columns`(
    _ apiVersion: String, _ kind: String, _ body: String, _ expected: [String]
  ) {
    #expect(cells(apiVersion, kind, body) == expected)
  }

  private static let deployments = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web, namespace: shop, \(created), labels: {app: web, a/tier: "1"}}
    spec:
      replicas: 3
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec: {containers: [{name: main, image: nginx}, {name: log, image: fluent}]}
    status: {readyReplicas: 2, updatedReplicas: 1, availableReplicas: 2}
    """

  @Test func `a table has the columns that were asked for`() {
    let sample = PrintingSample(Self.deployments)
    #expect(
      sample.table() == """
        NAME   READY   UP-TO-DATE   AVAILABLE   AGE
        web    2/3     1            2           13s

        """)
    #expect(
      sample.table {
        $0.isWide = true
        $0.withNamespace = true
      } == """
        NAMESPACE   NAME   READY   UP-TO-DATE   AVAILABLE   AGE   CONTAINERS   IMAGES         SELECTOR
        shop        web    2/3     1            2           13s   main,log     nginx,fluent   app=web

        """)
    #expect(
      sample.table {
        $0.withKind = true
        $0.labelColumns = ["a/tier", "nothing"]
        $0.showLabels = true
      } == """
        NAME                  READY   UP-TO-DATE   AVAILABLE   AGE   TIER   NOTHING   LABELS
        deployment.apps/web   2/3     1            2           13s   1                a/tier=1,app=web

        """)
    #expect(sample.table { $0.noHeaders = true } == "web   2/3   1     2     13s\n")
  }

  @Test func `no objects make no table`() {
    #expect(printTable(.pods, [], PrintContext(now: Timestamp(seconds: 0))) == "")
  }
}
