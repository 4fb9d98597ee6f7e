import ClusterModel
import SimulationCore

/// What a probe is for.
@usableFromInline
enum ProbeKind: String, Hashable, Sendable {
  case readiness = "Readiness"
  case liveness = "Liveness"
  case startup = "Startup"

  func probe(of container: Container) -> Probe? {
    switch self {
    case .readiness: container.readinessProbe
    case .liveness: container.livenessProbe
    case .startup: container.startupProbe
    }
  }
}

/// One container's probing of one kind, as long as its outcome is open.
struct ProbeRun: Sendable {
  var kind: ProbeKind
  var container: Int32
  /// Tells this run from earlier ones: their last steps may still be planned.
  var number: UInt32
  /// Equal results in a row.
  var successes = 0
  var failures = 0
}

/// What the kubelet remembers of a container that has ended before.
struct ContainerHistory: Sendable {
  var container: Int32
  /// How long it waits after the next end; nil before the first.
  var backOff: Duration?
  /// When it was last started anew.
  var restarted = Instant.zero
  /// When it last ended.
  var ended = Instant.zero
  /// How long its image is left alone after a failed pull; nil when none has failed.
  var pullBackOff: Duration?
  var pullFailed = Instant.zero
  var pullProblem = ""
}

extension PodWorker {
  /// The run of this kind and container with `number`; nil when another has taken its place.
  func probeRun(_ kind: ProbeKind, _ container: Int32, _ number: UInt32) -> Int? {
    probes.firstIndex { $0.kind == kind && $0.container == container && $0.number == number }
  }

  mutating func startProbeRun(_ kind: ProbeKind, _ container: Int32) -> UInt32 {
    probes.removeAll { $0.kind == kind && $0.container == container }
    probeRuns &+= 1
    probes.append(ProbeRun(kind: kind, container: container, number: probeRuns))
    return probeRuns
  }

  mutating func forgetProbes(of container: Int32) {
    probes.removeAll { $0.container == container }
  }
}
