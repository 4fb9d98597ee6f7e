import ClusterModel
import SimulationCore

/// `curl`: a request through the cluster's network, and the answer of who served it.
struct CurlTool: Tool {
  let name = "curl"

  func run(_ arguments: [String], at place: ToolPlace) -> ToolResult {
    let options: CurlOptions
    do {
      options = try CurlOptions(arguments)
    } catch {
      return .failure(
        error.message + "\ncurl: try 'curl --help' or 'curl --manual' for more information",
        status: error.status)
    }
    guard !options.urls.isEmpty else {
      return .failure("curl: (2) no URL specified", status: 2)
    }
    var result = ToolResult()
    for url in options.urls {
      var transfer = CurlTransfer(options: options, url: url)
      transfer.run(Dialer(place: place))
      result.output += transfer.output
      result.errors += transfer.errors
      result.status = transfer.status
    }
    return result
  }
}

/// One URL's transfer.
struct CurlTransfer {
  let options: CurlOptions
  let url: String
  private(set) var output = ""
  private(set) var errors = ""
  private(set) var status: Int32 = 0

  // What `-w` can show.
  private var httpCode = 0
  private var remote: IPAddress?
  private var local: IPAddress?
  private var port: UInt16 = 0
  private var size = 0
  private var time = Duration.zero

  /// After how long the kernel gives a connection up: six tries, each twice as long.
  private static let kernelLimit = Duration.seconds(127)

  init(options: CurlOptions, url: String) {
    self.options = options
    self.url = url
  }

  mutating func run(_ dialer: Dialer) {
    guard let address = WebAddress(url) else {
      let scheme = url.divided(at: "://")?.0
      fail(
        scheme == nil || scheme == "http" || scheme == "https" ? 3 : 1,
        scheme == nil || scheme == "http" || scheme == "https"
          ? "URL rejected: Malformed input to a URL function"
          : "Protocol \"\(scheme?.printable ?? "")\" not supported")
      return writeOut()
    }
    let (resolved, outcome) = dialer.dial(
      options.target(address.host, address.port), address.port)
    port = address.port
    if let resolved { note("  Trying \(CurlTransfer.bracketed(resolved)):\(address.port)...") }
    switch outcome {
    case .unresolved(let isSilent): unresolved(address, isSilent)
    case .refused:
      note(
        "connect to \(resolved.map { "\($0)" } ?? "") port \(address.port) failed: "
          + "Connection refused")
      fail(
        7,
        "Failed to connect to \(address.host) port \(address.port) after 0 ms: "
          + "Couldn't connect to server")
    case .timedOut: timedOut(address)
    case .connected(let peer):
      answered(address, peer, WebServer(peer: peer, world: dialer.place.world))
    }
    writeOut()
  }

  private mutating func unresolved(_ address: WebAddress, _ isSilent: Bool) {
    // A resolver whose server is silent tries twice, five seconds each.
    let patience = Duration.seconds(10)
    if isSilent, let limit = options.limit ?? options.connectLimit, limit < patience {
      time = limit
      return fail(28, "Resolving timed out after \(milliseconds(limit)) milliseconds")
    }
    time = isSilent ? patience : .zero
    fail(6, "Could not resolve host: \(address.host)")
  }

  private mutating func timedOut(_ address: WebAddress) {
    let limits = [options.limit, options.connectLimit].compactMap { $0 }
    if let limit = limits.min(), limit < Self.kernelLimit {
      time = limit
      return fail(28, "Connection timed out after \(milliseconds(limit)) milliseconds")
    }
    time = Self.kernelLimit
    fail(
      28,
      "Failed to connect to \(address.host) port \(address.port) after "
        + "\(milliseconds(Self.kernelLimit)) ms: Couldn't connect to server")
  }

  private mutating func answered(
    _ address: WebAddress, _ peer: Dialer.Peer, _ server: WebServer
  ) {
    (remote, local) = (peer.address, peer.source)
    if address.scheme == "https", !options.isInsecure, !server.hasCertificate(for: address.host) {
      return fail(60, Self.selfSigned)
    }
    let answer = server.answer(host: hostHeader(address), path: address.path)
    httpCode = answer.status
    time = peer.roundTrip + peer.roundTrip + answer.delay
    if let limit = options.limit, time > limit {
      (httpCode, time) = (0, limit)
      return fail(
        28, "Operation timed out after \(milliseconds(limit)) milliseconds with 0 bytes received")
    }
    var body = "\(answer.body)\n"
    var head = [
      "HTTP/1.1 \(answer.status) \(answer.reason)", "Content-Type: text/plain",
      "Content-Length: \(body.utf8.count)",
    ]
    if let check = peer.healthCheck {
      (httpCode, body) = (check.status, check.body)
      head =
        ["HTTP/1.1 \(check.status) \(check.status == 200 ? "OK" : "Service Unavailable")"]
        + check.headers + ["Content-Length: \(body.utf8.count)"]
    }
    note("Connected to \(address.host) (\(peer.address)) port \(address.port)")
    talk(address, head)
    if options.failsOnErrors, httpCode >= 400 {
      return fail(22, "The requested URL returned error: \(httpCode)")
    }
    size = options.asksHeadOnly ? 0 : body.utf8.count
    guard !options.discards else { return }
    if options.showsHead { output += head.map { $0 + "\r\n" }.joined() + "\r\n" }
    if !options.asksHeadOnly { output += body }
  }

