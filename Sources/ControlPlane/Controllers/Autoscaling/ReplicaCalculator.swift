import ClusterModel
import SimulationCore

/// How many replicas a metric calls for (pkg/controller/podautoscaler/replica_calculator.go).
///
/// Ratios are kept as fractions of whole numbers: what is measured over what is wanted.
struct ReplicaCalculator {
  /// One pod behind the target.
  struct Candidate {
    var pod: Pod
    var usage: PodUsage?
  }

  /// How far measured and wanted may be apart before anything is done, in thousandths.
  struct Tolerance: Hashable {
    var up: Int64 = 100
    var down: Int64 = 100

    func accepts(_ measured: Int64, of wanted: Int64) -> Bool {
      measured * 1000 >= wanted * (1000 - down) && measured * 1000 <= wanted * (1000 + up)
    }
  }

  enum Goal: Hashable {
    /// Percent of what the containers request.
    case utilization(Int64)
    /// Thousandths a pod.
    case averageValue(Int64)
  }

  struct Proposal: Hashable {
    var replicas: Int
    /// Percent of the requests; nil for an average value.
    var utilization: Int64?
    /// Thousandths a pod.
    var average: Int64
  }

  struct Failure: Error, Hashable {
    var message: String
    init(_ message: String) { self.message = message }
  }

  let resource: String
  /// Nil for all containers of a pod together.
  var container: String?
  var tolerance = Tolerance()
  let now: Timestamp

  /// --horizontal-pod-autoscaler-cpu-initialization-period and -initial-readiness-delay.
  private static let initialization: Int64 = 300
  private static let readinessDelay: Int64 = 30

  func proposal(_ current: Int, _ pods: [Candidate], _ goal: Goal) throws(Failure) -> Proposal {
    if !pods.contains(where: { $0.usage != nil }) {
      throw Failure(
        "unable to get metrics for resource \(resource): no metrics returned from resource metrics "
          + "API")
    }
    var groups = Groups()
    for candidate in pods { sort(candidate, into: &groups) }
    if groups.measured.isEmpty {
      throw Failure("did not receive metrics for targeted pods (pods might be unready)")
    }
    let requests: [String: Int64]
    let wanted: Int64
    switch goal {
    case .utilization(let percent):
      requests = try self.requests(of: pods)
      wanted = percent
    case .averageValue(let milli):
      requests = [:]
      wanted = milli
    }
    let first = try ratio(groups.measured, requests, goal)
    var proposal = Proposal(
      replicas: current, utilization: requests.isEmpty ? nil : first.measured,
      average: first.average)
    let countsUnready = !groups.unready.isEmpty && first.measured > wanted
    if !countsUnready, groups.missing.isEmpty {
      if tolerance.accepts(first.measured, of: wanted) { return proposal }
      proposal.replicas = Self.ceiling(first.measured * Int64(groups.readyCount), wanted)
      return proposal
    }
    var all = groups.measured
    for name in groups.missing where first.measured != wanted {
      // What is not known speaks against the change.
      let share =
        switch goal {
        case .utilization(let percent): (requests[name] ?? 0) * max(100, percent) / 100
        case .averageValue(let milli): milli
        }
      all.append((name, first.measured < wanted ? share : 0))
    }
    if countsUnready { all += groups.unready.map { ($0, 0) } }
    let second = try ratio(all, requests, goal).measured
    if tolerance.accepts(second, of: wanted) || (first.measured < wanted && second > wanted)
      || (first.measured > wanted && second < wanted)
    {
      return proposal
    }
    let replicas = Self.ceiling(second * Int64(all.count), wanted)
    let isTurned =
      (second < wanted && replicas > current) || (second > wanted && replicas < current)
    if !isTurned { proposal.replicas = replicas }
    return proposal
  }

  private struct Groups {
    var measured: [(name: String, milli: Int64)] = []
    var readyCount = 0
    var unready: [String] = []
    var missing: [String] = []
  }

  /// groupPods: those that are going do not count, those that start do not count yet.
  private func sort(_ candidate: Candidate, into groups: inout Groups) {
    let pod = candidate.pod
    let name = pod.metadata.name
    if pod.metadata.isTerminating || pod.status.phase == .failed { return }
    if pod.status.phase == .pending { return groups.unready.append(name) }
    guard let usage = candidate.usage, let milli = usage.milli(resource, container: container)
    else { return groups.missing.append(name) }
    if resource == "cpu", isUnready(pod, usage) { return groups.unready.append(name) }
    groups.readyCount += 1
    groups.measured.append((name, milli))
  }

  private func isUnready(_ pod: Pod, _ usage: PodUsage) -> Bool {
    guard let ready = pod.status.conditions[type: "Ready"], let start = pod.status.startTime,
      let changed = ready.lastTransitionTime
    else { return true }
    if start.seconds + Self.initialization > now.seconds {
      let window = PodUsage.window.nanoseconds / 1_000_000_000
      return ready.status == .false || usage.timestamp.seconds < changed.seconds + window
    }
    return ready.status == .false && start.seconds + Self.readinessDelay > changed.seconds
  }

  private func requests(of pods: [Candidate]) throws(Failure) -> [String: Int64] {
    var requests: [String: Int64] = [:]
    for candidate in pods {
      var sum: Int64 = 0
      let spec = candidate.pod.spec.value
      let sidecars = spec.initContainers.filter { $0.restartPolicy == "Always" }
      for part in spec.containers + sidecars where container == nil || part.name == container {
        guard let request = part.requests[resource] else {
          throw Failure(
            "missing request for \(resource) in container \(part.name) of Pod "
              + candidate.pod.metadata.name)
        }
        sum += request.milli
      }
      requests[candidate.pod.metadata.name] = sum
    }
    return requests
  }

  private func ratio(
    _ measured: [(name: String, milli: Int64)], _ requests: [String: Int64], _ goal: Goal
  ) throws(Failure) -> (measured: Int64, average: Int64) {
    let total = measured.map(\.milli).reduce(0, +)
    let average = total / Int64(max(measured.count, 1))
    switch goal {
    case .averageValue: return (average, average)
    case .utilization:
      let requested = measured.map { requests[$0.name] ?? 0 }.reduce(0, +)
      if requested == 0 { throw Failure("no metrics returned matched known pods") }
      return (total * 100 / requested, average)
    }
  }

  private static func ceiling(_ number: Int64, _ divisor: Int64) -> Int {
    Int(divisor > 0 ? (number + divisor - 1) / divisor : number)
  }
}
