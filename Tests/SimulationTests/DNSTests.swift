import ClusterModel
import ControlPlane
import DataPlane
import Simulation
import SimulationCore
import Testing

/// A cluster with a Service of every kind, and pods to ask from.
private func world(_ change: (inout PodSpec) -> Void = { _ in }) throws -> World {
  var world = World()
  func service(_ name: String, _ change: (inout Service) -> Void) throws {
    var service = Service(metadata: ObjectMeta(name: name, namespace: "default"))
    service.ports = [ServicePort(name: "http", port: 80, targetPort: .integer(8080))]
    change(&service)
    try world.perform(.create(.service(service)))
  }
  try service("web") { $0.clusterIPs = [IPAddress(v4: 0x0A60_0064)] }
  try service("alias") {
    $0.type = .externalName
    $0.ports = []
    $0.externalName = "web.default.svc.cluster.local"
  }
  try service("outside") {
    $0.type = .externalName
    $0.ports = []
    $0.externalName = "db.example.com"
  }
  for name in ["peers", "nobody"] { try service(name) { $0.isHeadless = true } }
  var slice = EndpointSlice(metadata: ObjectMeta(name: "peers-1", namespace: "default"))
  slice.metadata.labels = [EndpointSlice.serviceNameLabel: "peers"]
  slice.ports = [.init(name: "http", port: 8080)]
  slice.endpoints = [UInt32(1), 2, 3].map { host in
    var endpoint = Endpoint(address: IPAddress(v4: 0x0AF4_0900 + host))
    endpoint.isReady = host != 3
    if host == 2 { endpoint.hostname = "second" }
    return endpoint
  }
  try world.perform(.create(.endpointSlice(slice)))
  var spec = PodSpec(containers: [Container(name: "main", image: "image")])
  change(&spec)
  try world.perform(
    .create(
      .pod(Pod(metadata: ObjectMeta(name: "client", namespace: "default"), spec: Shared(spec)))))
  world.advance(by: .seconds(20))
  return world
}

private let client = TraceRequest.Source.pod(namespace: "default", name: "client")

@Suite struct `The cluster's DNS` {
  @Test(arguments: [
    ("web.default.svc.cluster.local", "A", "NOERROR 10.96.0.100"),
    ("WEB.Default.svc.cluster.local", "A", "NOERROR 10.96.0.100"),
    ("web.default.svc.cluster.local", "AAAA", "NOERROR"),
    ("web.default.svc.cluster.local", "SRV", "NOERROR 0 100 80 web.default.svc.cluster.local."),
    (
      "_http._tcp.web.default.svc.cluster.local", "SRV",
      "NOERROR 0 100 80 web.default.svc.cluster.local."
    ),
    ("_ftp._tcp.web.default.svc.cluster.local", "SRV", "NXDOMAIN"),
    ("_http._udp.web.default.svc.cluster.local", "SRV", "NXDOMAIN"),
    ("peers.default.svc.cluster.local", "A", "NOERROR 10.244.9.1 10.244.9.2"),
    ("10-244-9-1.peers.default.svc.cluster.local", "A", "NOERROR 10.244.9.1"),
    ("second.peers.default.svc.cluster.local", "A", "NOERROR 10.244.9.2"),
    ("10-244-9-3.peers.default.svc.cluster.local", "A", "NXDOMAIN"),
    (
      "_http._tcp.peers.default.svc.cluster.local", "SRV",
      "NOERROR 0 50 8080 10-244-9-1.peers.default.svc.cluster.local. "
        + "0 50 8080 second.peers.default.svc.cluster.local."
    ),
    ("nobody.default.svc.cluster.local", "A", "NXDOMAIN"),
    ("nosuch.default.svc.cluster.local", "A", "NXDOMAIN"),
    ("web.nosuch.svc.cluster.local", "A", "NXDOMAIN"),
    ("default.svc.cluster.local", "A", "NOERROR"), ("svc.cluster.local", "A", "NOERROR"),
    ("nosuch.svc.cluster.local", "A", "NXDOMAIN"), ("nosuch.cluster.local", "A", "NXDOMAIN"),
    (
      "alias.default.svc.cluster.local", "A",
      "NOERROR web.default.svc.cluster.local. 10.96.0.100"
    ),
    ("alias.default.svc.cluster.local", "CNAME", "NOERROR web.default.svc.cluster.local."),
    ("10-1-2-3.default.pod.cluster.local", "A", "NOERROR 10.1.2.3"),
    ("10-1-2.default.pod.cluster.local", "A", "NXDOMAIN"),
    ("10-1-2-3.nosuch.pod.cluster.local", "A", "NXDOMAIN"),
    ("dns-version.cluster.local", "TXT", "NOERROR \"1.1.0\""),
    ("100.0.96.10.in-addr.arpa", "PTR", "NOERROR web.default.svc.cluster.local."),
    ("2.9.244.10.in-addr.arpa", "PTR", "NOERROR second.peers.default.svc.cluster.local."),
    ("9.9.9.9.in-addr.arpa", "PTR", "NXDOMAIN"), ("example.invalid", "A", "NXDOMAIN"),
    ("web.default", "A", "NXDOMAIN"), ("", "A", "NXDOMAIN"), ("..", "A", "NXDOMAIN"),
  ])
  func `answers from the state of the API`(name: String, type: String, expected: String) throws {
    let type = try #require(DNSType(rawValue: type))
    let answer = ClusterDNS(try world()).answer(DNSQuestion(name, type))
    // The plugin loadbalance shuffles addresses.
    let isShuffled = answer.answers.allSatisfy { $0.address != nil }
    let records = answer.answers.map(\.text)
    let text = ([answer.code.rawValue] + (isShuffled ? records.sorted() : records))
      .joined(separator: " ")
    #expect(text == expected)
  }

