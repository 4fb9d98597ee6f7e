import ClusterModel
import SimulationCore

/// `spec.behavior` of one direction (pkg/apis/autoscaling/v2/defaults.go).
struct ScalingRules: Hashable, Sendable {
  enum Selection: String, Hashable, Sendable {
    case most = "Max"
    case least = "Min"
    case disabled = "Disabled"
  }

  struct Policy: Hashable, Sendable {
    var isPercent: Bool
    var value: Int
    var period: Duration
  }

  var stabilization: Duration
  var selection = Selection.most
  var policies: [Policy]

  static let up = ScalingRules(
    stabilization: .zero,
    policies: [
      Policy(isPercent: false, value: 4, period: .seconds(15)),
      Policy(isPercent: true, value: 100, period: .seconds(15)),
    ])
  static let down = ScalingRules(
    stabilization: .seconds(300),
    policies: [Policy(isPercent: true, value: 100, period: .seconds(15))])

  /// The defaults with what `written` says in their place.
  func merged(_ written: Value?) -> ScalingRules {
    var rules = self
    if let seconds = written?["stabilizationWindowSeconds"]?.integer {
      rules.stabilization = .seconds(max(0, min(seconds, 3600)))
    }
    if let text = written?["selectPolicy"]?.string, let selection = Selection(rawValue: text) {
      rules.selection = selection
    }
    if let policies = written?["policies"]?.array, !policies.isEmpty {
      rules.policies = policies.map { policy in
        Policy(
          isPercent: policy["type"]?.string == "Percent",
          value: Int(clamping: policy["value"]?.integer ?? 0),
          period: .seconds(max(1, min(policy["periodSeconds"]?.integer ?? 15, 1800))))
      }
    }
    return rules
  }
}

/// What an autoscaler remembers from one look to the next.
struct ScalingHistory: Sendable {
  struct Recommendation: Sendable {
    var replicas: Int
    var time: Instant
  }

  struct Rescaling: Sendable {
    /// Positive for more, negative for fewer.
    var change: Int
    var time: Instant
  }

  var nextSync = Instant.zero
  var recommendations: [Recommendation] = []
  var rescalings: [Rescaling] = []

  /// How many replicas were added, less those taken away, in the last `period`.
  func change(within period: Duration, at now: Instant) -> Int {
    rescalings.filter { $0.time > now - period }.map(\.change).reduce(0, +)
  }

  /// Takes a recommendation down; those that no window reaches any more are forgotten.
  mutating func note(_ replicas: Int, at now: Instant, longest: Duration) {
    recommendations.removeAll { $0.time < now - longest }
    recommendations.append(Recommendation(replicas: replicas, time: now))
  }

  mutating func noteRescaling(_ change: Int, at now: Instant) {
    rescalings.removeAll { $0.time < now - .seconds(1800) }
    rescalings.append(Rescaling(change: change, time: now))
  }
}

/// How far an autoscaler goes at once (pkg/controller/podautoscaler/horizontal.go,
/// normalizeDesiredReplicas and normalizeDesiredReplicasWithBehaviors).
struct ScalingLimits {
  struct Outcome: Hashable {
    var replicas: Int
    var isLimited: Bool
    var reason: String
    var message: String
    /// Set when an earlier recommendation held the new one back.
    var stabilization: (reason: String, message: String)?

    static func == (left: Outcome, right: Outcome) -> Bool {
      left.replicas == right.replicas && left.isLimited == right.isLimited
        && left.reason == right.reason && left.stabilization?.reason == right.stabilization?.reason
    }
    func hash(into hasher: inout Hasher) { hasher.combine(replicas) }
  }

  let minimum: Int
  let maximum: Int
  /// Nil when the object has no `behavior`: then the older rules hold.
  let rules: (up: ScalingRules, down: ScalingRules)?
  let now: Instant

  func apply(_ desired: Int, from current: Int, _ history: inout ScalingHistory) -> Outcome {
    let (stable, stabilization) = stabilized(desired, current, history)
    let windows = rules.map { max($0.up.stabilization, $0.down.stabilization) }
    history.note(desired, at: now, longest: windows ?? ScalingRules.down.stabilization)
    var outcome = bounded(stable, from: current, history)
    outcome.isLimited = outcome.replicas != stable
    outcome.stabilization = stabilization
    return outcome
  }

  private func stabilized(
    _ desired: Int, _ current: Int, _ history: ScalingHistory
  ) -> (Int, (reason: String, message: String)?) {
    let down = rules?.down.stabilization ?? ScalingRules.down.stabilization
    let highest = max(
      desired,
      history.recommendations.filter { $0.time >= now - down }.map(\.replicas).max() ?? desired)
    let higher = (
      "ScaleDownStabilized",
      "recent recommendations were higher than current one, applying the highest recent "
        + "recommendation"
    )
    guard let rules else { return (highest, highest == desired ? nil : higher) }
    let up = rules.up.stabilization
    let lowest = min(
      desired,
      history.recommendations.filter { $0.time > now - up }.map(\.replicas).min() ?? desired)
    let result = min(max(current, lowest), highest)
    if result == desired { return (result, nil) }
    let lower = (
      "ScaleUpStabilized",
      "recent recommendations were lower than current one, applying the lowest recent "
        + "recommendation"
    )
    return (result, desired >= current ? lower : higher)
  }

  private func bounded(_ desired: Int, from current: Int, _ history: ScalingHistory) -> Outcome {
    func outcome(_ replicas: Int, _ reason: String, _ message: String) -> Outcome {
      Outcome(replicas: replicas, isLimited: false, reason: reason, message: message)
    }
    let upLimit = self.upLimit(current, history)
    let most = min(maximum, upLimit)
    if desired > most, rules == nil || desired > current {
      return maximum > upLimit
        ? outcome(
          most, "ScaleUpLimit",
          "the desired replica count is increasing faster than the maximum scale rate")
        : outcome(
          most, "TooManyReplicas",
          "the desired replica count is more than the maximum replica count")
    }
    let downLimit = rules == nil ? minimum : self.downLimit(current, history)
    let fewest = max(minimum, downLimit)
    if desired < fewest, rules == nil || desired < current {
      return minimum < downLimit
        ? outcome(
          fewest, "ScaleDownLimit",
          "the desired replica count is decreasing faster than the maximum scale rate")
        : outcome(
          fewest, "TooFewReplicas",
          "the desired replica count is less than the minimum replica count")
    }
    return outcome(
      desired, "DesiredWithinRange", "the desired count is within the acceptable range")
  }

  /// Without rules of its own: twice as many, four at least.
  private func upLimit(_ current: Int, _ history: ScalingHistory) -> Int {
    guard let rules = rules?.up else { return max(2 * current, 4) }
    if rules.selection == .disabled { return current }
    let limits = rules.policies.map { policy in
      let start = current - history.change(within: policy.period, at: now)
      return policy.isPercent
        ? start + (start * policy.value + 99) / 100 : start + policy.value
    }
    let limit = rules.selection == .least ? limits.min() : limits.max()
    return max(limit ?? current, current)
  }

  private func downLimit(_ current: Int, _ history: ScalingHistory) -> Int {
    guard let rules = rules?.down else { return 0 }
    if rules.selection == .disabled { return current }
    let limits = rules.policies.map { policy in
      let start = current - history.change(within: policy.period, at: now)
      return policy.isPercent
        ? start * max(0, 100 - policy.value) / 100 : start - policy.value
    }
    // The lowest change leaves the most.
    let limit = rules.selection == .least ? limits.max() : limits.min()
    return min(limit ?? current, current)
  }
}
