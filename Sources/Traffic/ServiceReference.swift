import ClusterModel

/// A Service as a program's configuration names it: `cart:7070`, `http://web.shop.svc/path`.
struct ServiceReference: Hashable, Sendable {
  var name: String
  /// Nil for a short name: the namespace of the pod.
  var namespace: String?
  /// Nil when the text names none.
  var port: UInt16?

  /// Longer values are no addresses.
  static let longestText = 1024

  /// Parses HOST[:PORT] or a URL; nil when the text is neither, or its host cannot be a Service's.
  init?(_ text: String) {
    guard text.utf8.count <= Self.longestText else { return nil }
    self.init(authority: Self.authority(of: Array(text.utf8)[...]))
  }

  private init?(authority: ArraySlice<UInt8>?) {
    guard var host = authority, !host.isEmpty else { return nil }
    if let colon = host.lastIndex(of: UInt8(ascii: ":")) {
      guard let port = Self.port(host[(colon + 1)...]) else { return nil }
      self.port = port
      host = host[..<colon]
    }
    guard let (name, namespace) = Self.service(ofHost: host) else { return nil }
    (self.name, self.namespace) = (name, namespace)
  }

  /// HOST[:PORT] of a URL (RFC 3986 §3.2) without its user; the text itself when it has no scheme.
  private static func authority(of text: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard let mark = firstIndex(of: "://", in: text) else {
      return text.contains(UInt8(ascii: "/")) ? nil : text
    }
    guard isScheme(text[..<mark]) else { return nil }
    var rest = text[(mark + 3)...]
    // gRPC's names (doc/naming.md) have an empty authority: dns:///cart:7070.
    if rest.first == UInt8(ascii: "/") { rest = rest.dropFirst() }
    let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") || $0 == 35 }
    rest = rest[..<(end ?? rest.endIndex)]
    if let user = rest.lastIndex(of: UInt8(ascii: "@")) { rest = rest[(user + 1)...] }
    return rest
  }

  private static func firstIndex(of mark: StaticString, in text: ArraySlice<UInt8>) -> Int? {
    let bytes = Array(mark.description.utf8)
    guard text.count >= bytes.count else { return nil }
    return (text.startIndex...(text.endIndex - bytes.count)).first {
      text[$0..<($0 + bytes.count)].elementsEqual(bytes)
    }
  }

  /// `http`, `redis+tls`, and `jdbc:postgresql`, which is two.
  private static func isScheme(_ text: ArraySlice<UInt8>) -> Bool {
    guard let first = text.first, isLetter(first) else { return false }
    return text.allSatisfy { isLetter($0) || isDigit($0) || "+-.:".utf8.contains($0) }
  }

  private static func port(_ digits: ArraySlice<UInt8>) -> UInt16? {
    guard (1...5).contains(digits.count), digits.allSatisfy(isDigit) else { return nil }
    let number = digits.reduce(0) { $0 * 10 + Int($1 - 48) }
    return number == 0 ? nil : UInt16(exactly: number)
  }

  /// The Service behind `name`, `name.namespace`, `name.namespace.svc` or the full name.
  private static func service(ofHost host: ArraySlice<UInt8>) -> (String, String?)? {
    var host = host
    let isAbsolute = host.last == UInt8(ascii: ".")
    if isAbsolute { host = host.dropLast() }
    let labels = host.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      .map(label)
    guard let name = labels.first ?? nil, !labels.contains(nil) else { return nil }
    switch labels.count {
    case 1 where !isAbsolute: return (name, nil)
    case 2 where !isAbsolute: return (name, labels[1])
    case 3 where !isAbsolute && labels[2] == "svc": return (name, labels[1])
    case 5 where labels[2] == "svc" && labels[3] == "cluster" && labels[4] == "local":
      return (name, labels[1])
    default: return nil
    }
  }

  /// A DNS label in lower case (RFC 1123 §2.1); nil when it is none.
  private static func label(_ bytes: ArraySlice<UInt8>) -> String? {
    guard (1...63).contains(bytes.count), bytes.first != 45, bytes.last != 45,
      bytes.allSatisfy({ isLetter($0) || isDigit($0) || $0 == 45 })
    else { return nil }
    return String(decoding: bytes.map { (65...90).contains($0) ? $0 + 32 : $0 }, as: UTF8.self)
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (97...122).contains(byte) || (65...90).contains(byte)
  }
  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
}
