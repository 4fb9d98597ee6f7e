import ClusterModel

@testable import DataPlane

/// Walks the text of `nft list ruleset`, as far as kube-proxy writes such rules.
struct NftInterpreter: RuleInterpreter {
  /// Elements of sets and maps: key, and for maps the verdict.
  private var sets: [String: [String: String]] = [:]
  private var chains: [String: [[Substring]]] = [:]

  /// - Parameter family: `ip` or `ip6`.
  init(_ text: String, family: String) {
    var isInside = false
    var block = ""
    var isSet = false
    var elements = ""
    for line in text.split(separator: "\n") {
      if line.hasPrefix("table ") { isInside = line == "table \(family) kube-proxy {" }
      guard isInside else { continue }
      let words = ruleWords(line)
      if line.hasPrefix("\tset ") || line.hasPrefix("\tmap ") || line.hasPrefix("\tchain ") {
        block = String(words[1])
        isSet = !line.hasPrefix("\tchain ")
        elements = ""
        if isSet { sets[block] = [:] } else { chains[block] = [] }
      } else if line == "\t}" {
        if isSet { sets[block] = Self.elements(elements) }
      } else if isSet {
        if line.hasPrefix("\t\telements = {") || line.hasPrefix("\t\t\t") { elements += line }
      } else if line.hasPrefix("\t\t"), words.first != "type", words.first != "comment" {
        chains[block]?.append(words)
      }
    }
  }

  private static func elements(_ text: String) -> [String: String] {
    guard let open = text.firstIndex(of: "{"), let close = text.lastIndex(of: "}") else {
      return [:]
    }
    var elements: [String: String] = [:]
    for element in text[text.index(after: open)..<close].split(separator: ",") {
      var words = ruleWords(element)
      if let remark = words.firstIndex(of: "comment") {
        words.removeSubrange(remark...(remark + 1))
      }
      let colon = words.firstIndex(of: ":") ?? words.count
      let key = words[..<colon].filter { $0 != "." }.joined(separator: " ")
      elements[key] = words[min(colon + 1, words.count)...].joined(separator: " ")
    }
    return elements
  }

  func walk(_ hook: RuleHook, _ packet: RulePacket, _ machine: RuleMachine) -> [RuleOutcome] {
    let names: [String] =
      switch hook {
      case .prerouting: ["filter-prerouting-pre-dnat", "nat-prerouting"]
      case .output: ["filter-output-pre-dnat", "nat-output"]
      case .input: ["filter-input"]
      case .forward: ["filter-forward"]
      case .filterOutput: ["filter-output"]
      case .postrouting: ["nat-postrouting"]
      }
    var outcomes = [RuleOutcome(packet: packet, verdict: .accept, probability: 1)]
    for name in names {
      outcomes = outcomes.flatMap { outcome -> [RuleOutcome] in
        guard outcome.verdict == .accept else { return [outcome] }
        let start = (outcome.packet, outcome.probability)
        let (done, left) = follow(name, [start], machine)
        return done + left.map { RuleOutcome(packet: $0.0, verdict: .accept, probability: $0.1) }
      }
    }
    return outcomes
  }

  private typealias Flowing = [(RulePacket, Double)]

  private func follow(
    _ chain: String, _ packets: Flowing, _ machine: RuleMachine
  ) -> (done: [RuleOutcome], left: Flowing) {
    guard let rules = chains[chain] else { fatalError("no chain \(chain)") }
    var done: [RuleOutcome] = []
    var left: Flowing = []
    for (packet, weight) in packets {
      var current = packet
      var isOver = false
      for rule in rules where !isOver {
        var step = NftRule(words: rule[...], sets: sets, machine: machine)
        let verdict = step.run(&current)
        switch verdict {
        case .go: break
        case .end(let verdict):
          done.append(RuleOutcome(packet: current, verdict: verdict, probability: weight))
          isOver = true
        case .jump(let name):
          // Without dice in between, at most one packet comes back.
          let inner = follow(name, [(current, weight)], machine)
          done += inner.done
          if let back = inner.left.first { current = back.0 } else { isOver = true }
        case .goto(let names):
          for name in names {
            let inner = follow(name, [(current, weight / Double(names.count))], machine)
            done += inner.done
            left += inner.left
          }
          isOver = true
        case .dnat(let targets):
          for (address, port) in targets {
            var hit = current
            (hit.destination, hit.port, hit.isDNATed) = (address, port, true)
            done.append(
              RuleOutcome(
                packet: hit, verdict: .accept, probability: weight / Double(targets.count)))
          }
          isOver = true
        }
      }
      if !isOver { left.append((current, weight)) }
    }
    return (done, left)
  }
}

/// One rule at work.
private struct NftRule {
  enum Step {
    case go
    case end(RuleOutcome.Verdict)
    case jump(String)
    case goto([String])
    case dnat([(IPAddress, UInt16)])
  }

  var words: ArraySlice<Substring>
  let sets: [String: [String: String]]
  let machine: RuleMachine

