import ClusterModel

/// When a CronJob is due: the five fields of `crontab`, in UTC (robfig/cron ParseStandard).
public struct CronSchedule: Hashable, Sendable {
  /// One bit for each allowed value.
  private var minutes: UInt64
  private var hours: UInt64
  private var days: UInt64
  private var months: UInt64
  private var weekdays: UInt64
  /// Of two restricted ways to name the day one is enough.
  private var anyDay: Bool
  private var anyWeekday: Bool
  /// `@every`: seconds from one time to the next; zero for the fields.
  private var interval: Int64 = 0

  /// A schedule that cannot be read; the message is that of upstream's parser.
  public struct Problem: Error, Hashable {
    public var message: String
  }

  private static let shorthands = [
    "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
  ]
  private static let monthNames = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]
  private static let dayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

  public init(_ text: String) throws(Problem) {
    if text.isEmpty { throw Problem(message: "empty spec string") }
    if text.hasPrefix("@every ") {
      guard let duration = DurationText.parse(String(text.dropFirst("@every ".count))) else {
        throw Problem(message: "failed to parse duration \(text)")
      }
      (minutes, hours, days, months, weekdays) = (0, 0, 0, 0, 0)
      (anyDay, anyWeekday) = (true, true)
      interval = max(1, duration.nanoseconds / 1_000_000_000)
      return
    }
    if text.hasPrefix("@"), Self.shorthands[text] == nil {
      throw Problem(message: "unrecognized descriptor: \(text)")
    }
    let fields = (Self.shorthands[text] ?? text).split { $0 == " " || $0 == "\t" }.map(String.init)
    guard fields.count == 5 else {
      throw Problem(
        message:
          "expected exactly 5 fields, found \(fields.count): [\(fields.joined(separator: " "))]"
      )
    }
    minutes = try Self.bits(fields[0], 0...59)
    hours = try Self.bits(fields[1], 0...23)
    days = try Self.bits(fields[2], 1...31)
    months = try Self.bits(fields[3], 1...12, names: Self.monthNames, firstName: 1)
    weekdays = try Self.bits(fields[4], 0...6, names: Self.dayNames)
    anyDay = fields[2].hasPrefix("*") || fields[2].hasPrefix("?")
    anyWeekday = fields[4].hasPrefix("*") || fields[4].hasPrefix("?")
  }

  private static func bits(
    _ field: String, _ range: ClosedRange<Int>, names: [String] = [], firstName: Int = 0
  ) throws(Problem) -> UInt64 {
    var bits: UInt64 = 0
    for part in field.split(separator: ",", omittingEmptySubsequences: false) {
      let halves = part.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
      let ends = halves[0].split(separator: "-", omittingEmptySubsequences: false).map(String.init)
      if halves.count > 2 { throw Problem(message: "too many slashes: \(part)") }
      if ends.count > 2 { throw Problem(message: "too many hyphens: \(part)") }
      func number(_ text: String) throws(Problem) -> Int {
        if let place = names.firstIndex(of: text.lowercased()) { return place + firstName }
        guard let number = Int(text), number >= 0 else {
          throw Problem(
            message: "failed to parse int from \(text): strconv.Atoi: parsing \"\(text)\": invalid "
              + "syntax")
        }
        return number
      }
      var (low, high) = (range.lowerBound, range.upperBound)
      if !["*", "?"].contains(ends[0]) {
        low = try number(ends[0])
        high = ends.count == 2 ? try number(ends[1]) : low
        // `5/15` means from the fifth on.
        if halves.count == 2, ends.count == 1 { high = range.upperBound }
      }
      let step = halves.count == 2 ? try number(halves[1]) : 1
      if low < range.lowerBound {
        throw Problem(
          message: "beginning of range (\(low)) below minimum (\(range.lowerBound)): \(part)")
      }
      if high > range.upperBound {
        throw Problem(
          message: "end of range (\(high)) above maximum (\(range.upperBound)): \(part)")
      }
      if low > high {
        throw Problem(message: "beginning of range (\(low)) beyond end of range (\(high)): \(part)")
      }
      if step == 0 { throw Problem(message: "step of range should be a positive number: \(part)") }
      for value in stride(from: low, through: high, by: step) { bits |= 1 << UInt64(value) }
    }
    return bits
  }

  /// The first time after `time`; nil when there is none within five years.
  public func next(after time: Timestamp) -> Timestamp? {
    if interval > 0 { return Timestamp(seconds: time.seconds + interval) }
    let first = (time.seconds / 60 + 1) * 60
    for day in (first / 86_400)...(first / 86_400 + 1827) where matches(day: day) {
      for hour in 0..<Int64(24) where hours >> UInt64(hour) & 1 == 1 {
        for minute in 0..<Int64(60) where minutes >> UInt64(minute) & 1 == 1 {
          let candidate = day * 86_400 + hour * 3600 + minute * 60
          if candidate >= first { return Timestamp(seconds: candidate) }
        }
      }
    }
    return nil
  }

  private func matches(day: Int64) -> Bool {
    let date = CivilDate(day: day)
    guard months >> UInt64(date.month) & 1 == 1 else { return false }
    // The first of January 1970 was a Thursday.
    let isDay = days >> UInt64(date.day) & 1 == 1
    let isWeekday = weekdays >> UInt64(((day + 4) % 7 + 7) % 7) & 1 == 1
    return anyDay || anyWeekday ? isDay && isWeekday : isDay || isWeekday
  }
}
