import ClusterModel
import ControlPlane

/// Everything there is to say of one object (kubectl pkg/describe/describe.go).
public func describe(_ object: StoredObject, _ context: PrintContext) -> String {
  Describer.text(of: object, context)
}

/// Writes the description of one object.
///
/// It reads the object in its written form, so that kinds with a pod template share its text
/// whether the simulation knows the kind or not.
struct Describer {
  let object: StoredObject
  let value: Value
  let context: PrintContext
  var description = Description()

  init(object: StoredObject, context: PrintContext) {
    self.object = object
    self.context = context
    value = ObjectCoding.value(of: object)
  }

  static func text(of object: StoredObject, _ context: PrintContext) -> String {
    var describer = Describer(object: object, context: context)
    describer.run()
    return describer.description.aligned
  }

  var metadata: ObjectMeta { object.metadata }

  private mutating func run() {
    switch object {
    case .namespace: namespace()
    case .node(let node): self.node(node)
    case .pod(let pod): self.pod(pod)
    case .replicaSet(let replicaSet): self.replicaSet(replicaSet)
    case .deployment(let deployment): self.deployment(deployment)
    case .service(let service): self.service(service)
    case .endpointSlice(let slice): endpointSlice(slice)
    case .event: generic()
    case .kept(let kept): self.kept(kept.resource)
    }
  }

  private mutating func kept(_ resource: APIResource) {
    switch (resource.group, resource.kind) {
    case ("", "ConfigMap"): configMap()
    case ("", "Secret"): secret()
    case ("", "ServiceAccount"): serviceAccount()
    case ("", "Endpoints"): endpoints()
    case ("", "PersistentVolumeClaim"): volumeClaim()
    case ("", "PersistentVolume"): volume()
    case ("", "ResourceQuota"): resourceQuota()
    case ("", "LimitRange"): limitRange()
    case ("batch", "Job"): job()
    case ("batch", "CronJob"): cronJob()
    case ("policy", "PodDisruptionBudget"): budget()
    case ("networking.k8s.io", "IngressClass"): ingressClass()
    case ("scheduling.k8s.io", "PriorityClass"): priorityClass()
    case ("storage.k8s.io", "StorageClass"): storageClass()
    case ("rbac.authorization.k8s.io", "Role"), ("rbac.authorization.k8s.io", "ClusterRole"):
      role()
    case ("rbac.authorization.k8s.io", _): binding()
    case ("", "ReplicationController"): replicationController()
    case ("apps", "StatefulSet"): statefulSet()
    case ("apps", "DaemonSet"): daemonSet()
    case ("networking.k8s.io", "NetworkPolicy"): networkPolicy()
    case ("networking.k8s.io", "Ingress"): ingress()
    case ("autoscaling", "HorizontalPodAutoscaler"): autoscaler()
    default: generic()
    }
  }

  // MARK: What many kinds have

  mutating func nameAndNamespace() {
    description.field("Name", metadata.name)
    description.field("Namespace", metadata.namespace)
  }

  mutating func labelsAndAnnotations() {
    description.labels("Labels", metadata.labels)
    description.annotations("Annotations", metadata.annotations)
  }

  mutating func controller() {
    if let owner = metadata.controllerReference {
      description.field("Controlled By", "\(owner.kind)/\(owner.name)")
    }
  }

  /// `Type  Status  Reason` of a workload.
  mutating func workloadConditions() {
    let conditions = value.items("status", "conditions")
    guard !conditions.isEmpty else { return }
    description.line(0, "Conditions:")
    description.line(1, "Type", "Status", "Reason")
    description.line(1, "----", "------", "------")
    for condition in conditions {
      description.line(
        1, "\(condition.text("type")) ", condition.text("status"), condition.text("reason"))
    }
  }

  /// `1 Running / 0 Waiting / …` of the pods that the object owns and still selects.
  func podsStatus() -> String {
    let selector =
      object.resource.kind == "ReplicationController"
      ? LabelSelector(matchLabels: value.labels("spec", "selector"))
      : SelectorText.selector(value.value("spec", "selector") ?? .null)
    var counts = [0, 0, 0, 0]
    for id in context.store.pods(ownedBy: metadata.uid).ids {
      guard let pod = context.store.pods[id], selector.matches(pod.metadata.labels) else {
        continue
      }
      switch pod.status.phase {
      case .running: counts[0] += 1
      case .pending: counts[1] += 1
      case .succeeded: counts[2] += 1
      case .failed: counts[3] += 1
      case .unknown: break
      }
    }
    return "\(counts[0]) Running / \(counts[1]) Waiting / \(counts[2]) Succeeded / "
      + "\(counts[3]) Failed"
  }

  func time(_ time: Timestamp?) -> String { time?.rfc1123 ?? Timestamp.zeroText }
}
