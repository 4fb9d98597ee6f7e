/// Durations as Go and the command line write them: `999ms`, `10s`, `1h30m`.
public enum DurationText {
  /// The nanoseconds in a duration; nil when malformed or beyond 292 years.
  public static func nanoseconds(_ text: String) -> Int64? {
    var rest = text.utf8[...]
    var isNegative = false
    if let sign = rest.first, sign == 43 || sign == 45 {
      isNegative = sign == 45
      rest = rest.dropFirst()
    }
    if rest.elementsEqual("0".utf8) { return 0 }
    guard !rest.isEmpty else { return nil }
    var total: Int64 = 0
    while !rest.isEmpty {
      guard let part = part(&rest) else { return nil }
      let (sum, overflow) = total.addingReportingOverflow(part)
      if overflow { return nil }
      total = sum
    }
    return isNegative ? -total : total
  }

  /// Takes a number and its unit from the front.
  private static func part(_ rest: inout Substring.UTF8View) -> Int64? {
    var digits = 0
    var number: Int64 = 0
    var scale: Int64 = 1
    var hasPoint = false
    while let byte = rest.first, (48...57).contains(byte) || (byte == 46 && !hasPoint) {
      rest = rest.dropFirst()
      if byte == 46 {
        hasPoint = true
        continue
      }
      digits += 1
      if hasPoint, scale >= 1_000_000_000 { continue }
      let (shifted, overflow) = number.multipliedReportingOverflow(by: 10)
      let (sum, overflowed) = shifted.addingReportingOverflow(Int64(byte - 48))
      if overflow || overflowed { return nil }
      number = sum
      if hasPoint { scale *= 10 }
    }
    let letters = rest.prefix { !(48...57).contains($0) && $0 != 46 }
    guard digits > 0, let unit = unit(String(Substring(letters))) else { return nil }
    rest = rest.dropFirst(letters.count)
    let (whole, overflow) = (number / scale).multipliedReportingOverflow(by: unit)
    if overflow { return nil }
    // The fraction is below one, so that this cannot overflow by more than the unit.
    let fraction = (Double(number % scale) / Double(scale) * Double(unit)).rounded(.down)
    let (sum, overflowed) = whole.addingReportingOverflow(Int64(fraction))
    return overflowed ? nil : sum
  }

  private static func unit(_ name: String) -> Int64? {
    switch name {
    case "ns": 1
    case "us", "µs", "μs": 1_000
    case "ms": 1_000_000
    case "s": 1_000_000_000
    case "m": 60_000_000_000
    case "h": 3_600_000_000_000
    default: nil
    }
  }
}
