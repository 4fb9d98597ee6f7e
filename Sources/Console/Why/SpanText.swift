import SimulationCore

/// A span of time in a sentence: `250 ms`, `3.2 s`, `2 min 10 s`.
enum SpanText {
  static func of(_ span: Duration) -> String {
    let milliseconds = span.nanoseconds / 1_000_000
    if milliseconds < 1000 { return "\(milliseconds) ms" }
    let tenths = milliseconds / 100
    if tenths < 600 {
      return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
    }
    let seconds = milliseconds / 1000
    return seconds % 60 == 0 ? "\(seconds / 60) min" : "\(seconds / 60) min \(seconds % 60) s"
  }
}
