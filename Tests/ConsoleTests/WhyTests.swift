import ClusterModel
import Simulation
import SimulationCore
import Testing

@testable import Console

/// What stops a packet, and changes that help. Every fix shown was tried; here it is carried out
/// once more on the cluster itself.
@Suite struct WhyTests {
  private static let manifests = """
    {apiVersion: v1, kind: Pod, metadata: {name: client}, spec: {containers: [{name: c, image: i}]}}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      replicas: 2
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web, tier: front}}
        spec: {containers: [{name: c, image: i, ports: [{name: http, containerPort: 8080}]}]}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: sick}
    spec:
      selector: {matchLabels: {app: sick}}
      template:
        metadata: {labels: {app: sick}, annotations: {kubarium.dev/ready: "false"}}
        spec:
          containers:
          - {name: c, image: i, readinessProbe: {httpGet: {path: /r, port: 80}}}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: idle}
    spec:
      replicas: 0
      selector: {matchLabels: {app: idle}}
      template: {metadata: {labels: {app: idle}}, spec: {containers: [{name: c, image: i}]}}
    """

  private static let services = [
    ("good", "app: web", "8080"), ("typo", "app: wbe", "8080"),
    ("tier", "app: web, tier: back", "8080"), ("wrongport", "app: web", "9090"),
    ("named", "app: web", "htp"), ("sick", "app: sick", "80"), ("idle", "app: idle", "80"),
  ]

  private func console(_ more: String = "") throws -> Console {
    var text = Self.manifests
    for (name, selector, port) in Self.services {
      text += """

        ---
        apiVersion: v1
        kind: Service
        metadata: {name: \(name)}
        spec: {type: NodePort, selector: {\(selector)}, ports: [{port: 80, targetPort: \(port)}]}
        """
    }
    text += """

      ---
      apiVersion: v1
      kind: Service
      metadata: {name: peers}
      spec: {clusterIP: None, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: local}
      spec: {internalTrafficPolicy: Local, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
      """
    var console = Console(world: World())
    let files = MemoryFiles(texts: ["all.yaml": text])
    let result = console.execute("apply -f all.yaml; advance 30s; \(more)", reading: files)
    #expect(result.status == 0, "\(result.errors)")
    return console
  }

  static let causes: [(String, String, String)] = [
    ("svc/typo", "the selector app=wbe of Service default/typo matches no pod", "app=web"),
    ("svc/tier", "the selector app=web,tier=back of Service default/tier", "app=web,tier=front"),
    ("svc/wrongport", "targetPort 9090, on which its pods do not listen", "\"value\":8080"),
    ("svc/named", "targetPort \"htp\" of Service default/named is the name of no", "\"http\""),
    ("svc/sick", "the one pod behind Service default/sick is not ready", "kubarium.dev/ready-"),
    ("svc/idle", "the selector app=idle of Service default/idle matches no pod", "--replicas=1"),
    ("svc/good:81", "Service default/good has no port 81", "trace pod/client svc/good.default:80"),
    ("goood:80", "the nearest is good", "trace pod/client good:80"),
    ("svc/peers:80", "a headless Service translates no ports", "trace pod/client svc/peers:8080"),
    ("peers:80", "a headless Service translates no ports", "trace pod/client peers:8080"),
    ("node/node-1:80", "is the port of Service", "trace pod/client node/node-1:3"),
    ("10.244.1.250:8080", "no pod has the address 10.244.1.250", "trace pod/client svc/good"),
    ("10.96.200.200:80", "no Service has the cluster IP 10.96.200.200", ""),
  ]

