import ClusterModel
import ControlPlane

extension Describer {
  mutating func deployment(_ deployment: Deployment) {
    nameAndNamespace()
    description.field("CreationTimestamp", time(metadata.creationTimestamp))
    labelsAndAnnotations()
    description.field("Selector", SelectorText.of(deployment.selector))
    let status = deployment.status
    description.field(
      "Replicas",
      "\(deployment.replicas) desired | \(status.updatedReplicas) updated | "
        + "\(status.replicas) total | \(status.availableReplicas) available | "
        + "\(status.unavailableReplicas) unavailable")
    description.field("StrategyType", deployment.strategy.rawValue)
    description.field("MinReadySeconds", "\(deployment.minReadySeconds)")
    if deployment.strategy == .rollingUpdate {
      description.field(
        "RollingUpdateStrategy",
        "\(deployment.maxUnavailable) max unavailable, \(deployment.maxSurge) max surge")
    }
    podTemplate(value.value("spec", "template"))
    workloadConditions()
    let (old, new) = replicaSets(of: deployment)
    description.field("OldReplicaSets", Self.text(old))
    description.field("NewReplicaSet", Self.text(new.map { [$0] } ?? []))
    events()
  }

  /// The Deployment's ReplicaSets, the oldest first, and the one that has its template.
  private func replicaSets(of deployment: Deployment) -> (old: [ReplicaSet], new: ReplicaSet?) {
    let all = context.store.replicaSets(ownedBy: metadata.uid)
      .compactMap { context.store.replicaSets[$0] }
      .sorted {
        ($0.metadata.creationTimestamp?.seconds ?? .min, $0.metadata.name)
          < ($1.metadata.creationTimestamp?.seconds ?? .min, $1.metadata.name)
      }
    func template(_ replicaSet: ReplicaSet) -> PodTemplate {
      var template = replicaSet.template
      template.labels["pod-template-hash"] = nil
      return template
    }
    var wanted = deployment.template
    wanted.labels["pod-template-hash"] = nil
    let new = all.first { template($0) == wanted }
    return (all.filter { $0.metadata.name != new?.metadata.name }, new)
  }

  private static func text(_ replicaSets: [ReplicaSet]) -> String {
    replicaSets.map {
      "\($0.metadata.name) (\($0.status.replicas)/\($0.replicas) replicas created)"
    }.joined(separator: ", ").orNone
  }

  mutating func replicaSet(_ replicaSet: ReplicaSet) {
    nameAndNamespace()
    description.field("Selector", SelectorText.of(replicaSet.selector))
    labelsAndAnnotations()
    controller()
    description.field(
      "Replicas", "\(replicaSet.status.replicas) current / \(replicaSet.replicas) desired")
    description.field("Pods Status", podsStatus())
    podTemplate(value.value("spec", "template"))
    workloadConditions()
    events()
  }

  /// describe.go describeReplicationController.
  mutating func replicationController() {
    nameAndNamespace()
    description.field("Selector", value.labels("spec", "selector").textOrNone)
    labelsAndAnnotations()
    description.field(
      "Replicas",
      "\(value.number("status", "replicas") ?? 0) current / "
        + "\(value.number("spec", "replicas") ?? 1) desired")
    description.field("Pods Status", podsStatus())
    podTemplate(value.value("spec", "template"))
    workloadConditions()
    events()
  }

  mutating func statefulSet() {
    nameAndNamespace()
    description.field("CreationTimestamp", time(metadata.creationTimestamp))
    description.field("Selector", SelectorText.of(value.value("spec", "selector")))
    labelsAndAnnotations()
    let desired = value.number("spec", "replicas") ?? 1
    let current = value.number("status", "replicas") ?? 0
    description.field("Replicas", "\(desired) desired | \(current) total")
    description.field(
      "Update Strategy", value.optionalText("spec", "updateStrategy", "type") ?? "RollingUpdate")
    if let update = value.value("spec", "updateStrategy", "rollingUpdate") {
      if let partition = update.number("partition") {
        description.field("Partition", "\(partition)", level: 1)
      }
      if let most = update.optionalText("maxUnavailable") {
        description.field("MaxUnavailable", most, level: 1)
      }
    }
    description.field("Pods Status", podsStatus())
    podTemplate(value.value("spec", "template"))
    volumeClaims()
    events()
  }

  private mutating func volumeClaims() {
    let claims = value.items("spec", "volumeClaimTemplates")
    guard !claims.isEmpty else { return description.field("Volume Claims", "<none>") }
    description.line(0, "Volume Claims:")
    for claim in claims {
      description.field("Name", claim.text("metadata", "name"), level: 1)
      description.field("StorageClass", claim.text("spec", "storageClassName"), level: 1)
      description.labels("Labels", claim.labels("metadata", "labels"), indent: "  ")
      description.labels("Annotations", claim.labels("metadata", "annotations"), indent: "  ")
      let storage = claim.optionalText("spec", "resources", "requests", "storage")
      description.field("Capacity", storage.map(QuantityText.canonical) ?? "<default>", level: 1)
      let modes = claim.texts("spec", "accessModes").joined(separator: " ")
      description.field("Access Modes", "[\(modes)]", level: 1)
    }
  }

  mutating func daemonSet() {
    description.field("Name", metadata.name)
    description.field("Namespace", metadata.namespace)
    description.field("Selector", SelectorText.of(value.value("spec", "selector")))
    description.field(
      "Node-Selector",
      value.labels("spec", "template", "spec", "nodeSelector").textOrNone)
    labelsAndAnnotations()
    let lines = [
      ("Desired Number of Nodes Scheduled", "desiredNumberScheduled"),
      ("Current Number of Nodes Scheduled", "currentNumberScheduled"),
      ("Number of Nodes Scheduled with Up-to-date Pods", "updatedNumberScheduled"),
      ("Number of Nodes Scheduled with Available Pods", "numberAvailable"),
      ("Number of Nodes Misscheduled", "numberMisscheduled"),
    ]
    for (title, name) in lines {
      description.line(0, "\(title): \(value.number("status", name) ?? 0)")
    }
    description.field("Pods Status", podsStatus())
    podTemplate(value.value("spec", "template"))
    events()
  }

  /// The pods of a revision as `rollout history` shows them: nobody aligns the text.
  static func rawTemplate(of object: StoredObject) -> String {
    var describer = Describer(object: object, context: PrintContext(now: Timestamp(seconds: 0)))
    describer.podTemplate(describer.value.value("spec", "template"))
    return describer.description.raw
  }

  mutating func podTemplate(_ template: Value?) {
    description.line(0, "Pod Template:")
    guard let template else { return description.line(1, "<unset>") }
    description.labels("  Labels", template.labels("metadata", "labels"))
    let annotations = template.labels("metadata", "annotations")
    if !annotations.isEmpty {
      description.annotations("  Annotations", annotations)
    }
    let account = template.text("spec", "serviceAccountName")
    description.optionalField("Service Account", account, level: 1)
    let initContainers = template.items("spec", "initContainers")
    if !initContainers.isEmpty {
      containers("Init Containers", initContainers, [], of: nil, indent: "  ")
    }
    containers("Containers", template.items("spec", "containers"), [], of: nil, indent: "  ")
    volumes(template.items("spec", "volumes"), indent: "  ")
    topologySpread(template.items("spec", "topologySpreadConstraints"), indent: "  ")
    let priority = template.text("spec", "priorityClassName")
    description.optionalField("Priority Class Name", priority, level: 1)
    description.labels("  Node-Selectors", template.labels("spec", "nodeSelector"))
    description.tolerations("  Tolerations", template.items("spec", "tolerations"))
  }
}
