import ClusterModel

extension FieldReader {
  /// `spec.selector`, which the API requires of workloads.
  fileprivate mutating func requiredSelector() -> LabelSelector {
    if !has("selector") { errors.add(path["selector"], "Required value") }
    return LabelSelector(object("selector"))
  }
}

extension PodTemplate {
  init(_ reader: FieldReader) {
    var reader = reader
    var metadata = reader.object("metadata")
    let labels = metadata.labels("labels")
    let annotations = metadata.labels("annotations")
    _ = metadata.take("creationTimestamp")
    var spec = reader.object("spec")
    self.init(labels: labels, annotations: annotations, spec: Shared(PodSpec(&spec)))
    // A template names no node: nodeName stays among the other fields.
    otherMetadata = metadata.rest
  }

  var encoded: Fields {
    var metadata = FieldWriter()
    metadata.set("labels", labels)
    metadata.set("annotations", annotations)
    metadata.add(otherMetadata)
    return Fields([("metadata", .object(metadata.fields)), ("spec", .object(spec.value.encoded))])
  }
}

extension ReplicaSet {
  init(metadata: ObjectMeta, _ reader: inout FieldReader) {
    var spec = reader.object("spec")
    let selector = spec.requiredSelector()
    self.init(
      metadata: metadata, selector: selector, template: PodTemplate(spec.object("template")))
    replicas = spec.integer("replicas", default: 1)
    minReadySeconds = spec.integer("minReadySeconds")
    otherSpec = spec.rest
    var status = reader.object("status")
    self.status = ReplicaSetStatus(&status)
  }

  var encoded: Fields {
    var spec = FieldWriter()
    spec.set("minReadySeconds", minReadySeconds)
    spec.set("replicas", pointer: replicas)
    spec.always("selector", .object(selector.encoded))
    spec.always("template", .object(template.encoded))
    spec.add(otherSpec)
    return Fields([("spec", .object(spec.fields)), ("status", .object(status.encoded))])
  }
}

extension ReplicaSetStatus {
  init(_ reader: inout FieldReader) {
    self.init()
    replicas = reader.integer("replicas")
    fullyLabeledReplicas = reader.integer("fullyLabeledReplicas")
    readyReplicas = reader.integer("readyReplicas")
    availableReplicas = reader.integer("availableReplicas")
    terminatingReplicas = reader.optionalInteger("terminatingReplicas")
    observedGeneration = Int64(reader.integer("observedGeneration"))
    conditions = reader.objects("conditions").map { Condition($0, lastSeen: nil) }
    other = reader.rest
  }

  var encoded: Fields {
    var writer = FieldWriter()
    writer.set("availableReplicas", availableReplicas)
    writer.set("conditions", conditions.map { $0.encoded(lastSeen: nil) })
    writer.set("fullyLabeledReplicas", fullyLabeledReplicas)
    writer.set("observedGeneration", Int(clamping: observedGeneration))
    writer.set("readyReplicas", readyReplicas)
    writer.set("replicas", pointer: replicas)
    writer.set("terminatingReplicas", pointer: terminatingReplicas)
    writer.add(other)
    return writer.fields
  }
}

extension Deployment {
  init(metadata: ObjectMeta, _ reader: inout FieldReader) {
    var spec = reader.object("spec")
    let selector = spec.requiredSelector()
    self.init(
      metadata: metadata, selector: selector, template: PodTemplate(spec.object("template")))
    replicas = spec.integer("replicas", default: 1)
    minReadySeconds = spec.integer("minReadySeconds")
    revisionHistoryLimit = spec.integer("revisionHistoryLimit", default: 10)
    progressDeadlineSeconds = spec.integer("progressDeadlineSeconds", default: 600)
    isPaused = spec.flag("paused")
    readStrategy(spec.object("strategy"))
    otherSpec = spec.rest
    var status = reader.object("status")
    self.status = DeploymentStatus(&status)
  }

  private mutating func readStrategy(_ reader: FieldReader) {
    var reader = reader
    let strategies: [Strategy] = [.recreate, .rollingUpdate]
    strategy = reader.choice("type", of: strategies) ?? .rollingUpdate
    if strategy == .recreate, reader.has("rollingUpdate") {
      reader.errors.add(
        reader.path["rollingUpdate"],
        "Forbidden: may not be specified when strategy `type` is 'Recreate'")
    }
    var rolling = reader.object("rollingUpdate")
    maxSurge = rolling.intOrString("maxSurge") ?? maxSurge
    maxUnavailable = rolling.intOrString("maxUnavailable") ?? maxUnavailable
  }

  var encoded: Fields {
    var spec = FieldWriter()
    spec.set("minReadySeconds", minReadySeconds)
    spec.set("paused", isPaused)
    spec.set("progressDeadlineSeconds", pointer: progressDeadlineSeconds)
    spec.set("replicas", pointer: replicas)
    spec.set("revisionHistoryLimit", pointer: revisionHistoryLimit)
    spec.always("selector", .object(selector.encoded))
    var strategy = FieldWriter()
    if self.strategy == .rollingUpdate {
      strategy.always(
        "rollingUpdate", ["maxSurge": maxSurge.asValue, "maxUnavailable": maxUnavailable.asValue])
    }
    strategy.set("type", self.strategy.rawValue)
    spec.always("strategy", .object(strategy.fields))
    spec.always("template", .object(template.encoded))
    spec.add(otherSpec)
    return Fields([("spec", .object(spec.fields)), ("status", .object(status.encoded))])
  }
}

extension DeploymentStatus {
  init(_ reader: inout FieldReader) {
    self.init()
    observedGeneration = Int64(reader.integer("observedGeneration"))
    replicas = reader.integer("replicas")
    updatedReplicas = reader.integer("updatedReplicas")
    readyReplicas = reader.integer("readyReplicas")
    availableReplicas = reader.integer("availableReplicas")
    unavailableReplicas = reader.integer("unavailableReplicas")
    terminatingReplicas = reader.optionalInteger("terminatingReplicas")
    conditions = reader.objects("conditions").map { Condition($0, lastSeen: "lastUpdateTime") }
    collisionCount = reader.optionalInteger("collisionCount")
    other = reader.rest
  }

  var encoded: Fields {
    var writer = FieldWriter()
    writer.set("availableReplicas", availableReplicas)
    writer.set("collisionCount", pointer: collisionCount)
    writer.set("conditions", conditions.map { $0.encoded(lastSeen: "lastUpdateTime") })
    writer.set("observedGeneration", Int(clamping: observedGeneration))
    writer.set("readyReplicas", readyReplicas)
    writer.set("replicas", replicas)
    writer.set("terminatingReplicas", pointer: terminatingReplicas)
    writer.set("unavailableReplicas", unavailableReplicas)
    writer.set("updatedReplicas", updatedReplicas)
    writer.add(other)
    return writer.fields
  }
}
