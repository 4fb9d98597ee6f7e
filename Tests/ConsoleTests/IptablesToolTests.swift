import ClusterModel
import Simulation
import Testing

@testable import Console

/// The lists of `iptables`, beside what iptables 1.8.9 (nf_tables) printed for the same rules.
@Suite struct `iptables lists rules as the real one does` {
  private static let save = """
    *nat
    :PREROUTING ACCEPT [0:0]
    :KUBE-EXT-A - [0:0]
    :KUBE-MARK-MASQ - [0:0]
    :KUBE-SEP-A - [0:0]
    :KUBE-SVC-A - [0:0]
    [3:180] -A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SVC-A
    [0:0] -A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000
    [0:0] -A KUBE-SEP-A -p tcp -m comment --comment "a/b:http" -m tcp -j DNAT --to-destination 10.244.0.4:8080
    [0:0] -A KUBE-SVC-A ! -s 10.244.0.0/16 -d 10.96.146.246/32 -p tcp -m comment --comment "a/b:http cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ
    [123456:7407360] -A KUBE-SVC-A -m comment --comment "a/b:http -> 10.244.0.4:8080" -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-A
    COMMIT
    """

  private func run(_ arguments: String) throws -> String {
    var options = IptablesOptions()
    try options.read(arguments.split(separator: " ").map(String.init))
    let listing = IptablesListing(Self.save, hooks: ["PREROUTING", "INPUT"])
    let chains = listing.chains.filter { options.chain == nil || $0.name == options.chain }
    let text = IptablesText(options: options, family: .ipv4, references: listing.references)
    return options.action == .list ? text.list(chains) : text.specifications(chains)
  }

  @Test func `with numbers`() throws {
    #expect(
      try run("-t nat -L KUBE-SVC-A -n") == """
        Chain KUBE-SVC-A (1 references)
        target     prot opt source               destination\("         ")
        KUBE-MARK-MASQ  6    -- !10.244.0.0/16        10.96.146.246        /* a/b:http cluster IP */ tcp dpt:80
        KUBE-SEP-A  0    --  0.0.0.0/0            0.0.0.0/0            /* a/b:http -> 10.244.0.4:8080 */ statistic mode random probability 0.50000000000

        """)
    #expect(
      try run("-t nat -nvL KUBE-SVC-A --line-numbers").split(separator: "\n").last
        == "2     123K 7407K KUBE-SEP-A  0    --  *      *       0.0.0.0/0            0.0.0.0/0"
        + "            /* a/b:http -> 10.244.0.4:8080 */ statistic mode random probability "
        + "0.50000000000")
  }

  @Test func `with names, in all chains`() throws {
    let text = try run("-t nat -L")
    #expect(
      text.hasPrefix(
        """
        Chain PREROUTING (policy ACCEPT)
        target     prot opt source               destination\("         ")
        KUBE-SVC-A  all  --  anywhere             anywhere             /* kubernetes service portals */

        Chain INPUT (policy ACCEPT)
        target     prot opt source               destination\("         ")

        Chain KUBE-EXT-A (0 references)

        """))
    #expect(text.contains(" tcp dpt:http\n") && text.contains(" MARK or 0x4000\n"))
    #expect(text.contains("/* a/b:http */ tcp to:10.244.0.4:8080\n"))
  }

  @Test func `as specifications`() throws {
    #expect(
      try run("-t nat -S").hasPrefix(
        "-P PREROUTING ACCEPT\n-P INPUT ACCEPT\n-N KUBE-EXT-A\n-N KUBE-MARK-MASQ\n"))
    #expect(
      try run("-t nat -S PREROUTING -v")
        == "-P PREROUTING ACCEPT -c 0 0\n-A PREROUTING -m comment --comment "
        + "\"kubernetes service portals\" -c 3 180 -j KUBE-SVC-A\n")
    #expect(try run("-S KUBE-SVC-A 9") == "")
  }

  @Test(arguments: [
    ("iptables", 2, "iptables v1.8.9 (nf_tables): no command specified\n"),
    ("iptables -t nosuch -L", 3, "iptables v1.8.9 (nf_tables): table 'nosuch' does not exist\n"),
    ("iptables -L NOSUCH", 1, "iptables v1.8.9 (nf_tables): chain `NOSUCH' in table `filter' is "),
    ("iptables -q", 2, "iptables v1.8.9 (nf_tables): unknown option \"-q\"\n"),
    ("iptables -t", 2, "iptables v1.8.9 (nf_tables): option \"-t\" requires an argument\n"),
    ("iptables -A INPUT -j DROP", 2, "iptables v1.8.9 (nf_tables): only -L and -S are simulated"),
    ("ip6tables -t nat -L -n", 0, ""), ("iptables -V", 0, ""), ("iptables -t raw -S", 0, ""),
  ])
  func `ends as the real one does`(command: String, status: Int32, errors: String) {
    var console = Console(world: World())
    let result = console.execute("ssh node-1 \(command)")
    #expect(result.status == status)
    #expect(result.errors.hasPrefix(errors))
  }
}
