import ClusterModel

/// Prints chains as `iptables -L` and `-S` do (iptables/xshared.c print_header,
/// print_firewall_details).
struct IptablesText {
  let options: IptablesOptions
  let family: IPAddress.Family
  let references: [String: Int]

  // MARK: -S

  func specifications(_ chains: [IptablesListing.Chain]) -> String {
    var text = ""
    if options.ruleNumber == nil {
      for chain in chains where chain.policy != nil {
        text += "-P \(chain.name) \(chain.policy ?? "")\(options.isVerbose ? " -c 0 0" : "")\n"
      }
      for chain in chains where chain.policy == nil { text += "-N \(chain.name)\n" }
    }
    for chain in chains {
      for rule in wanted(chain) { text += specification(rule) + "\n" }
    }
    return text
  }

  private func wanted(_ chain: IptablesListing.Chain) -> ArraySlice<IptablesRule> {
    guard let number = options.ruleNumber else { return chain.rules[...] }
    return chain.rules.indices.contains(number - 1) ? chain.rules[number - 1..<number] : []
  }

  /// The counters stand before the target.
  private func specification(_ rule: IptablesRule) -> String {
    guard options.isVerbose else { return String(rule.text) }
    let counts = " -c \(rule.packets) \(rule.bytes)"
    guard !rule.target.isEmpty else { return rule.text + counts }
    let end = ([" -j", rule.target] + rule.targetWords).joined(separator: " ")
    return rule.text.dropLast(end.count) + counts + end
  }

  // MARK: -L

  func list(_ chains: [IptablesListing.Chain]) -> String {
    if options.ruleNumber != nil { return chains.map(rows).joined() }
    return chains.map { header($0) + rows($0) }.joined(separator: "\n")
  }

  private func header(_ chain: IptablesListing.Chain) -> String {
    let counts = options.isVerbose ? " 0 packets, 0 bytes" : ""
    let nature =
      chain.policy.map { "policy \($0)\(counts)" } ?? "\(references[chain.name] ?? 0) references"
    var titles = options.hasLineNumbers ? "num  " : ""
    if options.isVerbose {
      titles += options.isExact ? "    pkts      bytes " : " pkts bytes "
    }
    titles += "target     prot opt "
    if options.isVerbose { titles += "in     out     " }
    titles += "source               destination         "
    return "Chain \(chain.name) (\(nature))\n\(titles)\n"
  }

  private func rows(_ chain: IptablesListing.Chain) -> String {
    let first = options.ruleNumber ?? 1
    return wanted(chain).enumerated().map { row($0.element, number: first + $0.offset) }.joined()
  }

  private func row(_ rule: IptablesRule, number: Int) -> String {
    var text = options.hasLineNumbers ? padded("\(number)", 4) + " " : ""
    if options.isVerbose { text += count(rule.packets, 8) + count(rule.bytes, 10) }
    text += padded(rule.target, 9) + " " + transport(rule) + " -- "
    if options.isVerbose { text += options.isNumeric ? " *      *      " : " any    any    " }
    text += end(rule.source) + " " + end(rule.destination) + " "
    let details = rule.details(isNumeric: options.isNumeric)
    return text + (details.isEmpty ? "" : " " + details) + "\n"
  }

  private func transport(_ rule: IptablesRule) -> String {
    guard options.isNumeric else {
      return " " + padded(rule.transport.isEmpty ? "all" : rule.transport, 4)
    }
    let number = TransportProtocol(name: rule.transport.uppercased())?.rawValue ?? 0
    return " " + padded("\(number)", 4)
  }

  /// An address in its column, after the place for an exclamation mark.
  private func end(_ range: String) -> String {
    let isInverted = range.hasPrefix("!")
    var text = isInverted ? String(range.dropFirst()) : range
    if text.isEmpty {
      text = options.isNumeric ? family == .ipv4 ? "0.0.0.0/0" : "::/0" : "anywhere"
    }
    let host = family == .ipv4 ? "/32" : "/128"
    if text.hasSuffix(host) { text.removeLast(host.count) }
    return (isInverted ? "!" : " ") + padded(text, 19)
  }

  /// A number in its column; long ones in thousands, unless they are wanted as they are
  /// (libxtables xtables_print_num).
  private func count(_ number: Int, _ width: Int) -> String {
    func column(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text + " "
    }
    if options.isExact { return column("\(number)", width) }
    if number <= 99_999 { return column("\(number)", 5) }
    var rest = (number + 500) / 1000
    for unit in ["K", "M", "G"] {
      if rest <= 9999 { return column("\(rest)\(unit)", 5) }
      rest = (rest + 500) / 1000
    }
    return column("\(rest)T", 5)
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
