import ClusterModel
import DataPlane
import Simulation

/// `conntrack -L`, `-C`, `-D` and `-F` on a node.
struct ConntrackTool: Tool {
  let name = "conntrack"
  private static let version = "v1.4.7 (conntrack-tools)"

  func run(_ arguments: [String], at place: ToolPlace) -> ToolResult {
    guard let node = place.world.dataPlane.nodeIndex(named: place.nodeName) else {
      return .failure("conntrack: the node is not up")
    }
    var options = ConntrackOptions()
    do {
      try options.read(arguments)
    } catch {
      return .failure(
        "conntrack \(Self.version): \(error.message)\n"
          + "Try `conntrack -h' or 'conntrack --help' for more information.", status: 2)
    }
    let plane = place.world.dataPlane
    let now = place.world.now
    if options.action == .count {
      return ToolResult(output: "\(plane.conntrackCount(on: node, at: now))\n")
    }
    let lines = plane.conntrackLines(
      on: node, at: now, options.filter, isExtended: options.isExtended)
    if options.action != .list {
      place.effects.forgetConnections(
        on: place.nodeName, options.action == .delete ? options.filter : ConntrackFilter())
    }
    return result(of: options.action, lines)
  }

  private func result(of action: ConntrackOptions.Action, _ lines: [String]) -> ToolResult {
    let text = lines.map { $0 + "\n" }.joined()
    let title = "conntrack \(Self.version): "
    switch action {
    case .count: return ToolResult()
    case .list:
      return ToolResult(
        output: text, errors: title + "\(lines.count) flow entries have been shown.\n")
    case .delete:
      return ToolResult(
        output: text, errors: title + "\(lines.count) flow entries have been deleted.\n",
        status: lines.isEmpty ? 1 : 0)
    case .flush:
      return ToolResult(errors: title + "connection tracking table has been emptied.\n")
    }
  }
}

/// What `conntrack` is asked for.
private struct ConntrackOptions {
  enum Action { case list, count, delete, flush }
  struct Problem: Error {
    var message: String
  }

  var filter = ConntrackFilter()
  var action = Action.list
  var isExtended = false

  private static let commands: [String: Action] = [
    "-L": .list, "--dump": .list, "-C": .count, "--count": .count, "-D": .delete,
    "--delete": .delete, "-F": .flush, "--flush": .flush,
  ]

  mutating func read(_ arguments: [String]) throws(Problem) {
    var rest = arguments[...]
    var hasCommand = false
    while let word = rest.popFirst() {
      if let command = Self.commands[word] {
        guard !hasCommand else { throw Problem(message: "Can't use those options together") }
        (action, hasCommand) = (command, true)
        // The table may stand behind it; this is the only one with something in it.
        if rest.first == "conntrack" { _ = rest.popFirst() }
        continue
      }
      switch word {
      case "-n", "--src-nat": filter.isSourceRewritten = true
      case "-g", "--dst-nat": filter.isDestinationRewritten = true
      default:
        guard let value = rest.popFirst() else { throw Problem(message: "Bad parameter") }
        try read(word, value)
      }
    }
    if !hasCommand { throw Problem(message: "Only -L, -C, -D and -F are simulated") }
  }

  private mutating func read(_ option: String, _ value: String) throws(Problem) {
    switch option {
    case "-p", "--proto":
      guard let transport = TransportProtocol(name: value.uppercased()) else {
        throw Problem(message: "unknown protocol `\(value.printable)'")
      }
      filter.transport = transport
    case "-f", "--family":
      filter.family = value == "ipv6" ? .ipv6 : .ipv4
    case "-o", "--output": isExtended = value == "extended"
    case "-s", "--src", "--orig-src": filter.source = try range(value)
    case "-d", "--dst", "--orig-dst": filter.destination = try range(value)
    case "-r", "--reply-src": filter.replySource = try range(value)
    case "-q", "--reply-dst": filter.replyDestination = try range(value)
    case "--sport", "--orig-port-src": filter.sourcePort = try port(value)
    case "--dport", "--orig-port-dst": filter.destinationPort = try port(value)
    case "--state": filter.state = value.uppercased()
    default: throw Problem(message: "unknown option `\(option.printable)'")
    }
  }

  private func range(_ text: String) throws(Problem) -> CIDR {
    if let address = IPAddress(text) { return CIDR(address, prefixLength: address.family.width) }
    guard let range = CIDR(text) else {
      throw Problem(message: "Invalid IP address `\(text.printable)'")
    }
    return range
  }

  private func port(_ text: String) throws(Problem) -> UInt16 {
    guard let port = UInt16(text) else {
      throw Problem(message: "port number `\(text.printable)' is invalid")
    }
    return port
  }
}
