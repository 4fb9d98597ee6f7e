import ClusterModel
import SimulationCore

extension APIServer {
  func admit(_ deployment: inout Deployment, replacing old: Deployment?) {
    deployment.template.spec = Shared(PodAdmission.defaulted(deployment.template.spec.value))
    if old == nil { deployment.status = DeploymentStatus() }
  }

  func admit(_ replicaSet: inout ReplicaSet, replacing old: ReplicaSet?) {
    if old?.template != replicaSet.template {
      let defaulted = PodAdmission.defaulted(replicaSet.template.spec.value)
      // A Deployment's template is defaulted already: keep sharing it.
      if defaulted != replicaSet.template.spec.value {
        replicaSet.template.spec = Shared(defaulted)
      }
    }
    if old == nil { replicaSet.status = ReplicaSetStatus() }
  }

  mutating func replace(_ old: Deployment, with new: Deployment, at time: Instant) {
    var new = new
    admit(&new, replacing: old)
    new.status = old.status
    guard new != old,
      let id = store.deployments.id(namespace: old.metadata.namespace, name: old.metadata.name)
    else { return }
    var sameSpec = new
    sameSpec.metadata = old.metadata
    let touchesSpec = sameSpec != old
    store.updateDeployment(id, touchesSpec ? [.spec, .metadata] : .metadata, at: time) { stored in
      stored = new
      if touchesSpec { stored.metadata.generation += 1 }
    }
  }

  mutating func replace(_ old: ReplicaSet, with new: ReplicaSet, at time: Instant) {
    var new = new
    admit(&new, replacing: old)
    new.status = old.status
    guard new != old,
      let id = store.replicaSets.id(namespace: old.metadata.namespace, name: old.metadata.name)
    else { return }
    var sameSpec = new
    sameSpec.metadata = old.metadata
    let touchesSpec = sameSpec != old
    store.updateReplicaSet(id, touchesSpec ? [.spec, .metadata] : .metadata, at: time) { stored in
      stored = new
      if touchesSpec { stored.metadata.generation += 1 }
    }
  }
}

/// Shares as the API writes them.
enum Percentage {
  /// The number of `25%`; nil when malformed.
  static func number(_ text: String) -> Int? {
    guard text.hasSuffix("%"), let number = Int(text.dropLast()), number >= 0 else { return nil }
    return number
  }
}
