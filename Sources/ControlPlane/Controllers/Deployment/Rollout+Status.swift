import ClusterModel
import SimulationCore

/// What a Deployment reports of itself (sync.go calculateStatus, progress.go).
extension Rollout {
  /// Sums over the ReplicaSets, with the Available condition.
  func calculatedStatus() -> DeploymentStatus {
    var new = status
    let all = allReplicaSets
    var (wanted, available, replicas, ready, terminating) = (0, 0, 0, 0, 0)
    for index in all.indices {
      wanted += all[index].replicas
      available += all[index].status.availableReplicas
      replicas += all[index].status.replicas
      ready += all[index].status.readyReplicas
      terminating += all[index].status.terminatingReplicas ?? 0
    }
    new.observedGeneration = deployment.metadata.generation
    new.replicas = replicas
    new.updatedReplicas = newReplicaSet?.status.replicas ?? 0
    new.readyReplicas = ready
    new.availableReplicas = available
    new.unavailableReplicas = max(0, wanted - available)
    new.terminatingReplicas = terminating
    let isEnough = available >= deployment.replicas - deployment.resolvedMaxUnavailable
    Self.set(
      Condition(
        type: "Available", status: isEnough ? .true : .false,
        reason: isEnough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
        message: isEnough
          ? "Deployment has minimum availability."
          : "Deployment does not have minimum availability.",
        lastTransitionTime: now, lastSeenTime: now),
      in: &new.conditions)
    return new
  }

  /// The status with the Progressing condition, which tells how the rollout is getting on.
  mutating func writeRolloutStatus() {
    var new = calculatedStatus()
    let current = deployment.status.conditions[type: "Progressing"]
    let wasComplete =
      new.replicas == new.updatedReplicas && current?.reason == "NewReplicaSetAvailable"
    if !deployment.hasProgressDeadline {
      new.conditions.removeAll { $0.type == "Progressing" }
    } else if !wasComplete {
      noteProgress(&new, current)
    }
    noteReplicaFailure(&new)
    writeStatus(new)
    requeueWhileProgressing(new)
  }

  /// Takes over what keeps a ReplicaSet from making its pods (progress.go getReplicaFailures).
  private func noteReplicaFailure(_ new: inout DeploymentStatus) {
    if var failure = replicaFailure {
      failure.lastSeenTime = failure.lastSeenTime ?? failure.lastTransitionTime
      Self.set(failure, in: &new.conditions)
    } else if new.conditions[type: "ReplicaFailure"] != nil {
      new.conditions.removeAll { $0.type == "ReplicaFailure" }
    }
  }

  /// The newest ReplicaSet's first.
  private var replicaFailure: Condition? {
    if let own = newReplicaSet?.status.conditions[type: "ReplicaFailure"] { return own }
    for index in oldReplicaSets.indices where !oldReplicaSets[index].status.conditions.isEmpty {
      if let other = oldReplicaSets[index].status.conditions[type: "ReplicaFailure"] {
        return other
      }
    }
    return nil
  }

  private func noteProgress(_ new: inout DeploymentStatus, _ current: Condition?) {
    let subject =
      newReplicaSet.map { "ReplicaSet \"\($0.metadata.name)\"" }
      ?? "Deployment \"\(deployment.metadata.name)\""
    var condition = Condition(
      type: "Progressing", status: .true, lastTransitionTime: now, lastSeenTime: now)
    if isComplete(new) {
      condition.reason = "NewReplicaSetAvailable"
      condition.message = "\(subject) has successfully progressed."
    } else if isProgressing(new) {
      condition.reason = "ReplicaSetUpdated"
      condition.message = "\(subject) is progressing."
      if let current, current.status == .true {
        condition.lastTransitionTime = current.lastTransitionTime
      }
      // Taken out first, so that the time of the last progress is written anew.
      new.conditions.removeAll { $0.type == "Progressing" }
    } else if isTimedOut(new) {
      condition.status = .false
      condition.reason = "ProgressDeadlineExceeded"
      condition.message = "\(subject) has timed out progressing."
    } else {
      return
    }
    Self.set(condition, in: &new.conditions)
  }

  func isComplete(_ status: DeploymentStatus) -> Bool {
    status.updatedReplicas == deployment.replicas && status.replicas == deployment.replicas
      && status.availableReplicas == deployment.replicas
      && status.observedGeneration >= deployment.metadata.generation
  }

  private func isProgressing(_ new: DeploymentStatus) -> Bool {
    let old = deployment.status
    return new.updatedReplicas > old.updatedReplicas
      || new.replicas - new.updatedReplicas < old.replicas - old.updatedReplicas
      || new.readyReplicas > old.readyReplicas || new.availableReplicas > old.availableReplicas
  }

  private func isTimedOut(_ status: DeploymentStatus) -> Bool {
    guard let condition = status.conditions[type: "Progressing"] else { return false }
    if condition.reason == "NewReplicaSetAvailable" { return false }
    if condition.reason == "ProgressDeadlineExceeded" { return true }
    guard let since = condition.lastSeenTime else { return false }
    return since.seconds + Int64(deployment.progressDeadlineSeconds) < now.seconds
  }

  /// Looks again when the deadline will have passed (sync.go requeueStuckDeployment).
  private mutating func requeueWhileProgressing(_ status: DeploymentStatus) {
    guard deployment.hasProgressDeadline, !isComplete(status),
      let condition = status.conditions[type: "Progressing"],
      condition.reason != "NewReplicaSetAvailable", condition.reason != "ProgressDeadlineExceeded",
      let since = condition.lastSeenTime
    else { return }
    let left = since.seconds + Int64(deployment.progressDeadlineSeconds) - now.seconds
    result.requeueAfter = .seconds(max(left + 1, 1))
  }

  mutating func set(_ state: Condition.Status, _ reason: String, _ message: String) {
    Self.set(
      Condition(
        type: "Progressing", status: state, reason: reason, message: message,
        lastTransitionTime: now, lastSeenTime: now),
      in: &status.conditions)
  }

  /// A condition with a new status or reason goes to the end; otherwise the old one stays as it is
  /// (deployment_util.go SetDeploymentCondition).
  static func set(_ condition: Condition, in conditions: inout [Condition]) {
    var condition = condition
    if let old = conditions[type: condition.type] {
      if old.status == condition.status, old.reason == condition.reason { return }
      if old.status == condition.status { condition.lastTransitionTime = old.lastTransitionTime }
    }
    conditions.removeAll { $0.type == condition.type }
    conditions.append(condition)
  }
}
