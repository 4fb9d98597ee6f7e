import ClusterModel

/// The servers that the cluster's DNS asks for what it does not know itself.
///
/// There is no internet here: a name under a well-known top-level domain has an address that is
/// reserved for documentation (RFC 5737), always the same one; no other name exists.
enum OutsideDNS {
  private static let domains: Set<String> = [
    "ai", "app", "cloud", "co", "com", "dev", "edu", "eu", "gov", "info", "int", "io", "mil",
    "net", "org", "uk", "us",
  ]

  /// Seconds.
  private static let ttl = 300

  static func answer(_ question: DNSQuestion) -> DNSAnswer {
    let labels = question.name.lowercased().split(separator: ".").map(String.init)
    guard labels.count > 1, let last = labels.last, domains.contains(last) else {
      return unauthoritative(DNSAnswer(.nameError))
    }
    guard question.type == .a else { return unauthoritative(DNSAnswer(.noError)) }
    let record = DNSRecord(
      name: question.name, ttl: ttl, data: .address(address(of: labels.joined(separator: "."))))
    return unauthoritative(DNSAnswer(.noError, [record]))
  }

  private static func unauthoritative(_ answer: DNSAnswer) -> DNSAnswer {
    var answer = answer
    answer.isAuthoritative = false
    return answer
  }

  /// 192.0.2.1 to 192.0.2.254.
  private static func address(of name: String) -> IPAddress {
    let hash = name.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
    return IPAddress(v4: 0xC000_0201 + hash % 254)
  }
}

/// The names under which addresses are looked up.
public enum ReverseName {
  /// `5.1.244.10.in-addr.arpa.`
  public static func text(_ address: IPAddress) -> String {
    if address.family == .ipv4 {
      let parts = address.description.split(separator: ".").reversed()
      return parts.joined(separator: ".") + ".in-addr.arpa."
    }
    let nibbles = (0..<32).map { place in
      let half = place < 16 ? address.low : address.high
      return String(half >> UInt64(place % 16 * 4) & 15, radix: 16)
    }
    return nibbles.joined(separator: ".") + ".ip6.arpa."
  }

  /// The address that such a name stands for.
  static func address(_ labels: [String]) -> IPAddress? {
    if labels.suffix(2) == ["in-addr", "arpa"], labels.count == 6 {
      return IPAddress(labels.dropLast(2).reversed().joined(separator: "."))
    }
    guard labels.suffix(2) == ["ip6", "arpa"], labels.count == 34 else { return nil }
    var halves: (high: UInt64, low: UInt64) = (0, 0)
    for label in labels.dropLast(2).reversed() {
      guard label.utf8.count == 1, let nibble = UInt64(label, radix: 16) else { return nil }
      halves.high = halves.high << 4 | halves.low >> 60
      halves.low = halves.low << 4 | nibble
    }
    return IPAddress(v6High: halves.high, low: halves.low)
  }
}
