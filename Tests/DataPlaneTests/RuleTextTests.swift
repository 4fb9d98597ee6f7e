import ClusterModel
import SimulationCore
import Testing

@testable import DataPlane

/// The rules of `table` in `text`, without the jumps from built-in chains.
private func rules(_ text: String, _ table: String) -> [String] {
  var isInside = false
  var rules: [String] = []
  for line in text.split(separator: "\n") {
    if line.hasPrefix("*") { isInside = line == "*\(table)" }
    if isInside, line.hasPrefix("-A KUBE-") { rules.append(String(line)) }
  }
  return rules
}

@Suite struct `iptables-save` {
  private func text(_ cluster: TestCluster, node: Int = 1) -> String {
    cluster.plane.iptablesSave(on: cluster.node(node)) ?? ""
  }

  private func cluster(
    _ service: Service, _ endpoints: [Endpoint],
    configure: (inout NetworkConfiguration) -> Void = { _ in }
  ) -> TestCluster {
    var cluster = TestCluster(configure: configure)
    cluster.set(service)
    cluster.setEndpoints(endpoints)
    cluster.settle()
    return cluster
  }

  // pkg/proxy/iptables/number_generated_rules_test.go
  @Test(arguments: [0, 1, 3, 10], [1, 2, 5])
  func `has as many rules as kube-proxy writes`(endpoints: Int, services: Int) {
    for isExposed in [false, true] {
      var cluster = TestCluster()
      for number in 1...services {
        cluster.set(Self.service(number, isExposed: isExposed))
        let own = (0..<endpoints).map { endpoint("10.244.1.\(number * 20 + $0)") }
        cluster.setEndpoints(own, of: "web-\(number)")
      }
      cluster.settle()
      let text = text(cluster)
      let (filter, nat) = (rules(text, "filter").count, rules(text, "nat").count)
      if endpoints == 0 {
        #expect(filter == 4 + services * (isExposed ? 4 : 1))
        #expect(nat == 5)
      } else {
        #expect(filter == 4 + services * (isExposed ? 1 : 0))
        #expect(nat == 5 + services * ((isExposed ? 10 : 2) + 3 * endpoints))
      }
    }
  }

  private static func service(_ number: Int, isExposed: Bool) -> Service {
    var service = isExposed ? TestCluster.exposed(.cluster) : TestCluster.web()
    service.metadata.name = "web-\(number)"
    service.clusterIPs = [ip("10.96.0.\(number)")]
    guard isExposed else { return service }
    service.ports[0].nodePort = 30000 + number
    service.externalIPs = ["203.0.113.\(number)"]
    service.loadBalancerIngress = [.init(ip: ip("203.0.114.\(number)"))]
    service.loadBalancerSourceRanges = ["192.0.2.0/24"]
    return service
  }