  mutating func run(_ packet: inout RulePacket) -> Step {
    while let word = words.popFirst() {
      switch word {
      case "ct":
        let isState = words.removeFirst() == "state"
        _ = words.removeFirst()
        if !isState, !packet.isDNATed { return .go }
      case "fib":
        let address = words.removeFirst() == "saddr" ? packet.source : packet.destination
        words.removeFirst(2)
        if !machine.isLocal(address) { return .go }
      case "ip", "ip6":
        let field = words.removeFirst()
        let address = field == "saddr" ? packet.source : packet.destination
        if words.first == "." {
          guard let step = lookUp([address.description], packet) else { return .go }
          if case .go = step { continue }
          return step
        }
        if !isMet(field, address) { return .go }
      case "meta":
        let field = words.removeFirst()
        if field == "l4proto" {
          if words.first == "." {
            guard let step = lookUp([packet.transport.lowercaseName], packet) else { return .go }
            return step
          }
          if words.removeFirst() != packet.transport.lowercaseName { return .go }
        } else if words.first == "&" {
          // & 0x00004000 != 0x00000000
          words.removeFirst(4)
          if packet.mark & 0x4000 == 0 { return .go }
        } else {
          // set meta mark | 0x00004000
          words.removeFirst(3)
          let isOr = words.removeFirst() == "|"
          words.removeFirst()
          packet.mark = isOr ? packet.mark | 0x4000 : packet.mark ^ 0x4000
        }
      case "comment": _ = words.removeFirst()
      case "update": words.removeFirst(5)
      case "jump": return .jump(String(words.removeFirst()))
      case "goto": return .goto([String(words.removeFirst())])
      case "drop": return .end(.drop)
      case "reject": return .end(.reject)
      case "masquerade":
        packet.isMasqueraded = true
        return .end(.accept)
      case "dnat": return dnat()
      case "numgen":
        let chains = pairs().map { String($0.last ?? "") }
        return .goto(chains)
      default: fatalError("the interpreter does not know '\(word)' before \(words)")
      }
    }
    return .go
  }

  /// `!= RANGE`, `@set`, `RANGE`, `{ RANGE, RANGE }`.
  private mutating func isMet(_ field: Substring, _ address: IPAddress) -> Bool {
    let isNot = words.first == "!="
    if isNot { words.removeFirst() }
    let value = words.removeFirst()
    if value.hasPrefix("@") {
      let name = String(value.dropFirst())
      if name.hasPrefix("affinity-") { return machine.known.contains(name) != isNot }
      return (sets[name]?[address.description] != nil) != isNot
    }
    var ranges = [value]
    if value == "{" {
      ranges = []
      while let word = words.popFirst(), word != "}" {
        ranges.append(word.last == "," ? word.dropLast() : word)
      }
    }
    return ranges.contains { Self.contains(String($0), address) } != isNot
  }

  private static func contains(_ text: String, _ address: IPAddress) -> Bool {
    if let one = IPAddress(text) { return one == address }
    if let range = CIDR(text) { return range.contains(address) }
    let ends = text.split(separator: "-").compactMap { IPAddress(String($0)) }
    return ends.count == 2 && ends[0] <= address && address <= ends[1]
  }

  /// A concatenation: a set's element, or a map's key with its verdict. Nil where there is none.
  private mutating func lookUp(_ first: [String], _ packet: RulePacket) -> Step? {
    var key = first
    while words.first == "." {
      words.removeFirst()
      let kind = words.removeFirst()
      switch (kind, words.removeFirst()) {
      case ("meta", _): key.append(packet.transport.lowercaseName)
      case ("th", _): key.append("\(packet.port)")
      case (_, "saddr"): key.append(packet.source.description)
      default: key.append(packet.destination.description)
      }
    }
    let isMap = words.first == "vmap"
    if isMap { words.removeFirst() }
    let name = String(words.removeFirst().dropFirst())
    guard let value = sets[name]?[key.joined(separator: " ")] else { return nil }
    if !isMap { return .go }
    if value == "drop" { return .end(.drop) }
    return .goto([String(value.split(separator: " ")[1])])
  }

  /// `ip to numgen random mod N map { 0 : A . P, … }` or `to A:P`.
  private mutating func dnat() -> Step {
    if words.first == "to" {
      words.removeFirst()
      let text = String(words.removeFirst())
      let colon = text.lastIndex(of: ":") ?? text.endIndex
      let address = text[..<colon].filter { $0 != "[" && $0 != "]" }
      return .dnat([(ip(address), UInt16(text[text.index(after: colon)...]) ?? 0)])
    }
    words.removeFirst(3)
    return .dnat(pairs().map { (ip(String($0[2])), UInt16($0[4]) ?? 0) })
  }

  /// The entries of `random mod N map { … }`, as words.
  private mutating func pairs() -> [[Substring]] {
    let inside = words.drop { $0 != "{" }.dropFirst().prefix { $0 != "}" }
    words = []
    var entries: [[Substring]] = [[]]
    for word in inside {
      let isLast = word.last == ","
      entries[entries.count - 1].append(isLast ? word.dropLast() : word)
      if isLast { entries.append([]) }
    }
    return entries
  }
}
