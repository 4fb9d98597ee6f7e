import ClusterModel
import Simulation
import SimulationCore

/// `dig` with `@SERVER`, `+search`, `+short`, `-x`, and the switches of its sections.
struct DigTool: Tool {
  let name = "dig"

  func run(_ arguments: [String], at place: ToolPlace) -> ToolResult {
    let query: DigQuery
    do throws(DigQuery.Problem) { query = try DigQuery(arguments) } catch {
      return .failure(error.message)
    }
    var resolver = Resolver(for: place.source, in: place.world)
    if let server = query.server {
      guard let other = Resolver(asking: server, for: place.source, in: place.world) else {
        return ToolResult(
          errors: "dig: couldn't get address for '\(server.printable)': not found\n", status: 10)
      }
      resolver = other
    }
    guard resolver.isReachable else {
      return ToolResult(
        output: ";; connection timed out; no servers could be reached\n", status: 9)
    }
    var output = ""
    if query.shows.contains("cmd"), !query.isShort {
      output += "\n; <<>> DiG 9.18.33 <<>> \(query.command.joined(separator: " ").printable)\n"
      output += ";; global options: +cmd\n"
    }
    for item in query.items { output += answer(item, query, resolver, place) }
    return ToolResult(output: output)
  }

  private func answer(
    _ item: DigQuery.Item, _ query: DigQuery, _ resolver: Resolver, _ place: ToolPlace
  ) -> String {
    var lookups: [Resolver.Lookup]
    if query.searches {
      lookups = resolver.lookUp(item.name, item.type)
      if !query.showsSearch { lookups = lookups.suffix(1) }
    } else {
      let question = DNSQuestion(item.name, item.type)
      lookups = [Resolver.Lookup(question, resolver.ask(question))]
    }
    place.effects.resolve(lookups, by: resolver)
    if query.isShort {
      return lookups.flatMap(\.answer.answers).map { $0.text + "\n" }.joined()
    }
    return lookups.map { text($0, query, resolver, place) }.joined()
  }

  private func text(
    _ lookup: Resolver.Lookup, _ query: DigQuery, _ resolver: Resolver, _ place: ToolPlace
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
      let asked = query.server ?? server
      text += ";; Query time: 0 msec\n;; SERVER: \(server)#53(\(asked.printable)) (UDP)\n"
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
