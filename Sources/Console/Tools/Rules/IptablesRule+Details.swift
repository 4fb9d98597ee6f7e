import ClusterModel

/// What `iptables -L` makes of matches and targets (extensions/libxt_*.c).
extension IptablesRule {
  /// Everything behind the destination.
  func details(isNumeric: Bool) -> String {
    let matched = matches.map { part in
      part.name == "comment"
        ? "/* \(part.words.last ?? "") */" : Self.text(of: part, transport, isNumeric)
    }
    return (matched + [targetText]).filter { !$0.isEmpty }.joined(separator: " ")
  }

  private static func text(of part: Part, _ transport: String, _ isNumeric: Bool) -> String {
    let isInverted = part.words.first == "!"
    let mark = isInverted ? "! " : ""
    let words = isInverted ? Array(part.words.dropFirst()) : part.words
    let value = words.last ?? ""
    switch part.name {
    case "tcp", "udp", "sctp":
      guard words.contains("--dport") else { return part.name }
      return "\(part.name) dpt:" + (isNumeric ? value : WellKnownPort.name(value, part.name))
    case "mark": return "mark match \(mark)\(value)"
    case "conntrack": return "\(mark)ctstate \(value)"
    case "addrtype":
      let end = words.first == "--src-type" ? "src" : "dst"
      return "ADDRTYPE match \(end)-type \(isInverted ? "!" : "")\(value)"
    case "physdev": return "PHYSDEV match \(mark)\(value)"
    case "statistic": return "statistic mode random probability \(value)"
    case "multiport": return "multiport dports \(ports(value, transport, isNumeric))"
    case "set": return "match-set \(words.dropFirst().joined(separator: " "))"
    case "nfacct": return "nfacct-name  \(value)"
    case "recent": return recent(words)
    default: return ([part.name] + part.words).joined(separator: " ")
    }
  }

  private static func ports(_ list: String, _ transport: String, _ isNumeric: Bool) -> String {
    if isNumeric { return list }
    return list.split(separator: ",").map { WellKnownPort.name(String($0), transport) }
      .joined(separator: ",")
  }

  private static func recent(_ words: [String]) -> String {
    func value(_ option: String) -> String {
      words.firstIndex(of: option).map { words[$0 + 1] } ?? ""
    }
    var text = "recent: " + (words.contains("--set") ? "SET" : "CHECK")
    if words.contains("--seconds") { text += " seconds: \(value("--seconds"))" }
    if words.contains("--reap") { text += " reap" }
    return text + " name: \(value("--name")) side: source mask: \(value("--mask"))"
  }

  private var targetText: String {
    let value = targetWords.last ?? ""
    switch target {
    case "DNAT": return "to:\(value)"
    case "MASQUERADE": return targetWords.isEmpty ? "" : "random-fully"
    case "REJECT": return "reject-with \(value)"
    case "MARK":
      let parts = value.split(separator: "/").map(String.init)
      // What a mask leaves alone is turned round; the same mask sets.
      return parts.count == 2 && parts[0] == parts[1] ? "MARK or \(parts[0])" : xorText(parts)
    default: return targetWords.joined(separator: " ")
    }
  }

  private func xorText(_ parts: [String]) -> String {
    parts.last == "0x0" ? "MARK xor \(parts[0])" : "MARK xset \(parts.joined(separator: "/"))"
  }
}

/// The names of ports in a node's `/etc/services` that clusters use.
enum WellKnownPort {
  static func name(_ port: String, _ transport: String) -> String {
    let isTCP = transport == "tcp"
    switch port {
    case "22" where isTCP: return "ssh"
    case "25" where isTCP: return "smtp"
    case "53": return "domain"
    case "80" where isTCP: return "http"
    case "123" where !isTCP: return "ntp"
    case "389": return "ldap"
    case "443": return "https"
    case "3306" where isTCP: return "mysql"
    case "5432" where isTCP: return "postgresql"
    case "5672": return "amqp"
    case "6379" where isTCP: return "redis"
    case "8080" where isTCP: return "http-alt"
    case "11211" where isTCP: return "memcached"
    default: return port
    }
  }
}
