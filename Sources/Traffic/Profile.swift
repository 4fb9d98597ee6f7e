import ClusterModel
import SimulationCore

/// How a workload's processes behave: defaults, and what annotations on the pod say instead.
struct Profile: Hashable, Sendable {
  /// The median of the log-normal service time: what a small web service takes without its calls.
  var serviceTime = Duration.milliseconds(2)
  /// The deviation of the service time's logarithm, in thousandths: p99 is four times the median.
  var milliSigma: Int64 = 600
  /// Requests that one pod works on at a time, those waiting for calls of their own included
  /// (Knative's container-concurrency-target-default). More wait in a queue.
  var concurrency: Int32 = 100
  /// Answers that fail by themselves, in thousandths of a percent.
  var milliPercentErrors: Int64 = 0
  /// How long the pod waits for an answer to a call, connecting included.
  var timeout = Duration.seconds(5)
  /// What each pod sends on its own account when it is a source, in thousandths per second.
  var milliRate: Int64 = 10_000

  /// Requests an outside client sends to each exposed Service, in thousandths per second.
  static let externalMilliRate: Int64 = 100_000
  /// net.core.somaxconn: connections that may wait to be accepted; more are dropped.
  static let backlog: Int32 = 4096
  /// Rates above are cut off here: a million requests per second.
  static let highestMilliRate: Int64 = 1_000_000_000

  static let prefix = "kubarium.dev/"

  var sigma: Double { Double(milliSigma) / 1_000 }

  /// Annotations that do not parse are passed over.
  init(annotations: Labels = Labels()) {
    func text(_ name: String) -> String? { annotations[Self.prefix + name] }
    if let value = text("service-time").flatMap(Decimal.duration) {
      serviceTime = min(value, .hours(1))
    }
    if let value = text("service-time-sigma").flatMap(Decimal.milli) {
      milliSigma = min(value, 3_000)
    }
    if let value = text("concurrency").flatMap(Decimal.milli), value >= 1_000 {
      concurrency = Int32(clamping: value / 1_000)
    }
    if let value = text("error-rate").flatMap(Decimal.percent) {
      milliPercentErrors = min(value, 100_000)
    }
    if let value = text("timeout").flatMap(Decimal.duration), value > .zero {
      timeout = min(value, .hours(1))
    }
    if let value = text("rate").flatMap(Decimal.milli) {
      milliRate = min(value, Self.highestMilliRate)
    }
  }
}

/// Decimal numbers of annotations, read as whole thousandths.
public enum Decimal {
  /// `2`, `0.5`, `12.25`; digits after the third are dropped. Nil when malformed or huge.
  static func milli(_ text: String) -> Int64? { scaled(text[...], by: 1_000) }

  /// `1`, `0.5%` as thousandths of a percent.
  static func percent(_ text: String) -> Int64? {
    scaled(text.hasSuffix("%") ? text.dropLast() : text[...], by: 1_000)
  }

  /// `999ms`, `1.5s`, `3m`, `1h`, `250us`.
  public static func duration(_ text: String) -> Duration? {
    let units: [(String, Int64)] = [
      ("ns", 1), ("us", 1_000), ("µs", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000),
      ("m", 60_000_000_000), ("h", 3_600_000_000_000),
    ]
    for (suffix, scale) in units where text.hasSuffix(suffix) {
      if let value = scaled(text.dropLast(suffix.count), by: scale) {
        return Duration(nanoseconds: value)
      }
    }
    return nil
  }

  /// The number times `scale`, rounded down, for numbers of at most nine digits before the point.
  private static func scaled(_ text: Substring, by scale: Int64) -> Int64? {
    let parts = text.utf8.split(separator: 46, maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first, (1...9).contains(whole.count) || parts.count == 2,
      whole.count <= 9, text.utf8.count > parts.count - 1,
      parts.allSatisfy({ $0.allSatisfy { (48...57).contains($0) } })
    else { return nil }
    func number(_ digits: some Sequence<UInt8>) -> Int64 {
      digits.reduce(0) { $0 * 10 + Int64($1 - 48) }
    }
    let (product, overflow) = number(whole).multipliedReportingOverflow(by: scale)
    guard !overflow else { return nil }
    guard parts.count == 2 else { return product }
    var fraction: Int64 = 0
    var place = scale
    for digit in parts[1].prefix(12) {
      place /= 10
      fraction += Int64(digit - 48) * place
    }
    let (sum, tooLarge) = product.addingReportingOverflow(fraction)
    return tooLarge ? nil : sum
  }
}
