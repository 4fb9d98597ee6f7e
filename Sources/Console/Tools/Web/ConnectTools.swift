import ClusterModel

/// `wget`, as BusyBox has it.
struct WgetTool: Tool {
  let name = "wget"

  func run(_ arguments: [String], at place: ToolPlace) -> ToolResult {
    var url: String?
    var headerHost: String?
    var (toOutput, isQuiet, hasLimit, isSpider) = (false, false, false, false)
    var rest = arguments[...]
    while let word = rest.popFirst() {
      if word == "--spider" {
        isSpider = true
      } else if word.hasPrefix("--header") {
        let text = word.divided(at: "=")?.1 ?? rest.popFirst() ?? ""
        if let (name, value) = text.divided(at: ":"), name.lowercased() == "host" {
          headerHost = value.trimmed
        }
      } else if word.hasPrefix("--timeout") || word.hasPrefix("-T") {
        hasLimit = true
        if word == "-T" || word == "--timeout" { _ = rest.popFirst() }
      } else if word.hasPrefix("-"), word.count > 1, !word.hasPrefix("--") {
        isQuiet = isQuiet || word.contains("q")
        if let at = word.firstIndex(of: "O") {
          let value = String(word[word.index(after: at)...])
          toOutput = (value.isEmpty ? rest.popFirst() : value) == "-"
        }
      } else if !word.hasPrefix("--") {
        url = word
      }
    }
    guard let url, let address = WebAddress(url) else {
      return .failure("wget: not an http or https url: \((url ?? "").printable)")
    }
    let (resolved, outcome) = Dialer(place: place).dial(address.host, address.port)
    let remote = resolved.map { "\($0)" } ?? ""
    var result = ToolResult()
    if !isQuiet, !remote.isEmpty {
      result.errors = "Connecting to \(address.host.printable) (\(remote):\(address.port))\n"
    }
    switch outcome {
    case .unresolved:
      result.errors += "wget: bad address '\(address.host.printable)'\n"
      result.status = 1
    case .refused:
      result.errors += "wget: can't connect to remote host (\(remote)): Connection refused\n"
      result.status = 1
    case .timedOut:
      result.errors +=
        hasLimit
        ? "wget: download timed out\n"
        : "wget: can't connect to remote host (\(remote)): Operation timed out\n"
      result.status = 1
    case .connected(let peer):
      let server = WebServer(peer: peer, world: place.world)
      let answer = server.answer(host: headerHost ?? address.host, path: address.path)
      if answer.status != 200 {
        result.errors += "wget: server returned error: HTTP/1.1 \(answer.status) \(answer.reason)\n"
        result.status = 1
      } else if toOutput, !isSpider {
        result.output = "\(answer.body)\n"
      }
    }
    return result
  }
}

/// `nc -z`, as OpenBSD has it: does something listen there?
struct NetcatTool: Tool {
  let name = "nc"

  func run(_ arguments: [String], at place: ToolPlace) -> ToolResult {
    var words: [String] = []
    var (scans, isVerbose, isUDP, hasLimit) = (false, false, false, false)
    var rest = arguments[...]
    while let word = rest.popFirst() {
      guard word.hasPrefix("-"), word.count > 1 else {
        words.append(word)
        continue
      }
      scans = scans || word.contains("z")
      isVerbose = isVerbose || word.contains("v")
      isUDP = isUDP || word.contains("u")
      if word.contains("w") {
        hasLimit = true
        if word.hasSuffix("w") { _ = rest.popFirst() }
      }
    }
    guard words.count == 2, let port = UInt16(words[1]), port > 0 else {
      return .failure("usage: nc -z [-uv] [-w timeout] destination port")
    }
    guard scans else { return .failure("nc: only -z, which sends nothing, is simulated") }
    return scan(words[0], port, isUDP ? .udp : .tcp, isVerbose, hasLimit, place)
  }

  private func scan(
    _ host: String, _ port: UInt16, _ transport: TransportProtocol, _ isVerbose: Bool,
    _ hasLimit: Bool, _ place: ToolPlace
  ) -> ToolResult {
    let (address, outcome) = Dialer(place: place).dial(host, port, transport)
    let shown = "\(host.printable) port \(port) (\(transport.lowercaseName))"
    var isOpen = false
    let message: String
    switch outcome {
    case .connected: (isOpen, message) = (true, "")
    // A datagram that nobody answers has arrived, as far as anybody can tell.
    case .timedOut where transport == .udp: (isOpen, message) = (true, "")
    case .refused: message = "nc: connect to \(shown) failed: Connection refused\n"
    case .timedOut:
      message =
        hasLimit
        ? "nc: connect to \(shown) timed out: Operation now in progress\n"
        : "nc: connect to \(shown) failed: Connection timed out\n"
    case .unresolved(let isSilent):
      let reason =
        isSilent ? "Temporary failure in name resolution" : "Name or service not known"
      message = "nc: getaddrinfo for host \"\(host.printable)\" port \(port): \(reason)\n"
      return ToolResult(errors: message, status: 1)
    }
    guard isOpen else { return ToolResult(errors: isVerbose ? message : "", status: 1) }
    let named = IPAddress(host) == nil ? address.map { " (\($0))" } ?? "" : ""
    let text =
      "Connection to \(host.printable)\(named) \(port) port "
      + "[\(transport.lowercaseName)/\(Self.service(port))] succeeded!\n"
    return ToolResult(errors: isVerbose ? text : "")
  }

  /// Of /etc/services, what is met in clusters.
  private static func service(_ port: UInt16) -> String {
    switch port {
    case 22: "ssh"
    case 53: "domain"
    case 80: "http"
    case 443: "https"
    case 3306: "mysql"
    case 5432: "postgresql"
    case 6379: "redis"
    case 8080: "http-alt"
    case 11211: "memcached"
    default: "*"
    }
  }
}
