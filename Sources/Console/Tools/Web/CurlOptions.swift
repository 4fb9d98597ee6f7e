import SimulationCore

/// What a `curl` command line asks for.
struct CurlOptions: Hashable {
  var urls: [String] = []
  var isSilent = false
  var showsErrors = false
  var isVerbose = false
  var showsHead = false
  var asksHeadOnly = false
  var discards = false
  var method: String?
  var headers: [String] = []
  var format: String?
  /// The whole transfer may take this long.
  var limit: Duration?
  var connectLimit: Duration?

  /// What is wrong with a command line, with curl's exit status.
  struct Problem: Error, Hashable {
    var message: String
    var status: Int32 = 2
  }

  init(_ words: [String]) throws(Problem) {
    var rest = words[...]
    while let word = rest.popFirst() {
      if let long = word.afterPrefix("--") {
        try set(long, &rest)
      } else if word.hasPrefix("-"), word != "-" {
        var letters = word.dropFirst()
        while let letter = letters.popFirst() {
          guard let name = Self.shorts[letter] else {
            throw Problem(message: "curl: option -\(String(letter).printable): is unknown")
          }
          if Self.valued.contains(name), !letters.isEmpty {
            rest = [String(letters)] + rest
            letters = ""
          }
          try set(name, &rest)
        }
      } else {
        urls.append(word)
      }
    }
  }

  private static let shorts: [Character: String] = [
    "s": "silent", "S": "show-error", "v": "verbose", "i": "include", "I": "head",
    "k": "insecure", "L": "location", "f": "fail", "o": "output", "w": "write-out",
    "X": "request", "H": "header", "m": "max-time", "d": "data", "A": "user-agent", "4": "ipv4",
    "g": "globoff",
  ]
  private static let valued: Set<String> = [
    "output", "write-out", "request", "header", "max-time", "connect-timeout", "data",
    "user-agent", "retry", "url",
  ]

  private mutating func set(
    _ option: String, _ rest: inout ArraySlice<String>
  ) throws(Problem) {
    guard Self.valued.contains(option) else { return try set(toggle: option) }
    guard let value = rest.popFirst() else {
      throw Problem(message: "curl: option --\(option): requires parameter")
    }
    switch option {
    case "output": discards = value != "-"
    case "write-out": format = value
    case "request": method = value
    case "header": headers.append(value)
    case "user-agent": headers.append("User-Agent: \(value)")
    case "data": method = method ?? "POST"
    case "url": urls.append(value)
    case "max-time": limit = try Self.seconds(value, option)
    case "connect-timeout": connectLimit = try Self.seconds(value, option)
    default: break
    }
  }

  private mutating func set(toggle option: String) throws(Problem) {
    switch option {
    case "silent": isSilent = true
    case "show-error": showsErrors = true
    case "verbose": isVerbose = true
    case "include": showsHead = true
    case "head":
      asksHeadOnly = true
      showsHead = true
    // Every server here has a good certificate, never redirects and never fails.
    case "insecure", "location", "fail", "ipv4", "globoff", "no-progress-meter", "compressed":
      break
    default: throw Problem(message: "curl: option --\(option.printable): is unknown")
    }
  }

  /// `2`, `0.5`.
  private static func seconds(_ text: String, _ option: String) throws(Problem) -> Duration {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let fraction = parts.count == 2 ? String(parts[1].prefix(3)) : ""
    let padded = fraction + String(repeating: "0", count: 3 - fraction.count)
    guard let whole = UInt32(parts[0].isEmpty ? "0" : parts[0]), whole < 1_000_000,
      let thousandths = UInt32(padded), !text.isEmpty
    else {
      throw Problem(
        message: "curl: option --\(option): expected a proper numerical parameter")
    }
    return .milliseconds(Int64(whole) * 1000 + Int64(thousandths))
  }
}
