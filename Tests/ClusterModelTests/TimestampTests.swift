import ClusterModel
import Testing

@Test func `every day of six centuries reads back from its text`() {
  // From 1600 to 2200, at a time of day that moves along.
  var seconds: Int64 = -11_676_096_000
  while seconds < 7_258_118_400 {
    let timestamp = Timestamp(seconds: seconds)
    #expect(Timestamp(timestamp.description) == timestamp)
    seconds += 86_400 + 7
  }
}

@Test(
  arguments: [
    (0, "1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 +0000"),
    (1_767_225_600, "2026-01-01T00:00:00Z", "Thu, 01 Jan 2026 00:00:00 +0000"),
    (951_782_400, "2000-02-29T00:00:00Z", "Tue, 29 Feb 2000 00:00:00 +0000"),
    (-1, "1969-12-31T23:59:59Z", "Wed, 31 Dec 1969 23:59:59 +0000"),
    (4_102_444_799, "2099-12-31T23:59:59Z", "Thu, 31 Dec 2099 23:59:59 +0000"),
    (-2_203_891_200, "1900-03-01T00:00:00Z", "Thu, 01 Mar 1900 00:00:00 +0000"),
  ] as [(Int64, String, String)])
func `times have their texts`(seconds: Int64, rfc3339: String, rfc1123: String) {
  let timestamp = Timestamp(seconds: seconds)
  #expect(timestamp.description == rfc3339)
  #expect(timestamp.rfc1123 == rfc1123)
}

@Test(
  arguments: [
    ("2026-01-01T01:00:00+01:00", 1_767_225_600), ("2025-12-31T19:00:00-05:00", 1_767_225_600),
    ("2026-01-01T00:00:00.999999Z", 1_767_225_600), ("2026-01-01t00:00:00z", 1_767_225_600),
  ] as [(String, Int64)])
func `offsets and fractions are understood`(text: String, seconds: Int64) {
  #expect(Timestamp(text)?.seconds == seconds)
}

@Test(arguments: [
  "", "2026-01-01", "2026-01-01T00:00:00", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
  "2026-01-32T00:00:00Z", "2026-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-01-01T24:00:00Z",
  "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z", "2026-01-01 00:00:00Z", "2026-1-01T00:00:00Z",
  "2026-01-01T00:00:00+1:00", "2026-01-01T00:00:00.Z", "x026-01-01T00:00:00Z",
  "2026-01-01T00:00:00+25:00", "2026-01-01T00:00:00Zx",
])
func `what is no time is refused`(text: String) {
  #expect(Timestamp(text) == nil)
}
