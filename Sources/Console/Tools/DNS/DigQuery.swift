import ClusterModel
import Simulation

/// What the words of a `dig` ask for (BIND bin/dig/dig.c parse_args).
struct DigQuery {
  struct Item: Hashable {
    var name: String
    var type: DNSType
  }

  struct Problem: Error {
    var message: String
  }

  private(set) var items: [Item] = []
  /// The server to ask instead of the configured one.
  private(set) var server: String?
  private(set) var searches = false
  /// Every query of a search is shown, not only the last.
  private(set) var showsSearch = false
  private(set) var isShort = false
  private(set) var shows = DigQuery.sections
  let command: [String]
  /// Of the names that follow.
  private var type = DNSType.a
  private var isTypeSet = false

  private static let sections: Set<String> = [
    "cmd", "comments", "question", "answer", "authority", "additional", "stats",
  ]
  private static let otherTypes: Set<String> = [
    "ANY", "AXFR", "CAA", "DNSKEY", "DS", "HTTPS", "MX", "NAPTR", "RRSIG", "SVCB", "TLSA",
  ]

  init(_ arguments: [String]) throws(Problem) {
    command = arguments
    var rest = arguments[...]
    while let word = rest.popFirst() {
      if let option = word.afterPrefix("+") {
        set(option)
      } else if let name = word.afterPrefix("@") {
        server = name
      } else if word.hasPrefix("-") {
        try dash(word, &rest)
      } else if let type = try Self.type(word) {
        set(type)
      } else if word.uppercased() != "IN" {
        items.append(Item(name: word, type: type))
      }
    }
    // Without a name the root's servers are meant.
    if items.isEmpty { items = [Item(name: ".", type: isTypeSet ? type : .ns)] }
  }

  /// A type belongs to the name before it, and in front of all names to each of them.
  private mutating func set(_ type: DNSType) {
    if items.isEmpty {
      (self.type, isTypeSet) = (type, true)
    } else {
      items[items.count - 1].type = type
    }
  }

  private static func type(_ word: String) throws(Problem) -> DNSType? {
    let upper = word.uppercased()
    if otherTypes.contains(upper) {
      throw Problem(message: "dig: records of type \(upper) are not simulated")
    }
    return DNSType(rawValue: upper)
  }

  private mutating func dash(_ word: String, _ rest: inout ArraySlice<String>) throws(Problem) {
    switch word {
    case "-4", "-6": break
    case "-x":
      guard let address = rest.popFirst().flatMap({ IPAddress($0) }) else {
        throw Problem(message: "dig: -x needs an address")
      }
      items.append(Item(name: ReverseName.text(address), type: .ptr))
    case "-t":
      guard let type = try rest.popFirst().map(Self.type) ?? nil else {
        let types = DNSType.allCases.map(\.rawValue).joined(separator: ", ")
        throw Problem(message: "dig: -t needs a type: \(types)")
      }
      set(type)
    case "-q":
      guard let name = rest.popFirst() else { throw Problem(message: "dig: -q needs a name") }
      items.append(Item(name: name, type: type))
    case "-p":
      if rest.popFirst() != "53" { throw Problem(message: "dig: servers listen on port 53") }
    default: throw Problem(message: "dig: \(word.printable) is not simulated")
    }
  }

  private mutating func set(_ option: String) {
    let isOn = !option.hasPrefix("no")
    let word = isOn ? option : String(option.dropFirst(2))
    switch word {
    case "all": shows = isOn ? Self.sections : []
    case "search": searches = isOn
    case "showsearch": (searches, showsSearch) = (isOn || searches, isOn)
    case "short": isShort = isOn
    case let section where Self.sections.contains(section):
      if isOn { shows.insert(section) } else { shows.remove(section) }
    // Options of the transport make no difference here.
    default: break
    }
  }
}
