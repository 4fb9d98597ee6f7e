/// A table as `iptables-save -c` prints it, taken apart again.
struct IptablesListing {
  struct Chain {
    var name: String
    /// `ACCEPT`; nil for a chain that somebody has made.
    var policy: String?
    var rules: [IptablesRule] = []
  }

  private(set) var chains: [Chain]

  /// - Parameter hooks: the table's own chains, which are there whatever the text says.
  init(_ text: String, hooks: [String]) {
    chains = hooks.map { Chain(name: $0, policy: "ACCEPT") }
    var places = Dictionary(
      uniqueKeysWithValues: hooks.enumerated().map { ($0.element, $0.offset) })
    for line in text.split(separator: "\n") {
      if line.hasPrefix(":") {
        let name = String(line.dropFirst().prefix { $0 != " " })
        guard places[name] == nil else { continue }
        places[name] = chains.count
        chains.append(Chain(name: name))
      } else if let rule = IptablesRule(line), let place = places[rule.chain] {
        chains[place].rules.append(rule)
      }
    }
  }

  /// How many rules lead to each chain.
  var references: [String: Int] {
    var counts: [String: Int] = [:]
    for chain in chains {
      for rule in chain.rules { counts[rule.target, default: 0] += 1 }
    }
    return counts
  }
}

/// A rule of `iptables-save -c`: `[0:0] -A CHAIN …`.
struct IptablesRule {
  /// A match or the target: its name, and the words behind it.
  struct Part {
    var name: String
    var words: [String]
  }

  var chain: String
  /// As it stands in the text, without the counters.
  var text: Substring
  var packets: Int
  var bytes: Int
  /// `10.244.0.0/16`, after an exclamation mark where that is what it must not be.
  var source = ""
  var destination = ""
  var transport = ""
  var matches: [Part] = []
  var target = ""
  var targetWords: [String] = []

  /// Nil for a line that is no rule.
  init?(_ line: Substring) {
    guard let end = line.firstIndex(of: "]"), line.hasPrefix("[") else { return nil }
    let counts = line[..<end].dropFirst().split(separator: ":").compactMap { Int($0) }
    text = line[end...].dropFirst(2)
    var words = Self.words(of: text)[...]
    guard counts.count == 2, words.popFirst() == "-A", let name = words.popFirst() else {
      return nil
    }
    (packets, bytes, chain) = (counts[0], counts[1], name)
    read(&words)
  }

  private mutating func read(_ words: inout ArraySlice<String>) {
    while let word = words.popFirst() {
      switch word {
      case "!" where ["-s", "-d", "-p"].contains(words.first ?? ""):
        take(words.removeFirst(), "!" + (words.popFirst() ?? ""))
      case "-s", "-d", "-p": take(word, words.popFirst() ?? "")
      case "-m": matches.append(Part(name: words.popFirst() ?? "", words: []))
      case "-j":
        target = words.popFirst() ?? ""
        targetWords = Array(words)
        words = []
      default:
        if !matches.isEmpty { matches[matches.count - 1].words.append(word) }
      }
    }
  }

  private mutating func take(_ option: String, _ value: String) {
    switch option {
    case "-s": source = value
    case "-d": destination = value
    default: transport = value
    }
  }

  /// Words between blanks; quoted ones whole, with what stands behind a backslash as it is.
  private static func words(of text: Substring) -> [String] {
    var words: [String] = []
    var word = ""
    var (isQuoted, isEscaped, isOpen) = (false, false, false)
    for letter in text {
      if isEscaped {
        word.append(letter)
        isEscaped = false
      } else if letter == "\\" {
        isEscaped = true
      } else if letter == "\"" {
        isQuoted.toggle()
        isOpen = true
      } else if letter == " ", !isQuoted {
        if isOpen { words.append(word) }
        (word, isOpen) = ("", false)
      } else {
        word.append(letter)
        isOpen = true
      }
    }
    if isOpen { words.append(word) }
    return words
  }
}
