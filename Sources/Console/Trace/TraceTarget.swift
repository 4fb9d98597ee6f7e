import ClusterModel
import ControlPlane
import DataPlane
import Simulation

/// The words that name the ends of a trace.
///
/// FROM is `pod/NAME`, `node/NAME`, an address or `external`; TO is `svc/NAME[:PORT]`,
/// `pod/NAME:PORT`, `node/NAME:PORT`, `ADDRESS:PORT` or a DNS name with a port. A namespace stands
/// behind the name: `svc/NAME.NAMESPACE`.
enum TraceTarget: Hashable {
  case service(NamespacedName, port: String?)
  case pod(NamespacedName, port: UInt16)
  case node(String, port: UInt16)
  case address(IPAddress, port: UInt16)
  case name(String, port: String)

  /// - Parameter needsPort: False for an echo request, which is for no port: its port is 0.
  static func parse(
    _ text: String, namespace: String, in world: World, needsPort: Bool = true
  ) throws(CommandFailure) -> TraceTarget {
    func number(_ port: String?, _ text: String) throws(CommandFailure) -> UInt16 {
      if port == nil, !needsPort { return 0 }
      return try Self.number(port, text)
    }
    if let (kind, rest) = text.divided(at: "/") {
      let (name, port) = splitPort(rest)
      switch kind {
      case "svc", "service", "services":
        return .service(find(name, .services, namespace, world), port: port)
      case "po", "pod", "pods":
        return .pod(find(name, .pods, namespace, world), port: try number(port, text))
      case "no", "node", "nodes": return .node(name, port: try number(port, text))
      default:
        throw CommandFailure(
          "error: TO must be svc/NAME[:PORT], pod/NAME:PORT, node/NAME:PORT, ADDRESS:PORT or a DNS "
            + "name with a port, not \(text.goQuoted)")
      }
    }
    let (host, port) = splitPort(text)
    if let address = IPAddress(host) { return .address(address, port: try number(port, text)) }
    if let problem = malformed(host) { throw problem }
    guard let port = port ?? (needsPort ? nil : "0"), !host.isEmpty else {
      throw missingPort(text)
    }
    return .name(host, port: port)
  }

  /// FROM, as the data plane takes it.
  static func source(_ text: String, namespace: String, in world: World) throws(CommandFailure)
    -> TraceRequest.Source
  {
    if text == "external" { return .external }
    if let address = IPAddress(unbracketed(text)) { return .address(address) }
    if let problem = malformed(unbracketed(text)) { throw problem }
    guard let (kind, name) = text.divided(at: "/"), !name.isEmpty else {
      throw CommandFailure(
        "error: FROM must be pod/NAME, node/NAME, an address or external, not \(text.goQuoted)")
    }
    switch kind {
    case "po", "pod", "pods":
      let name = find(name, .pods, namespace, world)
      return .pod(namespace: name.namespace, name: name.name)
    case "no", "node", "nodes": return .node(name)
    default:
      throw CommandFailure(
        "error: FROM must be pod/NAME, node/NAME, an address or external, not \(text.goQuoted)")
    }
  }

  /// The object with this name in the namespace, or the one that `NAME.NAMESPACE` names.
  private static func find(
    _ text: String, _ resource: APIResource, _ namespace: String, _ world: World
  ) -> NamespacedName {
    let plain = NamespacedName(namespace: namespace, name: text)
    if world.store.get(resource, namespace: namespace, name: text) != nil { return plain }
    guard let dot = text.lastIndex(of: ".") else { return plain }
    let name = String(text[..<dot])
    return NamespacedName(namespace: String(text[text.index(after: dot)...]), name: name)
  }

  private static func unbracketed(_ text: String) -> String {
    text.first == "[" && text.last == "]" ? String(text.dropFirst().dropLast()) : text
  }

  /// `NAME:PORT`, `[ADDRESS]:PORT`; an IPv6 address without brackets has no port.
  private static func splitPort(_ text: String) -> (String, String?) {
    if text.first == "[", let close = text.firstIndex(of: "]") {
      let host = String(text[text.index(after: text.startIndex)..<close])
      let rest = text[text.index(after: close)...]
      return (host, rest.first == ":" ? String(rest.dropFirst()) : nil)
    }
    guard let colon = text.lastIndex(of: ":"), text.firstIndex(of: ":") == colon else {
      return (text, nil)
    }
    return (String(text[..<colon]), String(text[text.index(after: colon)...]))
  }

  private static func number(_ port: String?, _ text: String) throws(CommandFailure) -> UInt16 {
    guard let port else { throw missingPort(text) }
    guard let number = UInt16(port), number > 0 else {
      throw CommandFailure("error: \(port.goQuoted) is no port: 1 to 65535")
    }
    return number
  }

  /// What looks like an address and is none.
  private static func malformed(_ text: String) -> CommandFailure? {
    let digits = text.utf8.allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: ".") }
    let isV6 = text.utf8.filter { $0 == UInt8(ascii: ":") }.count > 1
    guard !text.isEmpty, digits || isV6 else { return nil }
    return CommandFailure(
      "error: \(text.goQuoted) is no IP address: four numbers from 0 to 255 as in 10.244.1.5, or "
        + "an IPv6 address as in [fd00::5]:80")
  }

  private static func missingPort(_ text: String) -> CommandFailure {
    CommandFailure("error: \(text.goQuoted) needs a port: \(text.printable):PORT")
  }
}
