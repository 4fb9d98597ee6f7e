import ClusterModel

/// `iptables -L` and `-S`, and the same of `ip6tables`, on a node (iptables 1.8.9, nf_tables).
struct IptablesTool: Tool {
  let name: String
  let family: IPAddress.Family

  static let version = "v1.8.9 (nf_tables)"

  func run(_ arguments: [String], at place: ToolPlace) -> ToolResult {
    var options = IptablesOptions()
    do {
      try options.read(arguments)
    } catch {
      return .failure(
        "\(name) \(Self.version): \(error.message)\n"
          + "Try `\(name) -h' or '\(name) --help' for more information.", status: 2)
    }
    if options.action == .version { return ToolResult(output: "\(name) \(Self.version)\n") }
    guard let hooks = Self.hooks[options.table] else {
      return .failure(
        "\(name) \(Self.version): table '\(options.table.printable)' does not exist\n"
          + "Perhaps \(name) or your kernel needs to be upgraded.", status: 3)
    }
    guard let node = place.world.dataPlane.nodeIndex(named: place.nodeName) else {
      return .failure("\(name): the node is not up")
    }
    let text =
      place.world.dataPlane.iptablesSave(
        on: node, family, table: options.table, hasCounters: true) ?? ""
    return show(IptablesListing(text, hooks: hooks), options)
  }

  private static let hooks = [
    "filter": ["INPUT", "FORWARD", "OUTPUT"],
    "nat": ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"],
    "mangle": ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"],
    "raw": ["PREROUTING", "OUTPUT"],
    "security": ["INPUT", "FORWARD", "OUTPUT"],
  ]

  private func show(_ listing: IptablesListing, _ options: IptablesOptions) -> ToolResult {
    var chains = listing.chains
    if let wanted = options.chain {
      chains.removeAll { $0.name != wanted }
      guard !chains.isEmpty else {
        return .failure(
          "\(name) \(Self.version): chain `\(wanted.printable)' in table `\(options.table)' "
            + "is incompatible, use 'nft' tool.")
      }
    }
    let text = IptablesText(
      options: options, family: family, references: listing.references)
    return ToolResult(
      output: options.action == .list ? text.list(chains) : text.specifications(chains))
  }
}

/// What `iptables` is asked for.
struct IptablesOptions {
  enum Action { case list, specifications, version }
  struct Problem: Error { var message: String }

  private(set) var action: Action?
  private(set) var table = "filter"
  private(set) var chain: String?
  /// Counted from one.
  private(set) var ruleNumber: Int?
  private(set) var isNumeric = false
  private(set) var isVerbose = false
  private(set) var isExact = false
  private(set) var hasLineNumbers = false

  mutating func read(_ arguments: [String]) throws(Problem) {
    var rest = arguments[...]
    while let word = rest.popFirst() {
      if word.hasPrefix("--") {
        try readLong(word, &rest)
      } else if word.hasPrefix("-"), word.count > 1 {
        try readShort(word.dropFirst(), &rest)
      } else {
        throw Problem(message: "Bad argument `\(word.printable)'")
      }
    }
    if action == nil { throw Problem(message: "no command specified") }
  }

  private mutating func readLong(
    _ word: String, _ rest: inout ArraySlice<String>
  ) throws(Problem) {
    if let value = word.afterPrefix("--table=") {
      table = value
      return
    }
    switch word {
    case "--list": begin(.list, &rest)
    case "--list-rules": begin(.specifications, &rest)
    case "--version": action = .version
    case "--table": table = try value(of: word, &rest)
    case "--numeric": isNumeric = true
    case "--verbose": isVerbose = true
    case "--exact": isExact = true
    case "--line-numbers": hasLineNumbers = true
    case "--wait": skipNumber(&rest)
    case "--ipv4", "--ipv6": break
    default: throw Self.unknown(word)
    }
  }

  /// Letters that may stand together, as in `-nvL`; the last may have its value in the same word.
  private mutating func readShort(
    _ letters: Substring, _ rest: inout ArraySlice<String>
  ) throws(Problem) {
    var letters = letters
    while let letter = letters.popFirst() {
      switch letter {
      case "L", "S":
        if !letters.isEmpty { rest.insert(String(letters), at: rest.startIndex) }
        begin(letter == "L" ? .list : .specifications, &rest)
        return
      case "V": action = .version
      case "n": isNumeric = true
      case "v": isVerbose = true
      case "x": isExact = true
      case "4", "6": break
      case "w": skipNumber(&rest)
      case "t":
        table = letters.isEmpty ? try value(of: "-t", &rest) : String(letters)
        return
      default: throw Self.unknown("-\(letter)")
      }
    }
  }

  /// A chain, and the number of a rule in it, may follow.
  private mutating func begin(_ action: Action, _ rest: inout ArraySlice<String>) {
    self.action = action
    guard let next = rest.first, !next.hasPrefix("-") else { return }
    chain = rest.removeFirst()
    if let number = rest.first.flatMap({ Int($0) }), number > 0 {
      ruleNumber = number
      rest.removeFirst()
    }
  }

  private func skipNumber(_ rest: inout ArraySlice<String>) {
    if let next = rest.first, Int(next) != nil { rest.removeFirst() }
  }

  private func value(
    of option: String, _ rest: inout ArraySlice<String>
  ) throws(Problem) -> String {
    guard let value = rest.popFirst() else {
      throw Problem(message: "option \"\(option)\" requires an argument")
    }
    return value
  }

  private static let changing = [
    "-A", "-C", "-D", "-I", "-R", "-F", "-Z", "-N", "-X", "-P", "-E", "--append", "--check",
    "--delete", "--insert", "--replace", "--flush", "--zero", "--new-chain", "--delete-chain",
    "--policy", "--rename-chain",
  ]

  private static func unknown(_ option: String) -> Problem {
    changing.contains(option)
      ? Problem(message: "only -L and -S are simulated: the proxy and the CNI write the rules")
      : Problem(message: "unknown option \"\(option.printable)\"")
  }
}
