import ClusterModel

/// One table as `iptables-save` prints it: the built-in chains, then the others by name.
struct IptablesTable: Sendable {
  struct Chain: Sendable {
    var name: String
    var rules: String
  }

  private let name: String
  private let hooks: [String]
  /// The rules of the built-in chains.
  private var jumps: [String]
  private var chains: [Chain]

  init(
    _ name: String, hooks: [String], jumps: [String] = [],
    chains: [String] = ["KUBE-PROXY-CANARY"]
  ) {
    self.name = name
    self.hooks = hooks
    self.jumps = jumps
    self.chains = chains.map { Chain(name: $0, rules: "") }
  }

  mutating func add(_ name: String, _ rules: String) {
    chains.append(Chain(name: name, rules: rules))
  }

  mutating func add(_ more: [Chain]) { chains += more }

  /// Adds a rule behind those of a built-in chain.
  mutating func addJump(_ hook: String, _ rule: String) {
    let order = hooks.firstIndex(of: hook) ?? 0
    let place = jumps.firstIndex { jump in
      let own = jump.prefix { $0 != " " }
      return hooks.firstIndex { $0 == own } ?? 0 > order
    }
    jumps.insert("\(hook) \(rule)", at: place ?? jumps.count)
  }

  func write(into text: inout String) {
    text += "*\(name)\n"
    for hook in hooks { text += ":\(hook) ACCEPT [0:0]\n" }
    let sorted = chains.sorted { $0.name < $1.name }
    for chain in sorted {
      text += ":"
      text += chain.name
      text += " - [0:0]\n"
    }
    for jump in jumps { text += "-A \(jump)\n" }
    for chain in sorted { text += chain.rules }
    text += "COMMIT\n"
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