  @Test func `addresses come in another order as time passes, the same in every run`() throws {
    var world = try world()
    let question = DNSQuestion("peers.default.svc.cluster.local", .a)
    var orders: Set<String> = []
    for _ in 0..<40 {
      let answer = ClusterDNS(world).answer(question)
      #expect(answer == ClusterDNS(world).answer(question))
      orders.insert(answer.answers.map(\.text).joined(separator: " "))
      world.advance(by: .seconds(1))
    }
    #expect(orders == ["10.244.9.1 10.244.9.2", "10.244.9.2 10.244.9.1"])
  }

  @Test func `an answer has the size that dig shows of a real CoreDNS`() throws {
    let question = DNSQuestion("kubernetes.default.svc.cluster.local", .a)
    #expect(ClusterDNS(try world()).answer(question).size(of: question, cookie: 8) == 129)
  }

  @Test func `says why there is nothing with the zone's SOA`() throws {
    let dns = ClusterDNS(try world())
    for name in ["nosuch.default.svc.cluster.local", "svc.cluster.local"] {
      let answer = dns.answer(DNSQuestion(name, .a))
      #expect(answer.authority.map(\.type) == [.soa])
      #expect(answer.authority.first?.ttl == 30)
    }
  }

  @Test func `an address's name leads back to it`() throws {
    for text in ["10.244.1.5", "fd00:10:244::5"] {
      let address = try #require(IPAddress(text))
      let name = ReverseName.text(address)
      #expect(name.hasSuffix(".arpa."))
      #expect(ClusterDNS(try world()).answer(DNSQuestion(name, .ptr)).code == .nameError)
    }
  }

  @Test func `nobody answers once CoreDNS has gone`() throws {
    var world = try world()
    #expect(Resolver(for: client, in: world).isReachable)
    var coreDNS = try #require(world.store.deployments["kube-system", "coredns"])
    coreDNS.replicas = 0
    try world.perform(.replace(.deployment(coreDNS)))
    world.advance(by: .seconds(60))
    let resolver = Resolver(for: client, in: world)
    #expect(!resolver.isReachable)
    #expect(resolver.lookUp("web").map(\.answer.code) == [.timeout])
  }
}

@Suite struct `A pod's resolver` {
  @Test(arguments: [
    ("web", ["web.default.svc.cluster.local."]),
    (
      "example.com",
      [
        "example.com.default.svc.cluster.local.", "example.com.svc.cluster.local.",
        "example.com.cluster.local.", "example.com.",
      ]
    ),
    ("example.com.", ["example.com."]), ("a.b.c.d.example.com", ["a.b.c.d.example.com."]),
    (
      "peers.default.svc",
      [
        "peers.default.svc.default.svc.cluster.local.", "peers.default.svc.svc.cluster.local.",
        "peers.default.svc.cluster.local.",
      ]
    ),
  ])
  func `asks the search domains as long as the name has few dots`(
    name: String, questions: [String]
  ) throws {
    let lookups = Resolver(for: client, in: try world()).lookUp(name)
    #expect(lookups.map(\.question.name) == questions)
    #expect(lookups.last?.answer.addresses.isEmpty == false)
  }

  @Test func `has the cluster's server and the namespace's domains`() throws {
    let world = try world()
    let pod = try #require(world.store.pods["default", "client"])
    #expect(
      ResolverConfiguration(of: pod, in: world).text == """
        search default.svc.cluster.local svc.cluster.local cluster.local
        nameserver 10.96.0.10
        options ndots:5

        """)
  }

  @Test func `takes what dnsConfig adds, and it alone under the policy None`() throws {
    let config: Value = [
      "nameservers": ["1.1.1.1"], "searches": ["example.org", "cluster.local"],
      "options": [["name": "ndots", "value": "2"], ["name": "edns0"]],
    ]
    for (policy, expected) in [
      (
        "ClusterFirst",
        "search default.svc.cluster.local svc.cluster.local cluster.local example.org\n"
          + "nameserver 10.96.0.10\nnameserver 1.1.1.1\noptions ndots:2 edns0\n"
      ),
      (
        "None",
        "search example.org cluster.local\nnameserver 1.1.1.1\noptions ndots:2 edns0\n"
      ),
    ] {
      let world = try world {
        $0.dnsPolicy = policy
        $0.dnsConfig = config
      }
      let pod = try #require(world.store.pods["default", "client"])
      #expect(ResolverConfiguration(of: pod, in: world).text == expected)
    }
  }

  @Test func `on the host network it is the node's`() throws {
    let world = try world { $0.hostNetwork = true }
    let pod = try #require(world.store.pods["default", "client"])
    #expect(ResolverConfiguration(of: pod, in: world) == .node)
  }
}