  @Test(arguments: causes)
  func `the one cause is named, and a fix that works`(to: String, cause: String, fix: String) throws
  {
    var console = try console()
    let result = console.execute("why pod/client \(to)")
    #expect(result.status == 0)
    let lines = result.output.split(separator: "\n").map(String.init)
    #expect(lines.contains { $0.hasPrefix("cause: ") && $0.contains(cause) }, "\(result.output)")
    let fixes = lines.filter { $0.hasPrefix("fix:   ") }.map { String($0.dropFirst(7)) }
    guard !fix.isEmpty else { return #expect(fixes.isEmpty) }
    let first = try #require(fixes.first, "\(result.output)")
    #expect(first.contains(fix))
    let after = console.execute(first)
    #expect(after.status == 0)
    if !first.hasPrefix("trace") {
      console.world.advance(by: .seconds(60))
      #expect(console.execute("trace pod/client \(to)").output.contains("\ndelivered: "))
    } else {
      #expect(after.output.contains("\ndelivered: "))
    }
  }

  @Test func `asking changes nothing`() throws {
    var console = try console()
    let before = console.world.digest
    for (to, _, _) in Self.causes { _ = console.execute("why pod/client \(to)") }
    _ = console.execute("trace pod/client svc/good --compare")
    _ = console.execute("trace pod/client svc/good --compare cni")
    #expect(console.world.digest == before)
  }

  @Test func `a Local policy without a local endpoint`() throws {
    var console = try console()
    let nodes = console.world.store.pods.list(namespace: "default")
      .filter { $0.metadata.name.hasPrefix("web-") }.map(\.nodeName)
    let other = try #require(["node-1", "node-2", "node-3"].first { !nodes.contains($0) })
    let text = console.execute("why node/\(other) svc/local").output
    #expect(
      text.contains("cause: internalTrafficPolicy of Service default/local is Local, and node"))
    #expect(text.contains("{\"spec\":{\"internalTrafficPolicy\":\"Cluster\"}}"))
  }

  @Test func `a DNS without pods`() throws {
    var console = try console(
      "scale deployment coredns --replicas=0 -n kube-system; advance 60s")
    let text = console.execute("why pod/client good:80").output
    #expect(text.contains("cause: the DNS server 10.96.0.10 does not answer"))
    #expect(text.contains("fix:   kubectl scale deployment coredns --replicas=2 -n kube-system"))
  }

  @Test func `what works is said to`() throws {
    var console = try console()
    #expect(console.execute("why pod/client svc/good").output.contains("nothing is in the way"))
    #expect(console.execute("why svc/good").output == "svc/good works on 80/TCP.\n")
    #expect(console.execute("why svc/typo").output.contains("kubectl set selector service typo"))
    #expect(console.whyFlow(from: "pod/client", to: "svc/good")?.isWorking == true)
    #expect(console.whyFlow(from: "pod/client", to: "svc/typo")?.fixes.isEmpty == false)
  }

  @Test(arguments: [
    ("why pod/nosuch svc/good", "Error from server (NotFound): pods \"nosuch\" not found\n"),
    ("why pod/client svc/nosuch", "Error from server (NotFound): services \"nosuch\" not found\n"),
    ("trace pod/client pod/nosuch:80", "Error from server (NotFound): pods \"nosuch\" not found\n"),
    ("trace pod/client 10.244.1:80", "error: \"10.244.1\" is no IP address: "),
    ("trace 300.1.1.1 svc/good", "error: \"300.1.1.1\" is no IP address: "),
    ("trace pod/client svc/good:nosuch", "error: \"nosuch\" is no port: 1 to 65535, "),
    ("trace pod/client svc/good --protocol ip", "error: --protocol is tcp, udp, sctp or icmp"),
    ("trace pod/client svc/good --size 5", "error: --size is the length of the IP packet"),
    ("trace pod/client svc/good --compare=x", "error: --compare is modes or cni"),
    ("why request 999999", "error: the log has "), ("why request x", "error: \"x\" is no number"),
  ])
  func `what cannot be answered says why`(command: String, message: String) throws {
    var console = try console()
    let result = console.execute(command)
    #expect(result.status == 1)
    #expect(result.errors.hasPrefix(message), "\(result.errors)")
  }

  @Test func `a pod without an address says what to do`() throws {
    var console = try console(
      "run late --image=i")
    let result = console.execute("trace pod/late svc/good")
    #expect(result.status == 1)
    #expect(result.errors.contains("pod default/late has no address yet: "))
  }

  @Test func `a comparison has a row for every mode and every CNI`() throws {
    var console = try console()
    let modes = console.execute("trace pod/client svc/good --compare").output
    for mode in ProxyMode.allCases { #expect(modes.contains("\n\(mode.rawValue)")) }
    let networks = console.execute("trace pod/client svc/good --compare cni").output
    for cni in CNI.allCases { #expect(networks.contains("\n\(cni.rawValue)")) }
    let value = console.execute("trace pod/client svc/good --compare -o json").output
    #expect(value.contains("\"proxyMode\": \"nftables\""))
  }

  @Test func `a trace's lines are no longer than 120 columns`() throws {
    var console = try console()
    for to in ["svc/good", "node/node-2:10250", "example.com:80", "svc/good --compare cni"] {
      let text = console.execute("trace pod/client \(to)").output
      for line in text.split(separator: "\n") { #expect(line.count <= 120, "\(line)") }
    }
  }
}
