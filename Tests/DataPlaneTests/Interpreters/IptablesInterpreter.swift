import ClusterModel

@testable import DataPlane

/// Walks the text of `iptables-save`, as the kernel walks the rules: slowly, and obviously.
struct IptablesInterpreter: RuleInterpreter {
  private enum Match {
    case source(CIDR, Bool), destination(CIDR, Bool)
    case transport(String)
    case port(UInt16)
    case state(Set<String>, Bool)
    case localSource(Bool), localDestination(Bool)
    case mark(UInt32, UInt32, Bool)
    case probability(Double)
    case recent(String)
  }

  private struct Rule {
    var matches: [Match] = []
    var target = ""
    /// Of MARK: value and mask; of DNAT: address and port.
    var mark: (value: UInt32, mask: UInt32) = (0, 0)
    var destination: (address: IPAddress, port: UInt16)?
  }

  /// By table and chain.
  private var chains: [String: [Rule]] = [:]

  init(_ text: String) {
    var table = ""
    for line in text.split(separator: "\n") {
      if line.hasPrefix("*") { table = String(line.dropFirst()) }
      if line.hasPrefix(":") {
        chains["\(table) \(line.dropFirst().prefix { $0 != " " })"] = []
      }
      if line.hasPrefix("-A ") {
        let words = ruleWords(line)
        chains["\(table) \(words[1])", default: []].append(Self.rule(words.dropFirst(2)))
      }
    }
  }

  func walk(_ hook: RuleHook, _ packet: RulePacket, _ machine: RuleMachine) -> [RuleOutcome] {
    switch hook {
    case .prerouting: walk("nat PREROUTING", packet, machine)
    case .output: walk("nat OUTPUT", packet, machine)
    case .input: walk("filter INPUT", packet, machine)
    case .forward: walk("filter FORWARD", packet, machine)
    case .filterOutput: walk("filter OUTPUT", packet, machine)
    case .postrouting: walk("nat POSTROUTING", packet, machine)
    }
  }

  private func walk(
    _ chain: String, _ packet: RulePacket, _ machine: RuleMachine
  ) -> [RuleOutcome] {
    let table = String(chain.prefix { $0 != " " })
    let (done, left) = follow(table, chain, [(packet, 1)], machine)
    return done + left.map { RuleOutcome(packet: $0.0, verdict: .accept, probability: $0.1) }
  }

  private typealias Flowing = [(RulePacket, Double)]

  /// What ends in this chain, and what comes out at its end.
  private func follow(
    _ table: String, _ chain: String, _ packets: Flowing, _ machine: RuleMachine
  ) -> (done: [RuleOutcome], left: Flowing) {
    var done: [RuleOutcome] = []
    var current = packets
    var returned: Flowing = []
    for rule in chains[chain] ?? [] {
      var next: Flowing = []
      for (packet, weight) in current {
        let chance = chance(of: rule, packet, machine)
        if chance < 1 { next.append((packet, weight * (1 - chance))) }
        if chance == 0 { continue }
        var hit = packet
        let hitWeight = weight * chance
        func end(_ verdict: RuleOutcome.Verdict) {
          done.append(RuleOutcome(packet: hit, verdict: verdict, probability: hitWeight))
        }
        switch rule.target {
        case "": next.append((hit, hitWeight))
        case "ACCEPT": end(.accept)
        case "DROP": end(.drop)
        case "REJECT": end(.reject)
        case "RETURN": returned.append((hit, hitWeight))
        case "MARK":
          hit.mark = (hit.mark & ~rule.mark.mask) ^ rule.mark.value
          next.append((hit, hitWeight))
        case "DNAT":
          if let (address, port) = rule.destination {
            (hit.destination, hit.port, hit.isDNATed) = (address, port, true)
          }
          end(.accept)
        case "MASQUERADE":
          hit.isMasqueraded = true
          end(.accept)
        default:
          let inner = follow(table, "\(table) \(rule.target)", [(hit, hitWeight)], machine)
          done += inner.done
          next += inner.left
        }
      }
      current = next
    }
    return (done, current + returned)
  }

  private func chance(of rule: Rule, _ packet: RulePacket, _ machine: RuleMachine) -> Double {
    var chance = 1.0
    for match in rule.matches {
      let isMet: Bool
      switch match {
      case .source(let range, let isNot): isMet = range.contains(packet.source) != isNot
      case .destination(let range, let isNot): isMet = range.contains(packet.destination) != isNot
      case .transport(let name): isMet = packet.transport.lowercaseName == name
      case .port(let port): isMet = packet.port == port
      case .state(let names, let isNot):
        isMet =
          (names.contains("NEW") || names.contains("DNAT") && packet.isDNATed) != isNot
      case .localSource(let isNot): isMet = machine.isLocal(packet.source) != isNot
      case .localDestination(let isNot): isMet = machine.isLocal(packet.destination) != isNot
      case .mark(let value, let mask, let isNot): isMet = (packet.mark & mask == value) != isNot
      case .recent(let name): isMet = machine.known.contains(name)
      case .probability(let value):
        chance *= value
        isMet = true
      }
      if !isMet { return 0 }
    }
    return chance
  }

  // MARK: Reading

  private static func rule(_ words: ArraySlice<Substring>) -> Rule {
    var rule = Rule()
    var rest = words
    var isNot = false
    func range(_ text: Substring) -> CIDR { cidr(String(text)) }
    func number(_ text: Substring) -> UInt32 { UInt32(text.dropFirst(2), radix: 16) ?? 0 }
    func pair(_ text: Substring) -> (UInt32, UInt32) {
      let parts = text.split(separator: "/")
      return (number(parts[0]), parts[1] == "0x0" ? 0 : number(parts[1]))
    }
    while let word = rest.popFirst() {
      let negates = isNot
      isNot = false
      switch word {
      case "!": isNot = true
      case "-s": rule.matches.append(.source(range(rest.removeFirst()), negates))
      case "-d": rule.matches.append(.destination(range(rest.removeFirst()), negates))
      case "-p": rule.matches.append(.transport(String(rest.removeFirst())))
      case "--dport": rule.matches.append(.port(UInt16(rest.removeFirst()) ?? 0))
      case "--ctstate":
        let names = rest.removeFirst().split(separator: ",").map(String.init)
        rule.matches.append(.state(Set(names), negates))
      case "--src-type":
        _ = rest.removeFirst()
        rule.matches.append(.localSource(negates))
      case "--dst-type":
        _ = rest.removeFirst()
        rule.matches.append(.localDestination(negates))
      case "--mark":
        let (value, mask) = pair(rest.removeFirst())
        rule.matches.append(.mark(value, mask, negates))
      case "--probability":
        rule.matches.append(.probability(Double(String(rest.removeFirst())) ?? -1))
      case "--rcheck":
        if let place = words.firstIndex(of: "--name") {
          rule.matches.append(.recent(String(words[place + 1])))
        }
      case "--set-xmark": rule.mark = pair(rest.removeFirst())
      case "--to-destination":
        let text = rest.removeFirst()
        let colon = text.lastIndex(of: ":") ?? text.endIndex
        let address = text[..<colon].filter { $0 != "[" && $0 != "]" }
        rule.destination = (ip(String(address)), UInt16(text[text.index(after: colon)...]) ?? 0)
      case "-j": rule.target = String(rest.removeFirst())
      case "-m", "--comment", "--mode", "--name", "--seconds", "--mask", "--nfacct-name",
        "--reject-with":
        _ = rest.removeFirst()
      case "--reap", "--rsource", "--set", "--random-fully": break
      default: fatalError("the interpreter does not know '\(word)'")
      }
    }
    return rule
  }
}
