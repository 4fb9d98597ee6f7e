import ClusterModel
import SimulationCore

/// The ConfigMaps and Secrets that a pod needs (pkg/kubelet/kubelet_pods.go, pkg/volume).
extension ControlPlane {
  /// Why a container's environment cannot be made; nil when it can.
  func configurationProblem(of container: Container, _ pod: Pod) -> String? {
    let namespace = pod.metadata.namespace
    for source in container.other["envFrom"]?.array ?? [] {
      for (field, kind) in [("configMapRef", "configmaps"), ("secretRef", "secrets")] {
        guard let reference = source[field], reference["optional"]?.bool != true,
          let name = reference["name"]?.string, store.kept[kind]?[namespace, name] == nil
        else { continue }
        return "\(kind.dropLast()) \"\(name)\" not found"
      }
    }
    for variable in container.env {
      for (field, kind, title) in [
        ("configMapKeyRef", "configmaps", "ConfigMap"), ("secretKeyRef", "secrets", "Secret"),
      ] {
        guard let reference = variable.valueFrom?[field], reference["optional"]?.bool != true,
          let name = reference["name"]?.string
        else { continue }
        guard let object = store.kept[kind]?[namespace, name] else {
          return "\(kind.dropLast()) \"\(name)\" not found"
        }
        let key = reference["key"]?.string ?? ""
        let parts = ["data", "binaryData", "stringData"]
        if !parts.contains(where: { object.body[$0]?[key] != nil }) {
          return "couldn't find key \(key) in \(title) \(namespace)/\(name)"
        }
      }
    }
    return nil
  }

  /// The first volume that cannot be mounted and why; nil when all can.
  func missingVolume(of pod: Pod) -> (volume: String, problem: String)? {
    for volume in pod.spec.value.other["volumes"]?.array ?? [] {
      var sources = [volume]
      sources += volume["projected"]?["sources"]?.array ?? []
      for source in sources {
        for (field, key, kind) in [
          ("configMap", "name", "configmaps"), ("secret", "secretName", "secrets"),
          ("secret", "name", "secrets"),
        ] {
          guard let reference = source[field], reference["optional"]?.bool != true,
            let name = reference[key]?.string, name != "kube-root-ca.crt",
            store.kept[kind]?[pod.metadata.namespace, name] == nil
          else { continue }
          return (volume["name"]?.string ?? "", "\(kind.dropLast()) \"\(name)\" not found")
        }
      }
    }
    return nil
  }

  /// Mounting is tried again after half a second, twice as long after each failure, two minutes
  /// and two seconds at most (pkg/util/goroutinemap/exponentialbackoff).
  mutating func waitForVolume(
    _ id: ObjectID, _ pod: Pod, _ missing: (volume: String, problem: String)
  ) {
    record(
      pod, "FailedMount",
      "MountVolume.SetUp failed for volume \"\(missing.volume)\" : \(missing.problem)",
      type: .warning)
    let wait = kubelets[id]?.mountBackOff ?? .milliseconds(500)
    kubelets[id]?.mountBackOff = min(wait * 2, .seconds(122))
    schedule(id, .start, at: now + wait)
  }

  /// `activeDeadlineSeconds` counts from the pod's start on its node.
  mutating func planDeadline(_ id: ObjectID, _ pod: Pod) {
    guard let seconds = pod.spec.value.other["activeDeadlineSeconds"]?.integer else { return }
    schedule(id, .deadline, at: now + .seconds(max(0, min(seconds, 1 << 31))))
  }

  /// The pod has been at it for too long (pkg/kubelet/active_deadline.go).
  mutating func deadlineExceeded(_ id: ObjectID, _ pod: Pod, _ worker: PodWorker) {
    let message = "Pod was active on the node longer than the specified deadline"
    record(pod, "DeadlineExceeded", message)
    for (index, container) in pod.spec.value.containers.enumerated()
    where pod.status.containerStatuses.indices.contains(index)
      && pod.status.containerStatuses[index].isRunning
    {
      record(pod, "Killing", "Stopping container \(container.name)", container: container.name)
    }
    let time = api.timestamp(at: now)
    let all = Array(0..<Int32(pod.spec.value.containerCount))
    api.store.updatePod(id, [.status, .endpoint], at: now) { pod in
      pod.status.phase = .failed
      pod.status.reason = "DeadlineExceeded"
      pod.status.message = message
      PodStatusReport.exited(&pod, all, code: 137, isOver: true, at: time)
    }
    removeTraces(of: worker)
  }
}
