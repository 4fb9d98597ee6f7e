import ClusterModel
import SimulationCore

/// What a `curl` command line asks for.
struct CurlOptions {
  var urls: [String] = []
  var isSilent = false
  var showsErrors = false
  var isVerbose = false
  var showsHead = false
  var asksHeadOnly = false
  var discards = false
  /// Any certificate will do.
  var isInsecure = false
  /// An answer of 400 and above is a failure.
  var failsOnErrors = false
  /// What names stand for, without asking the DNS: `HOST:PORT` and an address.
  var resolved: [(name: String, address: String)] = []
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
    "user-agent", "retry", "url", "resolve",
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
    case "resolve": resolved.append(try Self.resolution(value))
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
    case "insecure": isInsecure = true
    case "fail": failsOnErrors = true
    // No server here redirects.
    case "location", "ipv4", "globoff", "no-progress-meter", "compressed":
      break
    default: throw Problem(message: "curl: option --\(option.printable): is unknown")
    }
  }

  /// `shop.example:80:10.96.0.7`, as `shop.example:80` and the address.
  private static func resolution(
    _ text: String
  ) throws(Problem) -> (name: String, address: String) {
    let parts = text.split(separator: ":", maxSplits: 2).map(String.init)
    let address = parts.last.map { $0.filter { $0 != "[" && $0 != "]" } } ?? ""
    guard parts.count == 3, UInt16(parts[1]) != nil, IPAddress(address) != nil else {
      throw Problem(
        message: "curl: (49) Couldn't parse CURLOPT_RESOLVE entry '\(text.printable)'", status: 49)
    }
    return ("\(parts[0].lowercased()):\(parts[1])", address)
  }

  /// The address that `--resolve` gives for a host's port, or the host itself.
  func target(_ host: String, _ port: UInt16) -> String {
    resolved.last { $0.name == "\(host.lowercased()):\(port)" }?.address ?? host
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