  @Test func `a Local external policy keeps the short ways to all endpoints`() {
    let service = TestCluster.exposed(.local) { $0.healthCheckNodePort = 31000 }
    let cluster = cluster(service, [endpoint("10.244.1.5"), endpoint("10.244.2.5")])
    let name = RuleNames.chainName(.external, "default/web:http", .tcp)
    let cluster1 = RuleNames.chainName(.cluster, "default/web:http", .tcp)
    let local = RuleNames.chainName(.local, "default/web:http", .tcp)
    #expect(
      rules(text(cluster), "nat").filter { $0.hasPrefix("-A \(name)") } == [
        "-A \(name) -s 10.244.0.0/16 -m comment --comment \"pod traffic for default/web:http "
          + "external destinations\" -j \(cluster1)",
        "-A \(name) -m comment --comment \"masquerade LOCAL traffic for default/web:http external "
          + "destinations\" -m addrtype --src-type LOCAL -j KUBE-MARK-MASQ",
        "-A \(name) -m comment --comment \"route LOCAL traffic for default/web:http external "
          + "destinations\" -m addrtype --src-type LOCAL -j \(cluster1)",
        "-A \(name) -j \(local)",
      ])
    // Node 3 has no endpoint: what comes from outside is dropped there.
    let drops = rules(text(cluster, node: 3), "filter").filter { $0.hasSuffix("-j DROP") }
    #expect(drops.filter { $0.contains("has no local endpoints") }.count == 3)
    #expect(!rules(text(cluster, node: 3), "nat").contains("-A \(name) -j \(local)"))
    #expect(
      text(cluster).contains(
        "-A KUBE-NODEPORTS -p tcp -m comment --comment \"default/web:http health check node port\" "
          + "-m tcp --dport 31000 -j ACCEPT\n"))
  }

  @Test func `affinity comes before the dice and is renewed at the endpoint`() {
    let service = TestCluster.web { $0.affinitySeconds = 10_800 }
    let text = text(cluster(service, [endpoint("10.244.1.5"), endpoint("10.244.2.5")]))
    let first = RuleNames.chainName(
      .endpoint, "default/web:http", .tcp, endpoint: "10.244.1.5:8080")
    let chain = RuleNames.chainName(.cluster, "default/web:http", .tcp)
    let body = rules(text, "nat").filter { $0.hasPrefix("-A \(chain)") }
    #expect(body.count == 5)
    #expect(
      body[1] == "-A \(chain) -m comment --comment \"default/web:http -> 10.244.1.5:8080\" "
        + "-m recent --rcheck --seconds 10800 --reap --name \(first) --mask 255.255.255.255 "
        + "--rsource -j \(first)")
    #expect(
      text.contains(
        "-A \(first) -p tcp -m comment --comment \"default/web:http\" -m recent --set "
          + "--name \(first) --mask 255.255.255.255 --rsource -m tcp "
          + "-j DNAT --to-destination 10.244.1.5:8080\n"))
  }

  @Test func `a source range that holds the node lets the load balancer's address in`() {
    let chain = RuleNames.chainName(.firewall, "default/web:http", .tcp)
    for (range, count) in [("192.168.0.0/24", 3), ("192.0.2.0/24", 2)] {
      let service = TestCluster.exposed(.cluster) { $0.loadBalancerSourceRanges = [range] }
      let body = rules(text(cluster(service, [endpoint("10.244.1.5")])), "nat")
        .filter { $0.hasPrefix("-A \(chain)") }
      #expect(body.count == count)
      #expect(body.last?.hasSuffix("will be dropped by KUBE-PROXY-FIREWALL\"") == true)
    }
  }

  @Test func `without a cluster CIDR nobody is masqueraded, with masqueradeAll everybody`() {
    func marks(_ configure: (inout NetworkConfiguration) -> Void) -> [String] {
      let cluster = cluster(
        TestCluster.web(), [endpoint("10.244.1.5")], configure: configure)
      return rules(text(cluster), "nat").filter {
        $0.hasPrefix("-A KUBE-SVC") && $0.hasSuffix("KUBE-MARK-MASQ")
      }
    }
    #expect(marks { $0.clusterCIDRForProxy = [] }.isEmpty)
    #expect(marks { _ in }.allSatisfy { $0.contains(" ! -s 10.244.0.0/16 -d ") })
    let all = marks { $0.masqueradeAll = true }
    #expect(all.count == 1)
    #expect(all.allSatisfy { !$0.contains("-s ") })
  }

  @Test func `a large cluster's endpoints have no comments`() {
    for (count, isLarge) in [(1000, false), (1001, true)] {
      let endpoints = (0..<count).map { endpoint("10.244.\(1 + $0 / 250).\($0 % 250 + 1)") }
      let text = text(cluster(TestCluster.web(), endpoints))
      #expect(text.contains(" -> ") != isLarge)
      #expect(rules(text, "nat").count == 5 + 2 + 3 * count)
    }
  }

  @Test func `a stopped proxy shows its old rules`() {
    var cluster = cluster(TestCluster.exposed(.cluster), [endpoint("10.244.1.5")])
    let before = text(cluster)
    cluster.plane.stopProxy(on: cluster.node(1))
    cluster.set(TestCluster.web { $0.ports[0].port = 81 })
    cluster.setEndpoints([endpoint("10.244.2.6")])
    cluster.runUntilQuiet()
    cluster.plane.prune()
    #expect(text(cluster) == before)
    #expect(text(cluster, node: 2).contains("--dport 81 "))
    #expect(!text(cluster, node: 2).contains("203.0.113.10"))
    cluster.plane.startProxy(on: cluster.node(1), at: cluster.now)
    cluster.runUntilQuiet()
    #expect(text(cluster) == text(cluster, node: 2))
  }

  @Test func `tables can be had one by one`() {
    let cluster = cluster(TestCluster.web(), [endpoint("10.244.1.5")])
    let node = cluster.node(1)
    let parts = ["mangle", "filter", "nat"].compactMap {
      cluster.plane.iptablesSave(on: node, table: $0)
    }
    #expect(parts.joined() == text(cluster))
    #expect(cluster.plane.iptablesSave(on: node, table: "nut") == nil)
    #expect(cluster.plane.iptablesSave(on: node, table: "raw") == "")
  }
}

