import ClusterModel
import Simulation
import SimulationCore

/// `dig` with `+search`, `+short`, `-x`, and the switches of its sections.
struct DigTool: Tool {
  let name = "dig"

  private struct Query {
    var name = "."
    var type = DNSType.a
    var searches = false
    /// Every query of a search is shown, not only the last.
    var showsSearch = false
    var isShort = false
    var shows: Set<String> = [
      "cmd", "comments", "question", "answer", "authority", "additional", "stats",
    ]
    var command: [String] = []
  }

  func run(_ arguments: [String], at place: ToolPlace) -> ToolResult {
    var query = Query(command: arguments)
    var rest = arguments[...]
    while let word = rest.popFirst() {
      if let option = word.afterPrefix("+") {
        set(option, in: &query)
      } else if word == "-x" {
        guard let address = rest.popFirst().flatMap({ IPAddress($0) }) else {
          return .failure("dig: -x needs an address")
        }
        query.name = ReverseName.text(address)
        query.type = .ptr
      } else if word == "-t" {
        guard let type = rest.popFirst().flatMap({ DNSType(rawValue: $0.uppercased()) }) else {
          return .failure("dig: -t needs a type: \(Self.types)")
        }
        query.type = type
      } else if word.hasPrefix("@") || word.hasPrefix("-") {
        return .failure("dig: \(word.printable) is not simulated")
      } else if query.name != ".", let type = DNSType(rawValue: word.uppercased()) {
        query.type = type
      } else if word.uppercased() != "IN" {
        query.name = word
      }
    }
    return answer(query, place)
  }

  private static let types = DNSType.allCases.map(\.rawValue).joined(separator: ", ")

  private func set(_ option: String, in query: inout Query) {
    let isOn = !option.hasPrefix("no")
    let word = isOn ? option : String(option.dropFirst(2))
    switch word {
    case "all": query.shows = isOn ? Query().shows : []
    case "search": query.searches = isOn
    case "showsearch": (query.searches, query.showsSearch) = (isOn || query.searches, isOn)
    case "short": query.isShort = isOn
    case "cmd", "comments", "question", "answer", "authority", "additional", "stats":
      if isOn { query.shows.insert(word) } else { query.shows.remove(word) }
    // Options of the transport make no difference here.
    default: break
    }
  }

  private func answer(_ query: Query, _ place: ToolPlace) -> ToolResult {
    let resolver = Resolver(for: place.source, in: place.world)
    guard resolver.isReachable else {
      return ToolResult(
        output: ";; connection timed out; no servers could be reached\n", status: 9)
    }
    var lookups: [Resolver.Lookup]
    if query.searches {
      lookups = resolver.lookUp(query.name, query.type)
      if !query.showsSearch { lookups = lookups.suffix(1) }
    } else {
      let question = DNSQuestion(query.name, query.type)
      lookups = [Resolver.Lookup(question, resolver.ask(question))]
    }
    place.effects.resolve(lookups, by: resolver)
    if query.isShort {
      let records = lookups.flatMap(\.answer.answers)
      return ToolResult(output: records.map { $0.text + "\n" }.joined())
    }
    var output = ""
    if query.shows.contains("cmd") {
      output += "\n; <<>> DiG 9.18.33 <<>> \(query.command.joined(separator: " ").printable)\n"
      output += ";; global options: +cmd\n"
    }
    return ToolResult(
      output: output + lookups.map { text($0, query, resolver, place) }.joined())
  }

  private func text(
    _ lookup: Resolver.Lookup, _ query: Query, _ resolver: Resolver, _ place: ToolPlace
  ) -> String {
    let (question, answer) = (lookup.question, lookup.answer)
    let hasComments = query.shows.contains("comments")
    var text = ""
    if hasComments { text += header(question, answer) }
    if query.shows.contains("question") {
      text += hasComments ? ";; QUESTION SECTION:\n" : ""
      let columns = [(question.name, 0), ("IN", 32), (question.type.rawValue, 40)]
      text += ";" + Self.aligned(columns) + "\n" + (hasComments ? "\n" : "")
    }
    for (section, title, records) in [
      ("answer", "ANSWER", answer.answers), ("authority", "AUTHORITY", answer.authority),
      ("additional", "ADDITIONAL", answer.additional),
    ] where query.shows.contains(section) && !records.isEmpty {
      if hasComments { text += ";; \(title) SECTION:\n" }
      for record in records {
        let columns = [
          (record.name, 0), ("\(record.ttl)", 24), ("IN", 32), (record.type.rawValue, 40),
          (record.text, 48),
        ]
        text += Self.aligned(columns) + "\n"
      }
      if hasComments { text += "\n" }
    }
    if query.shows.contains("stats") {
      let server = resolver.serverAddress
      let time = Self.date(place.world.timestamp)
      let size = answer.size(of: question, cookie: answer.isAuthoritative ? 8 : 0)
      text += ";; Query time: 0 msec\n;; SERVER: \(server)#53(\(server)) (UDP)\n"
      text += ";; WHEN: \(time)\n;; MSG SIZE  rcvd: \(size)\n\n"
    }
    return text
  }

  /// Words at columns, filled up with tabs; a word that is too long pushes the others along
  /// (BIND lib/dns/masterdump.c indent).
  static func aligned(_ words: [(text: String, column: Int)]) -> String {
    var line = ""
    var current = 0
    for word in words {
      if current > 0 {
        let target = max(word.column, current + 1)
        let tabs = target / 8 - current / 8
        line += String(repeating: "\t", count: tabs)
        let reached = tabs > 0 ? target / 8 * 8 : current
        line += String(repeating: " ", count: target - reached)
        current = target
      }
      line += word.text
      current += word.text.utf8.count
    }
    return line
  }

  private func header(_ question: DNSQuestion, _ answer: DNSAnswer) -> String {
    // The number that answers carry: any will do, if it is always the same.
    let id = question.name.utf8.reduce(UInt32(question.type.rawValue.utf8.count)) {
      ($0 &* 31 &+ UInt32($1)) & 0xFFFF
    }
    let flags = answer.isAuthoritative ? "qr aa rd" : "qr rd ra"
    return ";; Got answer:\n"
      + ";; ->>HEADER<<- opcode: QUERY, status: \(answer.code.rawValue), id: \(id)\n"
      + ";; flags: \(flags); QUERY: 1, ANSWER: \(answer.answers.count), "
      + "AUTHORITY: \(answer.authority.count), ADDITIONAL: \(answer.additional.count + 1)\n"
      + (answer.isAuthoritative ? ";; WARNING: recursion requested but not available\n" : "")
      + "\n;; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags:; udp: 1232\n"
      + (answer.isAuthoritative ? "; COOKIE: \(Self.cookie(question)) (echoed)\n" : "")
  }

  /// `Thu Jan 01 00:00:20 UTC 2026`, from `Thu, 01 Jan 2026 00:00:20 +0000`.
  private static func date(_ time: Timestamp) -> String {
    let words = time.rfc1123.split(separator: " ").map(String.init)
    guard words.count > 4 else { return time.description }
    return "\(words[0].filter { $0 != "," }) \(words[2]) \(words[1]) \(words[4]) UTC \(words[3])"
  }

  /// The client's cookie, which CoreDNS sends back as it is.
  private static func cookie(_ question: DNSQuestion) -> String {
    let hash = (question.name + question.type.rawValue).utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) {
      ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
