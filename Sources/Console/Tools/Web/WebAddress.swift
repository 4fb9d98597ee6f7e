import ClusterModel

/// The parts of a URL that a client needs.
struct WebAddress: Hashable {
  var scheme = "http"
  var host: String
  var port: UInt16
  var path = "/"

  /// Nil for a text that is no URL of a web server.
  init?(_ text: String) {
    var rest = text
    if let (scheme, tail) = text.divided(at: "://") {
      self.scheme = scheme.lowercased()
      rest = tail
    }
    guard scheme == "http" || scheme == "https" else { return nil }
    let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
    let tail = rest[end...].prefix { $0 != "#" }
    path = tail.hasPrefix("/") ? String(tail) : "/" + tail
    var authority = String(rest[..<end])
    if let at = authority.lastIndex(of: "@") {
      authority = String(authority[authority.index(after: at)...])
    }
    var portText: String?
    if authority.first == "[", let close = authority.firstIndex(of: "]") {
      let behind = authority[authority.index(after: close)...]
      portText = behind.first == ":" ? String(behind.dropFirst()) : nil
      host = String(authority[authority.index(after: authority.startIndex)..<close])
    } else if let (name, port) = authority.divided(at: ":") {
      (host, portText) = (name, port)
    } else {
      host = authority
    }
    guard !host.isEmpty else { return nil }
    let usual: UInt16 = scheme == "https" ? 443 : 80
    guard let portText, !portText.isEmpty else {
      port = usual
      return
    }
    guard let number = UInt16(portText), number > 0 else { return nil }
    port = number
  }

  /// As it is printed in a URL.
  var hostText: String { host.contains(":") ? "[\(host)]" : host }
}
