/// A duration in one or two units, the shorter the nearer (apimachinery pkg/util/duration).
///
/// Fractions of a second are cut off towards zero.
public func humanDuration(nanoseconds: Int64) -> String {
  humanDuration(seconds: nanoseconds / 1_000_000_000)
}

/// A duration in one or two units, the shorter the nearer (apimachinery pkg/util/duration).
public func humanDuration(seconds: Int64) -> String {
  // Clocks differ a little, so one second of the future is still now.
  if seconds < -1 { return "<invalid>" }
  if seconds < 0 { return "0s" }
  if seconds < 120 { return "\(seconds)s" }
  let minutes = seconds / 60
  if minutes < 10 { return twoUnits(minutes, "m", seconds % 60, "s") }
  if minutes < 180 { return "\(minutes)m" }
  let hours = minutes / 60
  if hours < 8 { return twoUnits(hours, "h", minutes % 60, "m") }
  if hours < 48 { return "\(hours)h" }
  let days = hours / 24
  if hours < 192 { return twoUnits(days, "d", hours % 24, "h") }
  if days < 730 { return "\(days)d" }
  if days < 2920 { return twoUnits(days / 365, "y", days % 365, "d") }
  return "\(days / 365)y"
}

private func twoUnits(_ large: Int64, _ unit: String, _ small: Int64, _ smallUnit: String) -> String
{
  small == 0 ? "\(large)\(unit)" : "\(large)\(unit)\(small)\(smallUnit)"
}
