import ClusterModel
import Testing

@testable import DataPlane

@Suite struct RuleNamesTests {
  @Test(arguments: [
    ("ns1/svc1:p80", "XPGD46QRK7WJZT7O"), ("ns2/svc2:p80", "GNZBNJ2PO5MGZ6GT"),
    ("ns3/svc3:p80", "X27LE4BHSL4DOUIK"), ("ns4/svc4:p80", "4SW47YFZTEDKD3PK"),
    ("ns5/svc5:p80", "NUKIZ6OKUXPJNT4C"), ("default/kubernetes:https", "NPX46M4PTMTKRN6Y"),
    ("default/web", "LOLE4ISW44XBNF3G"), ("kube-system/kube-dns:dns-tcp", "ERIFXISQEP7F7OF4"),
  ])
  func `a service chain is named by its port and protocol`(port: String, hash: String) {
    #expect(RuleNames.chainName(.cluster, port, .tcp) == "KUBE-SVC-\(hash)")
    #expect(RuleNames.chainName(.local, port, .tcp) == "KUBE-SVL-\(hash)")
  }

  @Test func `the protocol is part of the name`() {
    #expect(
      RuleNames.chainName(.cluster, "kube-system/kube-dns:dns", .udp) == "KUBE-SVC-TCOU7JCQXEZGVUNU"
    )
  }

  @Test(arguments: [
    ("ns1/svc1:p80", "10.180.0.1:80", "SXIVWICOYRO3J4NJ"),
    ("ns2/svc2:p80", "10.180.0.2:80", "RS4RBKLTHTF2IUXJ"),
    ("ns3/svc3:p80", "10.180.0.3:80", "OYPFS5VJICHGATKP"),
    ("ns4/svc4:p80", "10.180.0.4:80", "UKSFD7AGPMPPLUHC"),
    ("ns4/svc4:p80", "10.180.0.5:80", "C6EBXVWJJZMIWKLZ"),
    ("ns5/svc5:p80", "10.180.0.3:80", "I77PXRDZVX7PMWMN"),
  ])
  func `an endpoint chain has the endpoint in its name`(
    port: String, endpoint: String, hash: String
  ) {
    #expect(
      RuleNames.chainName(.endpoint, port, .tcp, endpoint: endpoint) == "KUBE-SEP-\(hash)")
  }

  @Test(arguments: [
    (1, "1.0000000000"), (2, "0.5000000000"), (3, "0.3333333333"), (10, "0.1000000000"),
    (100, "0.0100000000"), (1000, "0.0010000000"), (10000, "0.0001000000"),
    (100000, "0.0000100000"), (100001, "0.0000099999"),
  ])
  func `kube-proxy writes a probability with ten places`(count: Int, text: String) {
    #expect(RuleNames.writtenProbability(count: count) == text)
  }

  @Test(arguments: [(2, "0.50000000000"), (3, "0.33333333349")])
  func `the kernel keeps 31 bits of a probability`(count: Int, text: String) {
    #expect(RuleNames.printedProbability(count: count) == text)
  }

  @Test(arguments: [
    ("ns1", "svc1", "ULMVA6XW"), ("ns2", "svc2", "42NFTM6N"), ("ns3", "svc3", "4AT6LBPK"),
    ("ns4", "svc4", "LAUZTJTB"), ("ns5", "svc5", "HVFWP5L3"),
  ])
  func `an nftables chain carries its service's name`(
    namespace: String, service: String, hash: String
  ) {
    let identity = PortIdentity(
      namespace: namespace, service: service, portName: "p80", transport: .tcp, family: .ipv4)
    #expect(
      RuleNames.nftName(.service, identity) == "service-\(hash)-\(namespace)/\(service)/tcp/p80")
  }

  @Test func `an nftables endpoint chain ends with the endpoint`() throws {
    let identity = PortIdentity(
      namespace: "ns5", service: "svc5", portName: "p80", transport: .tcp, family: .ipv4)
    let address = try #require(IPAddress("10.180.0.3"))
    #expect(
      RuleNames.nftName(.endpoint, identity, endpoint: (address, 80))
        == "endpoint-GTK6MW7G-ns5/svc5/tcp/p80__10.180.0.3/80")
  }

  @Test func `a Calico interface is named by its pod`() {
    #expect(RuleNames.calicoInterface(namespace: "namespace", pod: "podname") == "cali82111e10a96")
    #expect(RuleNames.calicoInterface(namespace: "default", pod: "nginx") == "calic440f455693")
  }
}
