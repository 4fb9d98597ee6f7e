import SimulationCore

/// Numbers as people read them.
enum Format {
  /// `1,240`.
  static func grouped(_ number: Int) -> String {
    let digits = String(number.magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return number < 0 ? "-" + text : text
  }

  /// A rate that is given in thousandths: `1,240`, `8.4`, `0`.
  static func rate(milli: Int64) -> String {
    let milli = max(milli, 0)
    if milli >= 10_000 || milli % 1000 == 0 { return grouped(Int((milli + 500) / 1000)) }
    let tenths = (milli + 50) / 100
    return "\(tenths / 10).\(tenths % 10)"
  }

  /// `0.4 ms`, `12 ms`, `1.2 s`, `2:30`.
  static func duration(_ duration: Duration) -> String {
    let micros = max(duration.nanoseconds, 0) / 1000
    switch micros {
    case ..<10_000: return "\(micros / 1000).\(micros % 1000 / 100) ms"
    case ..<1_000_000: return "\((micros + 500) / 1000) ms"
    case ..<60_000_000: return "\(micros / 1_000_000).\(micros % 1_000_000 / 100_000) s"
    default: return shortClock(Instant(nanoseconds: duration.nanoseconds))
    }
  }

  /// A share that is given in thousandths of a percent: `0.0 %`, `12 %`.
  static func percent(milli: Int64) -> String {
    let milli = min(max(milli, 0), 100_000)
    if milli >= 10_000 { return "\((milli + 500) / 1000) %" }
    let tenths = (milli + 50) / 100
    // A little is not nothing.
    return milli > 0 && tenths == 0 ? "<0.1 %" : "\(tenths / 10).\(tenths % 10) %"
  }

  /// `00:02:31.4`.
  static func clock(_ time: Instant) -> String {
    let tenths = max(time.nanoseconds, 0) / 100_000_000
    let seconds = tenths / 10
    return "\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60)).\(tenths % 10)"
  }

  /// `2:29`, `1:02:29`; times before the start have a minus.
  static func shortClock(_ time: Instant) -> String {
    let seconds = time.nanoseconds / 1_000_000_000
    if seconds < 0 {
      return "-" + shortClock(Instant(nanoseconds: -max(time.nanoseconds, -Int64.max)))
    }
    let minutes = "\(seconds / 60 % 60)"
    guard seconds >= 3600 else { return "\(minutes):\(two(seconds % 60))" }
    return "\(seconds / 3600):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
  }

  /// `1`, `0.5`, `max`.
  static func speed(_ speed: Double?) -> String {
    guard let speed, speed.isFinite else { return "max" }
    let hundredths = Int(min(max(speed, 0), 1_000_000) * 100 + 0.5)
    if hundredths % 100 == 0 { return grouped(hundredths / 100) }
    let text = "\(hundredths / 100).\(two(Int64(hundredths % 100)))"
    return text.hasSuffix("0") ? String(text.dropLast()) : text
  }

  /// `1 node`, `3 nodes`.
  static func count(_ count: Int, _ noun: String) -> String {
    "\(grouped(count)) \(noun)\(count == 1 ? "" : "s")"
  }

  private static func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
