import ClusterModel
import SimulationCore

/// How far a pod is on its way to being ready.
public struct ReadinessProgress: Hashable, Sendable {
  /// Successful probes in a row.
  public var successes: Int
  /// How many of them it takes.
  public var threshold: Int
  public var nextProbe: Instant
}

extension ControlPlane {
  /// What the kubelet knows of a pod that it probes; nil for one that is ready or has no probe.
  public func readiness(of id: ObjectID) -> ReadinessProgress? {
    guard let worker = kubelets[id], let nextProbe = worker.nextProbe, nextProbe >= now,
      let pod = store.pods[id], !pod.isReady
    else { return nil }
    let probes = pod.spec.value.containers.compactMap(\.readinessProbe)
    let run = worker.probes.first { $0.kind == .readiness }
    return ReadinessProgress(
      successes: run?.successes ?? 0, threshold: probes.map(\.successThreshold).max() ?? 1,
      nextProbe: nextProbe)
  }
}

extension ControlPlane {
  /// Whether the pod's processes run that serve.
  @inlinable public func isServing(_ id: ObjectID) -> Bool { kubelets.isServing(id) }
}
