import Testing

@testable import Console

@Suite struct PrintingDurationTests {
  private static let second: Int64 = 1_000_000_000

  @Test(arguments: [
    (-2 * second, "<invalid>"), (-2 * second + 1, "0s"), (-1, "0s"), (0, "0s"),
    (second - 1, "0s"), (second, "1s"), (120 * second - 1, "119s"),
    (Int64.min, "<invalid>"), (Int64.max, "292y"),
  ])
  func `nanoseconds are cut off towards zero`(_ nanoseconds: Int64, _ text: String) {
    #expect(humanDuration(nanoseconds: nanoseconds) == text)
  }

  private static let minute: Int64 = 60
  private static let hour: Int64 = 3600
  private static let day: Int64 = 86_400
  private static let year: Int64 = 365 * 86_400

  @Test(arguments: [
    (70, "70s"), (2 * minute, "2m"), (2 * minute + 1, "2m1s"), (10 * minute - 1, "9m59s"),
    (10 * minute, "10m"), (10 * minute + 59, "10m"), (3 * hour - 1, "179m"), (3 * hour, "3h"),
    (3 * hour + minute, "3h1m"), (8 * hour - 1, "7h59m"), (8 * hour, "8h"),
    (9 * hour - 1, "8h"), (2 * day - 1, "47h"), (2 * day, "2d"), (2 * day + hour, "2d1h"),
    (8 * day - 1, "7d23h"), (8 * day, "8d"), (9 * day - 1, "8d"), (2 * year - 1, "729d"),
    (2 * year, "2y"), (2 * year + 23 * hour, "2y"), (2 * year + day, "2y1d"),
    (8 * year - 1, "7y364d"), (8 * year, "8y"), (9 * year - 1, "8y"), (9 * year, "9y"),
  ])
  func `an age has one or two units`(_ seconds: Int64, _ text: String) {
    #expect(humanDuration(seconds: seconds) == text)
  }

  @Test func `a time that is not set has no age`() {
    let context = PrintContext(now: .init(seconds: 0))
    #expect(context.age(nil) == "<unknown>")
    #expect(context.age(.init(seconds: .min)) == humanDuration(seconds: .max))
  }
}
