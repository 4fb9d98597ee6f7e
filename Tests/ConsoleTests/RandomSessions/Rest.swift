import ClusterModel
import Simulation

@testable import ControlPlane

/// What a cluster comes to when nobody meddles any more.
enum Rest {
  /// What has not come to rest as it should; nil when everything has.
  static func problem(in world: World) -> String? {
    let store = world.store
    return nodeProblem(store) ?? deploymentProblem(store) ?? replicaSetProblem(store)
      ?? keptProblem(store) ?? podProblem(store) ?? sliceProblem(store)
  }

  private static func nodeProblem(_ store: ObjectStore) -> String? {
    for node in store.nodes.list() {
      let name = node.metadata.name
      if !node.isReady { return "\(name) is not Ready" }
      if node.podCIDRs.isEmpty { return "\(name) has no addresses for pods" }
      let own = node.taints.filter { $0.key.hasPrefix("node.kubernetes.io/") }
      if !own.isEmpty { return "\(name) still has the taint \(own[0].key)" }
    }
    return nil
  }

  private static func deploymentProblem(_ store: ObjectStore) -> String? {
    for deployment in store.deployments.list() where !isStuck(deployment, store) {
      let (name, status, wanted) = (
        deployment.metadata.name, deployment.status, deployment.replicas
      )
      if deployment.metadata.isTerminating { return "\(name) is still being deleted" }
      if status.observedGeneration != deployment.metadata.generation {
        return "\(name) has not been looked at since its last change"
      }
      if status.availableReplicas != wanted || status.replicas != wanted
        || status.updatedReplicas != wanted || status.readyReplicas != wanted
      {
        return "\(name) has \(status.availableReplicas) of \(wanted) pods available, "
          + "\(status.updatedReplicas) updated, \(status.replicas) in all"
      }
      let sets = store.replicaSets(ownedBy: deployment.metadata.uid).compactMap {
        store.replicaSets[$0]
      }
      let old = sets.count(where: { $0.replicas == 0 })
      if old > deployment.revisionHistoryLimit + 1 { return "\(name) keeps \(old) old revisions" }
      if sets.count(where: { $0.replicas > 0 }) > 1 { return "\(name) runs two revisions" }
    }
    return nil
  }

  /// Sized anew between two revisions and then told to recreate: upstream's controller sees a scaling
  /// for ever, which it carries out for rolling updates only (deployment/sync.go scale).
  private static func isStuck(_ deployment: Deployment, _ store: ObjectStore) -> Bool {
    guard deployment.strategy == .recreate else { return false }
    let running = store.replicaSets(ownedBy: deployment.metadata.uid)
      .compactMap { store.replicaSets[$0] }.filter { $0.replicas > 0 }
    let desired = running.map { $0.metadata.annotations[RolloutAnnotation.desired] }
    return running.count > 1 && desired.contains { $0 != "\(deployment.replicas)" }
  }

  private static func replicaSetProblem(_ store: ObjectStore) -> String? {
    for replicaSet in store.replicaSets.list() {
      let (name, status) = (replicaSet.metadata.name, replicaSet.status)
      if replicaSet.metadata.isTerminating { return "\(name) is still being deleted" }
      if let owner = replicaSet.metadata.controllerReference?.uid,
        store.deployments.list().allSatisfy({ $0.metadata.uid != owner })
      {
        return "\(name) has outlived its Deployment"
      }
      let active = store.pods(ownedBy: replicaSet.metadata.uid).active
      if active != replicaSet.replicas || status.replicas != active
        || status.readyReplicas != active || status.availableReplicas != active
      {
        return "\(name) has \(active) pods and says \(status), not \(replicaSet.replicas)"
      }
    }
    return nil
  }

  /// StatefulSets, DaemonSets and Jobs.
  private static func keptProblem(_ store: ObjectStore) -> String? {
    for resource in store.keptResources {
      for case .kept(let object) in store.list(resource, namespace: "default") {
        let name = "\(resource.singular)/\(object.metadata.name)"
        let status = object.body["status"]
        func number(_ field: String) -> Int64 { status?[field]?.integer ?? 0 }
        if object.metadata.isTerminating { return "\(name) is still being deleted" }
        switch resource.kind {
        case "StatefulSet":
          let wanted = object.body["spec"]?["replicas"]?.integer ?? 1
          if number("readyReplicas") != wanted || number("replicas") != wanted {
            return "\(name) has \(number("readyReplicas")) of \(wanted) pods ready"
          }
        case "DaemonSet":
          let nodes = Int64(store.nodes.list().count { $0.taints.isEmpty })
          if number("numberReady") != nodes || number("desiredNumberScheduled") != nodes {
            return "\(name) is ready on \(number("numberReady")) of \(nodes) nodes"
          }
        case "Job":
          let conditions = status?["conditions"]?.array ?? []
          if !conditions.contains(where: { $0["type"] == "Complete" }) {
            return "\(name) is not complete"
          }
        default: break
        }
      }
    }
    return nil
  }

  private static func podProblem(_ store: ObjectStore) -> String? {
    for pod in store.pods.list() {
      let name = pod.metadata.name
      if pod.metadata.isTerminating { return "\(name) is still terminating" }
      if store.nodes["", pod.nodeName] == nil { return "\(name) is on no node" }
      if pod.isTerminal { continue }
      if !pod.isReady { return "\(name) is not ready" }
      guard let owner = pod.metadata.controllerReference, owner.kind == "ReplicaSet" else {
        continue
      }
      if store.replicaSets.list().allSatisfy({ $0.metadata.uid != owner.uid }) {
        return "\(name) has outlived its owner"
      }
    }
    return nil
  }

  private static func sliceProblem(_ store: ObjectStore) -> String? {
    for service in store.services.list() {
      guard let selector = service.selector, service.type != .externalName else { continue }
      let name = service.metadata.name
      let slices = store.slices(of: NamespacedName(service.metadata)).compactMap {
        store.endpointSlices[$0]
      }
      for family in service.ipFamilies {
        let wanted = store.pods.list(namespace: service.metadata.namespace)
          .filter { pod in
            !pod.isTerminal && selector.pairs.allSatisfy { pod.metadata.labels[$0.key] == $0.value }
          }
          .compactMap { pod in pod.status.podIPs.first { $0.family == family } }
        let listed = slices.flatMap(\.endpoints).filter { $0.address.family == family }
        if listed.map(\.address).sorted() != wanted.sorted() {
          return "\(name) lists other pods than it selects"
        }
        if !listed.allSatisfy(\.isReadyOrUnset) {
          return "\(name) has an endpoint that is not ready"
        }
      }
      if slices.isEmpty { return "\(name) has no slice" }
    }
    return nil
  }
}
