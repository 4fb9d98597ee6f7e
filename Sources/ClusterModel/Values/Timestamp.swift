/// A time of the API: whole seconds since 1970-01-01T00:00:00Z, as `metadata` carries it.
public struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
  public var seconds: Int64

  public init(seconds: Int64) { self.seconds = seconds }

  public static func < (left: Timestamp, right: Timestamp) -> Bool { left.seconds < right.seconds }

  /// RFC 3339 in UTC: `2026-01-01T00:00:00Z`.
  public var description: String {
    let date = CivilDate(day: seconds.floorDivided(by: 86_400))
    return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))T\(clock)Z"
  }

  /// RFC 1123 with a numeric zone, as `kubectl describe` prints it.
  public var rfc1123: String {
    let day = seconds.floorDivided(by: 86_400)
    let date = CivilDate(day: day)
    let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][Int(((day % 7) + 7) % 7)]
    let month = CivilDate.monthNames[Int(date.month) - 1]
    return "\(weekday), \(padded(date.day, 2)) \(month) \(padded(date.year, 4)) \(clock) +0000"
  }

  private var clock: String {
    let second = seconds - seconds.floorDivided(by: 86_400) * 86_400
    return "\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
  }

  private func padded(_ number: Int64, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }

  /// Parses RFC 3339 with `Z` or an offset; fractions of a second are dropped. Nil when malformed.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes[4] == 45, bytes[7] == 45, bytes[10] | 32 == 116,
      bytes[13] == 58, bytes[16] == 58
    else { return nil }
    func number(_ range: Range<Int>) -> Int64? {
      var value: Int64 = 0
      for byte in bytes[range] {
        guard (48...57).contains(byte) else { return nil }
        value = value * 10 + Int64(byte - 48)
      }
      return value
    }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
      let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
      (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 60
    else { return nil }
    var rest = bytes[19...]
    if rest.first == 46 {
      let fraction = rest.dropFirst()
      rest = fraction.drop { (48...57).contains($0) }
      if rest.count == fraction.count { return nil }
    }
    guard let offset = Self.offset(Array(rest)) else { return nil }
    let days = CivilDate(year: year, month: month, day: day).dayNumber
    // The 31st of a month with 30 days would be the first of the next one.
    guard CivilDate(day: days).month == month else { return nil }
    seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
  }

  private static func offset(_ bytes: [UInt8]) -> Int64? {
    if bytes == [90] || bytes == [122] { return 0 }
    guard bytes.count == 6, bytes[0] == 43 || bytes[0] == 45, bytes[3] == 58 else { return nil }
    let digits = [bytes[1], bytes[2], bytes[4], bytes[5]].map { Int64($0) - 48 }
    guard digits.allSatisfy({ (0...9).contains($0) }) else { return nil }
    let (hours, minutes) = (digits[0] * 10 + digits[1], digits[2] * 10 + digits[3])
    guard hours <= 24, minutes < 60 else { return nil }
    let seconds = hours * 3600 + minutes * 60
    return bytes[0] == 43 ? seconds : -seconds
  }
}

/// A date of the proleptic Gregorian calendar.
public struct CivilDate: Hashable, Sendable {
  public var year: Int64
  /// 1–12.
  public var month: Int64
  /// 1–31.
  public var day: Int64

  static let monthNames = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  init(year: Int64, month: Int64, day: Int64) {
    (self.year, self.month, self.day) = (year, month, day)
  }

  /// From days since 1970-01-01, counted in 400-year eras that begin in March.
  public init(day number: Int64) {
    let shifted = number + 719_468
    let era = shifted.floorDivided(by: 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// Days since 1970-01-01.
  var dayNumber: Int64 {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = shiftedYear.floorDivided(by: 400)
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}

extension Int64 {
  /// Division that rounds towards minus infinity.
  func floorDivided(by divisor: Int64) -> Int64 {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }
}
