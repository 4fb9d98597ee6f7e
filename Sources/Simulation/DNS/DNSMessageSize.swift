/// How many bytes answers take on the wire: CoreDNS writes names in full (RFC 1035, 4.1).
extension DNSAnswer {
  /// - Parameter cookie: Bytes of the EDNS cookie that the client sent and the server repeats.
  public func size(of question: DNSQuestion, cookie: Int) -> Int {
    let records = answers + authority + additional
    let header = 12 + Self.size(question.name) + 4
    let edns = 11 + (cookie == 0 ? 0 : 4 + cookie)
    return records.reduce(header + edns) { $0 + Self.size($1.name) + 10 + Self.size($1.data) }
  }

  private static func size(_ name: String) -> Int {
    name == "." ? 1 : name.utf8.count + (name.hasSuffix(".") ? 1 : 2)
  }

  private static func size(_ data: DNSRecord.Data) -> Int {
    switch data {
    case .address(let address): address.family == .ipv4 ? 4 : 16
    case .canonicalName(let name), .pointer(let name): size(name)
    case .service(_, _, _, let target): 6 + size(target)
    case .text(let text): 1 + text.utf8.count
    case .authority(let server, let mailbox, _, _): size(server) + size(mailbox) + 20
    }
  }
}
