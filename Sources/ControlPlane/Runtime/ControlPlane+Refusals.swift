import ClusterModel
import SimulationCore

/// What controllers say when they are refused a pod.
extension ControlPlane {
  /// Remembers why, and says that the pod could not be made
  /// (pkg/controller/controller_utils.go createPods, stateful_pod_control.go recordPodEvent).
  mutating func noteRefusal(of write: Write, _ key: WorkKey, _ index: Int) {
    guard case .create(let object) = write.action, let error = api.lastRefusal else { return }
    api.lastRefusal = nil
    runners[index].refusals[key] = error
    // In a namespace that is on its way out nobody misses a pod.
    let space = store.namespaces["", object.metadata.namespace]
    guard space?.metadata.isTerminating == false, case .pod(let pod) = object,
      let owner = pod.metadata.controllerReference
    else { return }
    let reference = ObjectReference(
      kind: owner.kind, namespace: pod.metadata.namespace, name: owner.name, uid: owner.uid)
    let failure =
      owner.kind == "StatefulSet"
      ? "create Pod \(pod.metadata.name) in StatefulSet \(owner.name) failed error: "
      : "Error creating: "
    runners[index].say(
      EventRecord(
        reference, "FailedCreate", failure + error.message,
        from: runners[index].controller.name, type: .warning))
  }
}

extension APIServer {
  /// A controller's request for a new object; false when it was refused.
  mutating func create(_ object: StoredObject, rememberingRefusalAt time: Instant) -> Bool {
    do throws(APIError) {
      _ = try add(object, at: time)
      return true
    } catch {
      lastRefusal = error
      return false
    }
  }
}
