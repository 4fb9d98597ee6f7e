import ClusterModel
import ControlPlane

/// How far a rollout is, in one line (kubectl pkg/polymorphichelpers/rollout_status.go).
struct RolloutStatus: Hashable {
  var line: String
  /// Whether it is the last one.
  var isDone: Bool

  init(_ line: String, isDone: Bool = false) {
    self.line = line
    self.isDone = isDone
  }

  /// - Throws: what no viewer is there for, a rollout that has failed, another revision.
  static func of(_ object: StoredObject, revision: Int) throws(CommandFailure) -> RolloutStatus {
    switch object {
    case .deployment(let deployment): return try of(deployment, revision: revision)
    case .kept(let kept) where kept.resource.kind == "DaemonSet":
      return try of(daemonSet: kept)
    case .kept(let kept) where kept.resource.kind == "StatefulSet":
      return try of(statefulSet: kept)
    case .namespace, .node, .pod, .replicaSet, .service, .endpointSlice, .event, .kept:
      throw CommandFailure(
        "error: no status viewer has been implemented for \(object.resource.kind)")
    }
  }

  private static func of(_ deployment: Deployment, revision: Int) throws(CommandFailure)
    -> RolloutStatus
  {
    let name = deployment.metadata.name.goQuoted
    let status = deployment.status
    let running = Int(deployment.metadata.annotations[revisionAnnotation] ?? "") ?? 0
    if revision > 0, revision != running {
      throw CommandFailure(
        "error: desired revision (\(revision)) is different from the running revision (\(running))")
    }
    guard deployment.metadata.generation <= status.observedGeneration else {
      return RolloutStatus("Waiting for deployment spec update to be observed...")
    }
    if status.conditions[type: "Progressing"]?.reason == "ProgressDeadlineExceeded" {
      throw CommandFailure("error: deployment \(name) exceeded its progress deadline")
    }
    let waiting = "Waiting for deployment \(name) rollout to finish: "
    if status.updatedReplicas < deployment.replicas {
      return RolloutStatus(
        "\(waiting)\(status.updatedReplicas) out of \(deployment.replicas) new replicas have been "
          + "updated...")
    }
    if status.replicas > status.updatedReplicas {
      let old = status.replicas - status.updatedReplicas
      return RolloutStatus("\(waiting)\(old) old replicas are pending termination...")
    }
    if status.availableReplicas < status.updatedReplicas {
      return RolloutStatus(
        "\(waiting)\(status.availableReplicas) of \(status.updatedReplicas) updated replicas are "
          + "available...")
    }
    return RolloutStatus("deployment \(name) successfully rolled out", isDone: true)
  }

  private static func checkStrategy(_ object: KeptObject) throws(CommandFailure) {
    let type = object.body["spec"]?["updateStrategy"]?["type"]?.string ?? "RollingUpdate"
    if type != "RollingUpdate" {
      throw CommandFailure(
        "error: rollout status is only available for RollingUpdate strategy type")
    }
  }

  private static func of(daemonSet object: KeptObject) throws(CommandFailure) -> RolloutStatus {
    try checkStrategy(object)
    let status = object.body["status"] ?? .null
    func number(_ name: String) -> Int64 { status[name]?.integer ?? 0 }
    guard object.metadata.generation <= number("observedGeneration") else {
      return RolloutStatus("Waiting for daemon set spec update to be observed...")
    }
    let waiting = "Waiting for daemon set \(object.metadata.name.goQuoted) rollout to finish: "
    let desired = number("desiredNumberScheduled")
    if number("updatedNumberScheduled") < desired {
      return RolloutStatus(
        "\(waiting)\(number("updatedNumberScheduled")) out of \(desired) new pods have been "
          + "updated...")
    }
    if number("numberAvailable") < desired {
      return RolloutStatus(
        "\(waiting)\(number("numberAvailable")) of \(desired) updated pods are available...")
    }
    return RolloutStatus(
      "daemon set \(object.metadata.name.goQuoted) successfully rolled out", isDone: true)
  }

  private static func of(statefulSet object: KeptObject) throws(CommandFailure) -> RolloutStatus {
    try checkStrategy(object)
    let status = object.body["status"] ?? .null
    let spec = object.body["spec"] ?? .null
    func number(_ name: String) -> Int64 { status[name]?.integer ?? 0 }
    if number("observedGeneration") == 0
      || object.metadata.generation > number("observedGeneration")
    {
      return RolloutStatus("Waiting for statefulset spec update to be observed...")
    }
    let replicas = spec["replicas"]?.integer ?? 1
    if number("readyReplicas") < replicas {
      return RolloutStatus("Waiting for \(replicas - number("readyReplicas")) pods to be ready...")
    }
    if let rolling = spec["updateStrategy"]?["rollingUpdate"] {
      let wanted = replicas - (rolling["partition"]?.integer ?? 0)
      if number("updatedReplicas") < wanted {
        return RolloutStatus(
          "Waiting for partitioned roll out to finish: \(number("updatedReplicas")) out of "
            + "\(wanted) new pods have been updated...")
      }
      return RolloutStatus(
        "partitioned roll out complete: \(number("updatedReplicas")) new pods have been updated...",
        isDone: true)
    }
    let revisions = (
      status["updateRevision"]?.string ?? "", status["currentRevision"]?.string ?? ""
    )
    if revisions.0 != revisions.1 {
      return RolloutStatus(
        "waiting for statefulset rolling update to complete \(number("updatedReplicas")) pods at "
          + "revision \(revisions.0)...")
    }
    return RolloutStatus(
      "statefulset rolling update complete \(number("currentReplicas")) pods at revision "
        + "\(revisions.1)...", isDone: true)
  }
}