  private static let selfSigned =
    "SSL certificate problem: self-signed certificate\n"
    + "More details here: https://curl.se/docs/sslcerts.html\n\n"
    + "curl failed to verify the legitimacy of the server and therefore could not\n"
    + "establish a secure connection to it. To learn more about this situation and\n"
    + "how to fix it, please visit the web page mentioned above."

  /// What the server is asked as: the header that was given, or the URL's host.
  private func hostHeader(_ address: WebAddress) -> String {
    for header in options.headers {
      if let (name, value) = header.divided(at: ":"), name.lowercased() == "host" {
        return value.trimmed
      }
    }
    let usual: UInt16 = address.scheme == "https" ? 443 : 80
    return address.hostText + (address.port == usual ? "" : ":\(address.port)")
  }

  /// Both sides' headers, for `-v`.
  private mutating func talk(_ address: WebAddress, _ head: [String]) {
    guard options.isVerbose else { return }
    let host = hostHeader(address)
    let method = options.method ?? (options.asksHeadOnly ? "HEAD" : "GET")
    var lines = ["\(method) \(address.path) HTTP/1.1"]
    for (name, value) in [("Host", host), ("User-Agent", "curl/8.7.1"), ("Accept", "*/*")]
    where !options.headers.contains(where: { $0.lowercased().hasPrefix(name.lowercased() + ":") }) {
      lines.append("\(name): \(value)")
    }
    errors += (lines + options.headers + [""]).map { "> \($0.printable)\n" }.joined()
    errors += (head + [""]).map { "< \($0)\n" }.joined()
    note("Connection #0 to host \(address.host) left intact")
  }

  private mutating func note(_ text: String) {
    if options.isVerbose { errors += "* \(text.printable)\n" }
  }

  private mutating func fail(_ code: Int32, _ message: String) {
    status = code
    if !options.isSilent || options.showsErrors {
      let lines = message.split(separator: "\n", omittingEmptySubsequences: false)
      errors += "curl: (\(code)) "
      errors += lines.map { String($0).printable + "\n" }.joined()
    }
  }

  private func milliseconds(_ duration: Duration) -> Int64 { duration.nanoseconds / 1_000_000 }

  private static func bracketed(_ address: IPAddress) -> String {
    address.family == .ipv4 ? "\(address)" : "[\(address)]"
  }

  /// `-w`: `%{name}`, `%%`, `\n`, `\t`, `\r`.
  private mutating func writeOut() {
    guard let format = options.format else { return }
    var rest = format[...]
    while let character = rest.popFirst() {
      if character == "\\", let next = rest.popFirst() {
        output += ["n": "\n", "t": "\t", "r": "\r"][next] ?? "\\\(next)"
      } else if character == "%", rest.first == "{", let end = rest.firstIndex(of: "}") {
        output += value(of: String(rest[rest.index(after: rest.startIndex)..<end]))
        rest = rest[rest.index(after: end)...]
      } else if character == "%", rest.first == "%" {
        output += "%"
        rest.removeFirst()
      } else {
        output.append(character)
      }
    }
  }

  private func value(of name: String) -> String {
    switch name {
    case "http_code", "response_code":
      String(repeating: "0", count: httpCode == 0 ? 2 : 0) + "\(httpCode)"
    case "remote_ip": remote.map { "\($0)" } ?? ""
    case "remote_port": remote == nil ? "0" : "\(port)"
    case "local_ip": local.map { "\($0)" } ?? ""
    case "exitcode": "\(status)"
    case "errormsg": errors.isEmpty ? "" : String(errors.dropLast())
    case "size_download": "\(size)"
    case "num_connects": remote == nil ? "0" : "1"
    case "url", "url_effective": url.contains("://") ? url : "http://\(url)/"
    case "method": options.method ?? (options.asksHeadOnly ? "HEAD" : "GET")
    case "scheme": WebAddress(url)?.scheme ?? ""
    case "time_total", "time_starttransfer": secondsText(time)
    case "time_connect":
      secondsText(httpCode == 0 ? .zero : Duration(nanoseconds: time.nanoseconds / 2))
    default: ""
    }
  }

  /// `0.000560`.
  private func secondsText(_ duration: Duration) -> String {
    let micros = duration.nanoseconds / 1000
    let digits = String(micros % 1_000_000)
    return "\(micros / 1_000_000)." + String(repeating: "0", count: 6 - digits.count) + digits
  }
}
