import ClusterModel
import Simulation

/// `nslookup`, as BIND's prints it.
struct NslookupTool: Tool {
  let name = "nslookup"

  func run(_ arguments: [String], at place: ToolPlace) -> ToolResult {
    var types: [DNSType] = [.a, .aaaa]
    var words: [String] = []
    for word in arguments {
      guard word.hasPrefix("-") else {
        words.append(word)
        continue
      }
      if let text = word.afterPrefix("-type=") ?? word.afterPrefix("-query=")
        ?? word.afterPrefix("-q=")
      {
        guard let type = DNSType(rawValue: text.uppercased()) else {
          return ToolResult(output: "unknown query type: \(text.printable)\n", status: 1)
        }
        types = [type]
      } else if word != "-debug" {
        return ToolResult(
          output: "*** Invalid option: \(String(word.dropFirst()).printable)\n", status: 1)
      }
    }
    guard let name = words.first, words.count <= 2 else {
      return .failure("nslookup: a NAME is needed, and perhaps the server to ask")
    }
    var resolver = Resolver(for: place.source, in: place.world)
    if words.count == 2 {
      guard let other = Resolver(asking: words[1], for: place.source, in: place.world) else {
        return ToolResult(
          errors: "nslookup: couldn't get address for '\(words[1].printable)': not found\n",
          status: 10)
      }
      resolver = other
    }
    return answer(
      name, types, resolver, as: words.count == 2 ? words[1] : resolver.serverAddress,
      place.effects, isVerbose: arguments.contains("-debug"))
  }

  private func answer(
    _ name: String, _ types: [DNSType], _ resolver: Resolver, as title: String,
    _ effects: ToolEffects, isVerbose: Bool
  ) -> ToolResult {
    guard resolver.isReachable else {
      return ToolResult(
        output: ";; connection timed out; no servers could be reached\n\n", status: 1)
    }
    let server = resolver.serverAddress
    var output = "Server:\t\t\(title.printable)\nAddress:\t\(server)#53\n\n"
    if let address = IPAddress(name) {
      return reverse(ReverseName.text(address), resolver, output)
    }
    var records: [DNSRecord] = []
    var last: Resolver.Lookup?
    for type in types {
      // Where the first type has found the name the others need not search for it.
      let asked = last.map { $0.answer.answers.isEmpty ? name : $0.question.name } ?? name
      let lookups = resolver.lookUp(asked, type)
      effects.resolve(lookups, by: resolver)
      if isVerbose {
        output += Self.messages(lookups, server, isFirst: type == types.first)
      }
      if last == nil || !(lookups.last?.answer.answers.isEmpty ?? true) { last = lookups.last }
      records += (lookups.last?.answer.answers ?? []).filter { !records.contains($0) }
    }
    guard !records.isEmpty else {
      let found = types.map { resolver.lookUp(name, $0) }.joined()
      let exists = found.contains { $0.answer.code == .noError }
      let reason = exists ? "No answer" : "NXDOMAIN"
      let text =
        exists
        ? "*** Can't find \(name.printable): \(reason)\n\n"
        : "** server can't find \(name.printable): \(reason)\n\n"
      return ToolResult(output: output + text, status: 1)
    }
    if last?.answer.isAuthoritative == false { output += "Non-authoritative answer:\n" }
    return ToolResult(output: output + records.map(Self.text).joined() + "\n")
  }

  private func reverse(_ name: String, _ resolver: Resolver, _ head: String) -> ToolResult {
    let answer = resolver.ask(DNSQuestion(name, .ptr))
    guard !answer.answers.isEmpty else {
      return ToolResult(
        output: head + "** server can't find \(name.dropLast()): NXDOMAIN\n\n", status: 1)
    }
    // The server's name and address are not repeated for an address.
    return ToolResult(output: answer.answers.map(Self.text).joined() + "\n")
  }

  /// Every query with its answer, for `-debug`: the server is named before each of the first type.
  private static func messages(
    _ lookups: [Resolver.Lookup], _ server: String, isFirst: Bool
  ) -> String {
    var text = ""
    for (place, lookup) in lookups.enumerated() {
      if isFirst, place > 0 { text += "Server:\t\t\(server)\nAddress:\t\(server)#53\n\n" }
      text += NslookupMessage(lookup: lookup).text
      if lookup.answer.code == .nameError, place < lookups.count - 1 {
        text += "** server can't find \(lookup.question.name.dropLast()): NXDOMAIN\n"
      }
    }
    return text
  }

  private static func text(_ record: DNSRecord) -> String {
    let name = record.name.hasSuffix(".") ? String(record.name.dropLast()) : record.name
    return switch record.data {
    case .address(let address): "Name:\t\(name)\nAddress: \(address)\n"
    case .canonicalName(let target): "\(name)\tcanonical name = \(target)\n"
    case .pointer(let target): "\(name)\tname = \(target)\n"
    case .service: "\(name)\tservice = \(record.text)\n"
    case .text: "\(name)\ttext = \(record.text)\n"
    case .authority(let server, let mailbox, let serial, let minimum):
      "\(name)\n\torigin = \(server.dropLast())\n\tmail addr = \(mailbox.dropLast())\n"
        + "\tserial = \(serial)\n\trefresh = 7200\n\tretry = 1800\n\texpire = 86400\n"
        + "\tminimum = \(minimum)\n"
    }
  }
}
