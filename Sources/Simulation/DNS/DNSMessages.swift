import ClusterModel

/// The types of records that are asked for here.
public enum DNSType: String, Hashable, Sendable, CaseIterable {
  case a = "A"
  case aaaa = "AAAA"
  case cname = "CNAME"
  case ns = "NS"
  case ptr = "PTR"
  case soa = "SOA"
  case srv = "SRV"
  case txt = "TXT"

  init(_ family: IPAddress.Family) { self = family == .ipv4 ? .a : .aaaa }
}

/// A question; the name ends with a dot.
public struct DNSQuestion: Hashable, Sendable {
  public var name: String
  public var type: DNSType

  public init(_ name: String, _ type: DNSType) {
    self.name = name.hasSuffix(".") ? name : name + "."
    self.type = type
  }
}

public struct DNSRecord: Hashable, Sendable {
  public enum Data: Hashable, Sendable {
    case address(IPAddress)
    case canonicalName(String)
    case pointer(String)
    case service(priority: Int, weight: Int, port: Int, target: String)
    case text(String)
    case authority(server: String, mailbox: String, serial: Int64, minimum: Int)
  }

  public var name: String
  public var ttl: Int
  public var data: Data

  public var type: DNSType {
    switch data {
    case .address(let address): DNSType(address.family)
    case .canonicalName: .cname
    case .pointer: .ptr
    case .service: .srv
    case .text: .txt
    case .authority: .soa
    }
  }

  public var address: IPAddress? {
    if case .address(let address) = data { address } else { nil }
  }

  /// The data as `dig` prints them.
  public var text: String {
    switch data {
    case .address(let address): "\(address)"
    case .canonicalName(let name), .pointer(let name): name
    case .service(let priority, let weight, let port, let target):
      "\(priority) \(weight) \(port) \(target)"
    case .text(let text): "\"\(text)\""
    case .authority(let server, let mailbox, let serial, let minimum):
      "\(server) \(mailbox) \(serial) 7200 1800 86400 \(minimum)"
    }
  }
}

public struct DNSAnswer: Hashable, Sendable {
  public enum Code: String, Hashable, Sendable {
    case noError = "NOERROR"
    case nameError = "NXDOMAIN"
    /// Nobody answered.
    case timeout = "TIMEOUT"
  }

  public var code: Code
  public var answers: [DNSRecord] = []
  public var authority: [DNSRecord] = []
  public var additional: [DNSRecord] = []
  /// Whether the server answers for the zone itself.
  public var isAuthoritative = true

  init(_ code: Code, _ answers: [DNSRecord] = []) {
    self.code = code
    self.answers = answers
  }

  public var addresses: [IPAddress] { answers.compactMap(\.address) }
}
