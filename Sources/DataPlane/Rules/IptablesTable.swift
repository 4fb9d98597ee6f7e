import ClusterModel

/// One table as `iptables-save` prints it: the built-in chains, then the others by name.
struct IptablesTable: Sendable {
  private struct Chain: Sendable {
    var name: ChainName
    /// Where its rules lie in `rules`.
    var start: Int
    var end: Int
  }

  private let name: String
  private let hooks: [String]
  /// The rules of the built-in chains.
  private var jumps: [String]
  private var chains: [Chain]
  /// Of the other chains, in the order in which they came: text of a hundred megabytes is not put
  /// together from strings.
  private var rules: [UInt8] = []

  init(
    _ name: String, hooks: [String], jumps: [String] = [],
    chains: [String] = ["KUBE-PROXY-CANARY"]
  ) {
    self.name = name
    self.hooks = hooks
    self.jumps = jumps
    self.chains = chains.map { Chain(name: ChainName($0), start: 0, end: 0) }
  }

  mutating func add(_ name: String, _ rules: String) {
    add(ChainName(name)) { $0.write(rules) }
  }

  mutating func add(_ name: ChainName, _ write: (inout [UInt8]) -> Void) {
    let start = rules.count
    write(&rules)
    chains.append(Chain(name: name, start: start, end: rules.count))
  }

  var isEmpty: Bool { jumps.isEmpty && chains.isEmpty }

  /// Adds a rule behind, or before, those of a built-in chain.
  mutating func addJump(_ hook: String, _ rule: String, isFirst: Bool = false) {
    let order = hooks.firstIndex(of: hook) ?? 0
    let place = jumps.firstIndex { jump in
      let own = hooks.firstIndex { $0 == jump.prefix { $0 != " " } } ?? 0
      return isFirst ? own >= order : own > order
    }
    jumps.insert("\(hook) \(rule)", at: place ?? jumps.count)
  }

  func write(into text: inout [UInt8]) {
    text.write("*\(name)\n")
    for hook in hooks { text.write(":\(hook) ACCEPT [0:0]\n") }
    let sorted = chains.sorted { $0.name < $1.name }
    text.reserveCapacity(text.count + rules.count + chains.count * 40)
    for chain in sorted {
      text.append(UInt8(ascii: ":"))
      text.write(chain.name)
      text.write(" - [0:0]\n" as StaticString)
    }
    for jump in jumps { text.write("-A \(jump)\n") }
    for chain in sorted { text.append(contentsOf: rules[chain.start..<chain.end]) }
    text.write("COMMIT\n" as StaticString)
  }

  static let mangle = IptablesTable(
    "mangle", hooks: ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"])

  static let nat = IptablesTable(
    "nat", hooks: ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"],
    jumps: [
      "PREROUTING \(comment("kubernetes service portals")) -j KUBE-SERVICES",
      "OUTPUT \(comment("kubernetes service portals")) -j KUBE-SERVICES",
      "POSTROUTING \(comment("kubernetes postrouting rules")) -j KUBE-POSTROUTING",
    ])

  static let filter = IptablesTable(
    "filter", hooks: ["INPUT", "FORWARD", "OUTPUT"],
    jumps: [
      "INPUT -j KUBE-FIREWALL",
      "INPUT \(new) \(comment("kubernetes load balancer firewall")) -j KUBE-PROXY-FIREWALL",
      "INPUT \(comment("kubernetes health check service ports")) -j KUBE-NODEPORTS",
      "INPUT \(new) \(comment("kubernetes externally-visible service portals")) "
        + "-j KUBE-EXTERNAL-SERVICES",
      "FORWARD \(new) \(comment("kubernetes load balancer firewall")) -j KUBE-PROXY-FIREWALL",
      "FORWARD \(comment("kubernetes forwarding rules")) -j KUBE-FORWARD",
      "FORWARD \(new) \(comment("kubernetes service portals")) -j KUBE-SERVICES",
      "FORWARD \(new) \(comment("kubernetes externally-visible service portals")) "
        + "-j KUBE-EXTERNAL-SERVICES",
      "OUTPUT -j KUBE-FIREWALL",
      "OUTPUT \(new) \(comment("kubernetes load balancer firewall")) -j KUBE-PROXY-FIREWALL",
      "OUTPUT \(new) \(comment("kubernetes service portals")) -j KUBE-SERVICES",
    ])

  private static let new = "-m conntrack --ctstate NEW"
  static func comment(_ text: String) -> String { "-m comment --comment \"\(text)\"" }
}
