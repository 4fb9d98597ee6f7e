import SimulationCore

/// Durations as they are typed: `999ms`, `10s`, `3m`, `1h`, `1h30m` (Go's time.ParseDuration).
public enum DurationText {
  /// What one command may ask for: longer waits are slips of the finger.
  public static let longest = Duration.hours(24 * 366)

  /// Nil when the text is no duration or longer than `longest`.
  public static func parse(_ text: String) -> Duration? {
    guard let magnitude = nanoseconds(of: text) else { return nil }
    return Duration(nanoseconds: magnitude)
  }

  /// Why a text is refused; nil when it is not.
  static func refusal(of text: String) -> String? {
    if parse(text) != nil { return nil }
    let last = text.utf8.last ?? 0
    if text.contains(where: \.isNumber), (48...57).contains(last),
      text.utf8.allSatisfy({ $0 < 128 })
    {
      return "time: missing unit in duration \(text.goQuoted)"
    }
    return "time: invalid duration \(text.goQuoted)"
  }

  private static func nanoseconds(of text: String) -> Int64? {
    var rest = Substring(text)
    let isNegative = rest.first == "-"
    if isNegative || rest.first == "+" { rest.removeFirst() }
    if rest == "0" { return 0 }
    guard !rest.isEmpty else { return nil }
    var total: Int64 = 0
    while !rest.isEmpty {
      guard let part = component(&rest) else { return nil }
      total += part
      guard total <= longest.nanoseconds else { return nil }
    }
    return isNegative ? -total : total
  }

  /// A number with its unit, taken off the front; nil when there is none or it is too large.
  private static func component(_ rest: inout Substring) -> Int64? {
    let whole = digits(&rest)
    var fraction = ""
    if rest.first == "." {
      rest.removeFirst()
      fraction = digits(&rest)
    }
    guard !(whole.isEmpty && fraction.isEmpty), whole.count <= 15 else { return nil }
    guard let unit = unit(&rest) else { return nil }
    let (product, overflow) = (Int64(whole) ?? 0).multipliedReportingOverflow(by: unit)
    guard !overflow, product <= longest.nanoseconds else { return nil }
    var scale = unit
    var part: Int64 = 0
    for digit in fraction.utf8.prefix(15) {
      scale /= 10
      part += Int64(digit - 48) * scale
    }
    return product + part
  }

  private static func digits(_ rest: inout Substring) -> String {
    let found = rest.prefix { ("0"..."9").contains($0) && $0.utf8.count == 1 }
    rest = rest[found.endIndex...]
    return String(found)
  }

  private static func unit(_ rest: inout Substring) -> Int64? {
    let name = rest.prefix { !("0"..."9").contains($0) && $0 != "." }
    rest = rest[name.endIndex...]
    switch name {
    case "ns": return 1
    case "us", "µs", "μs": return 1_000
    case "ms": return 1_000_000
    case "s": return 1_000_000_000
    case "m": return 60_000_000_000
    case "h": return 3_600_000_000_000
    default: return nil
    }
  }
}

extension Duration {
  /// As Go prints a duration: `1m30s`, `2.5s`, `300ms`.
  var goText: String {
    if nanoseconds == 0 { return "0s" }
    let sign = nanoseconds < 0 ? "-" : ""
    let magnitude = nanoseconds.magnitude
    if magnitude < 1_000 { return "\(sign)\(magnitude)ns" }
    if magnitude < 1_000_000 { return sign + Self.decimal(magnitude, per: 1_000) + "µs" }
    if magnitude < 1_000_000_000 { return sign + Self.decimal(magnitude, per: 1_000_000) + "ms" }
    let minutes = magnitude / 60_000_000_000
    let seconds = Self.decimal(magnitude % 60_000_000_000, per: 1_000_000_000) + "s"
    if minutes == 0 { return sign + seconds }
    if minutes < 60 { return "\(sign)\(minutes)m\(seconds)" }
    return "\(sign)\(minutes / 60)h\(minutes % 60)m\(seconds)"
  }

  private static func decimal(_ amount: UInt64, per unit: UInt64) -> String {
    let rest = amount % unit
    guard rest > 0 else { return "\(amount / unit)" }
    var fraction = String(String(unit + rest).dropFirst())
    while fraction.last == "0" { fraction.removeLast() }
    return "\(amount / unit).\(fraction)"
  }
}
