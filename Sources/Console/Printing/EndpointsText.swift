import ClusterModel

/// The addresses of an Endpoints object (printers.go formatEndpoints).
enum EndpointsText {
  /// `10.244.1.5:80,…` of the ready addresses, at most three; `<none>` without subsets.
  static func all(_ endpoints: Value) -> String {
    let subsets = endpoints.items("subsets")
    guard !subsets.isEmpty else { return "<none>" }
    var shown: [String] = []
    var count = 0
    for subset in subsets {
      let addresses = subset.items("addresses").map { $0.text("ip") }
      let ports = subset.items("ports").map { $0.number("port") ?? 0 }
      count += addresses.count * max(1, ports.count)
      let texts =
        ports.isEmpty
        ? addresses
        : ports.flatMap { port in addresses.map { hostAndPort($0, "\(port)") } }
      shown += texts.prefix(3 - min(3, shown.count))
    }
    let list = shown.joined(separator: ",")
    return count > 3 ? "\(list) + \(count - 3) more..." : list
  }

  /// `10.0.0.1:80` and `[fd00::1]:80` (Go's net.JoinHostPort).
  static func hostAndPort(_ host: String, _ port: String) -> String {
    host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
  }
}
