import ClusterModel
import Simulation
import Testing

@testable import Console

private let objects = """
  apiVersion: v1
  kind: Pod
  metadata: {name: web, labels: {app: web}}
  spec: {containers: [{name: c, image: web, ports: [{name: http, containerPort: 8080}]}]}
  ---
  apiVersion: v1
  kind: Service
  metadata: {name: web}
  spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
  ---
  apiVersion: v1
  kind: Service
  metadata: {name: empty}
  spec: {selector: {app: nothing}, ports: [{port: 80}]}
  ---
  apiVersion: v1
  kind: Pod
  metadata: {name: client}
  spec: {containers: [{name: c, image: c, ports: [{containerPort: 9}]}]}
  """

private let rules = """
  apiVersion: networking.k8s.io/v1
  kind: Ingress
  metadata: {name: shop}
  spec:
    tls: [{hosts: [safe.example], secretName: cert}]
    rules:
    - host: shop.example
      http:
        paths:
        - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
        - {path: /empty, pathType: Exact, backend: {service: {name: empty, port: {number: 80}}}}
        - {path: /missing, pathType: Exact, backend: {service: {name: absent, port: {number: 80}}}}
    - host: safe.example
      http:
        paths:
        - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
  ---
  apiVersion: networking.k8s.io/v1
  kind: NetworkPolicy
  metadata: {name: from-anywhere}
  spec: {podSelector: {matchLabels: {app: web}}, ingress: [{}]}
  """

private struct Rules: FileReading {
  func files(at path: String, recursively: Bool) throws(UnreadableFile) -> [SourceFile] {
    [SourceFile(name: path, bytes: Array(rules.utf8))]
  }
}

/// The objects, a controller, then the rules; `{IP}` of a command is the controller's address.
private struct Shop {
  var console: Console

  init() throws {
    var configuration = WorldConfiguration()
    configuration.cni = .calico
    let file = SourceFile(name: "objects.yaml", bytes: Array(objects.utf8))
    console = try SessionLoader.load([file], configuration: configuration).console
    _ = run("ingress install --type NodePort", "advance 20s", "apply -f rules.yaml", "advance 5s")
  }

  mutating func run(_ commands: String...) -> CommandResult {
    var last = CommandResult()
    for command in commands { last = console.execute(command, reading: Rules()) }
    return last
  }

  mutating func curl(_ words: String) -> CommandResult {
    let service = console.world.store.services["ingress-system", "ingress-controller"]
    let address = service?.clusterIP.map { "\($0)" } ?? ""
    return run(
      "kubectl exec client -- curl -s "
        + words.split(separator: "{IP}", omittingEmptySubsequences: false).joined(
          separator: address))
  }
}

@Test func `a request goes through the controller to the pod that its rule names`() throws {
  var shop = try Shop()
  #expect(shop.curl("-H 'Host: shop.example' http://{IP}/a/b").output == "web\n")
  #expect(shop.curl("--resolve shop.example:80:{IP} http://shop.example/").output == "web\n")
  let code = "-o /dev/null -w '%{http_code}'"
  #expect(shop.curl("\(code) -H 'Host: other' http://{IP}/").output == "404")
  #expect(shop.curl("\(code) -H 'Host: shop.example' http://{IP}/empty").output == "503")
  #expect(shop.curl("\(code) -H 'Host: shop.example' http://{IP}/missing").output == "503")
  #expect(shop.curl("-f -H 'Host: other' http://{IP}/").status == 22)
}

@Test func `TLS is there for the hosts that ask for it`() throws {
  var shop = try Shop()
  #expect(shop.curl("--resolve safe.example:443:{IP} https://safe.example/").output == "web\n")
  let unsafe = "--resolve shop.example:443:{IP} https://shop.example/"
  #expect(shop.curl(unsafe).status == 60)
  #expect(shop.curl("-k " + unsafe).output == "web\n")
}

@Test func `policies see the controller's pod as the source`() throws {
  var shop = try Shop()
  let path = "'[{\"op\":\"replace\",\"path\":\"/spec/ingress\",\"value\":"
  _ = shop.run(
    "patch netpol from-anywhere --type=json -p \(path)"
      + "[{\"from\":[{\"podSelector\":{}}]}]}]'", "advance 1s")
  let code = "-o /dev/null -w '%{http_code}' -H 'Host: shop.example' http://{IP}/"
  #expect(shop.curl(code).output == "504")
  _ = shop.run(
    "patch netpol from-anywhere --type=json -p \(path)[{\"from\":[{\"namespaceSelector\":"
      + "{\"matchLabels\":{\"kubernetes.io/metadata.name\":\"ingress-system\"}}}]}]}]'",
    "advance 1s")
  #expect(shop.curl(code).output == "200")
}

@Test func `the Ingress shows its class, its address and what its controller said`() throws {
  var shop = try Shop()
  let service = shop.console.world.store.services["ingress-system", "ingress-controller"]
  let address = try #require(service?.clusterIP)
  #expect(
    shop.run("get ingress shop --no-headers").output.split(separator: " ").map(String.init)
      == ["shop", "kubarium", "shop.example,safe.example", "\(address)", "80,", "443", "5s\n"])
  let text = shop.run("describe ingress shop").output
  #expect(text.contains("Address:          \(address)\n"))
  #expect(text.contains("Normal  Sync    5s    ingress-controller  Scheduled for sync\n"))
}

@Test func `without a controller an Ingress has no address`() throws {
  var configuration = WorldConfiguration()
  configuration.workers = 1
  var console = Console(world: World(configuration: configuration))
  #expect(console.execute("apply -f rules.yaml", reading: Rules()).status == 0)
  _ = console.execute("advance 10s")
  let row = console.execute("get ingress shop --no-headers").output
  #expect(row.split(separator: " ").map(String.init)[1] == "<none>")
  let last = console.execute("describe ingress shop").output.split(separator: "\n").last ?? ""
  #expect(last.hasPrefix("Events:") && last.hasSuffix(" <none>"))
}

@Test func `clients outside come through the controller`() throws {
  var shop = try Shop()
  func counts(_ shop: Shop) throws -> (success: UInt64, failure: UInt64) {
    let world = shop.console.world
    let edge = try #require(
      world.traffic.edges(at: world.now).first { $0.client == .external && $0.service == "web" })
    let all = edge.measured.counts
    return (UInt64(all.success), UInt64(all.refused + all.timedOut + all.error))
  }
  _ = shop.run("advance 20s")
  var now = try counts(shop)
  #expect(now.success > 200 && now.failure == 0)
  let edges = shop.console.world.traffic.edges(at: shop.console.world.now)
  #expect(!edges.contains { $0.service == "ingress-controller" })
  // Without a controller's pod nobody gets in.
  _ = shop.run("scale deployment ingress-controller -n ingress-system --replicas=0", "advance 60s")
  now = try counts(shop)
  #expect(now.success == 0 && now.failure > 200)
}
