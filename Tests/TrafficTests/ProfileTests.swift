import ClusterModel
import SimulationCore
import Testing

@testable import Traffic

@Test(
  arguments: [
    ("999ms", 999_000_000), ("10s", 10_000_000_000), ("3m", 180_000_000_000),
    ("1h", 3_600_000_000_000), ("1.5ms", 1_500_000), ("250us", 250_000), (".5s", 500_000_000),
    ("7ns", 7), ("0s", 0),
    ("", nil), ("s", nil), (".s", nil), ("10", nil), ("-1s", nil), ("1e3s", nil), ("1.2.3s", nil),
    ("9999999999s", nil), ("999999999h", nil), ("10 s", nil), ("ms", nil),
  ] as [(String, Int64?)])
func `a duration is a decimal number and a unit`(text: String, nanoseconds: Int64?) {
  #expect(Decimal.duration(text)?.nanoseconds == nanoseconds)
}

@Test func `annotations override the defaults`() {
  let profile = Profile(annotations: [
    "kubarium.dev/service-time": "15ms", "kubarium.dev/service-time-sigma": "0.25",
    "kubarium.dev/concurrency": "8", "kubarium.dev/error-rate": "1.5%",
    "kubarium.dev/timeout": "800ms", "kubarium.dev/rate": "2.5",
  ])
  #expect(profile.serviceTime == .milliseconds(15))
  #expect(profile.milliSigma == 250)
  #expect(profile.concurrency == 8)
  #expect(profile.milliPercentErrors == 1_500)
  #expect(profile.timeout == .milliseconds(800))
  #expect(profile.milliRate == 2_500)
}

@Test func `annotations that make no sense are passed over`() {
  let profile = Profile(annotations: [
    "kubarium.dev/service-time": "fast", "kubarium.dev/service-time-sigma": "-1",
    "kubarium.dev/concurrency": "0", "kubarium.dev/error-rate": "%",
    "kubarium.dev/timeout": "0s", "kubarium.dev/rate": "1e9", "service-time": "3s",
  ])
  #expect(profile == Profile())
}

@Test func `huge values are cut off`() {
  let profile = Profile(annotations: [
    "kubarium.dev/service-time": "999999h", "kubarium.dev/service-time-sigma": "999999999",
    "kubarium.dev/concurrency": "999999999", "kubarium.dev/error-rate": "101",
    "kubarium.dev/timeout": "99h", "kubarium.dev/rate": "999999999",
  ])
  #expect(profile.serviceTime == .hours(1))
  #expect(profile.milliSigma == 3_000)
  #expect(profile.concurrency == 999_999_999)
  #expect(profile.milliPercentErrors == 100_000)
  #expect(profile.timeout == .hours(1))
  #expect(profile.milliRate == 1_000_000_000)
}