@Suite struct `nft list ruleset` {
  private func text(
    _ service: Service, _ endpoints: [Endpoint], node: Int = 1
  ) -> String {
    var cluster = TestCluster(mode: .nftables)
    cluster.set(service)
    cluster.setEndpoints(endpoints)
    cluster.settle()
    return cluster.plane.nftRuleset(on: cluster.node(node))
  }

  @Test func `one rule chooses among all endpoints`() {
    let text = text(TestCluster.web(), [endpoint("10.244.1.5"), endpoint("10.244.2.5")])
    let chain = text.split(separator: "\n")
      .drop { !$0.hasPrefix("\tchain service-") || !$0.contains("/") }
    #expect(
      chain.dropFirst().first.map { String($0) }
        == "\t\tmeta l4proto tcp dnat ip to numgen random mod 2 map "
        + "{ 0 : 10.244.1.5 . 8080, 1 : 10.244.2.5 . 8080 }")
    #expect(text.contains("elements = { 10.244.1.5 . 10.244.1.5 . tcp . 8080 }\n"))
    #expect(text.contains("table ip6 kube-proxy {\n"))
  }

  @Test func `affinity has a set and a chain for each endpoint`() {
    let text = text(
      TestCluster.web { $0.affinitySeconds = 10_800 },
      [endpoint("10.244.1.5"), endpoint("10.244.2.5")])
    #expect(text.split(separator: "\n").filter { $0.hasPrefix("\tset affinity-") }.count == 2)
    #expect(text.contains("\t\tsize 65535\n\t\tflags dynamic,timeout\n\t\ttimeout 3h\n"))
    #expect(text.contains("vmap { 0 : goto endpoint-"))
    #expect(text.contains("\t\tmeta l4proto tcp dnat to 10.244.2.5:8080\n"))
  }

  @Test func `what nobody serves is refused, what nobody serves here is dropped`() {
    let nobody = text(TestCluster.exposed(.cluster), [])
    let end = "comment \"default/web:http\" : goto reject-chain"
    for key in [
      "10.96.0.100 . tcp . 80", "203.0.113.10 . tcp . 80", "203.0.113.20 . tcp . 80",
      "tcp . 30080",
    ] {
      #expect(nobody.contains("\(key) \(end)"))
    }
    let elsewhere = text(TestCluster.exposed(.local), [endpoint("10.244.1.5")], node: 2)
    #expect(elsewhere.contains("tcp . 30080 comment \"default/web:http\" : drop }"))
    #expect(elsewhere.contains("fib saddr type local goto service-"))
  }

  @Test(arguments: [
    (["203.0.113.0/25"], "203.0.113.0/25"), (["192.0.2.1/32"], "192.0.2.1"),
    (["203.0.113.0/25", "10.0.0.0/8"], "{ 10.0.0.0/8, 203.0.113.0/25 }"),
    (["10.97.0.0/16", "10.96.0.0/16"], "{ 10.96.0.0/15 }"),
    (["10.96.0.0/16", "10.97.0.0/16", "10.98.0.0/16"], "{ 10.96.0.0-10.98.255.255 }"),
    (["10.0.0.0/8", "10.1.0.0/16"], "{ 10.0.0.0/8 }"),
  ])
  func `ranges print as the tool prints them`(ranges: [String], text: String) {
    #expect(NftRanges.text(ranges.map(cidr)) == text)
  }

  @Test(arguments: [(10_800, "3h"), (93_784, "1d2h3m4s"), (60, "1m"), (1, "1s")])
  func `times print as the tool prints them`(seconds: Int, text: String) {
    #expect(NftBlock.time(seconds) == text)
  }
}
