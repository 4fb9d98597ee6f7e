import ClusterModel

extension ObjectMeta {
  init(_ reader: FieldReader) {
    var reader = reader
    self.init(
      name: reader.text("name"), namespace: reader.text("namespace"),
      labels: reader.labels("labels"))
    generateName = reader.text("generateName")
    uid = reader.uid()
    resourceVersion = UInt64(reader.text("resourceVersion")) ?? 0
    generation = Int64(reader.integer("generation"))
    creationTimestamp = reader.time("creationTimestamp")
    deletionTimestamp = reader.time("deletionTimestamp")
    deletionGracePeriodSeconds = reader.optionalInteger("deletionGracePeriodSeconds")
    annotations = reader.labels("annotations")
    ownerReferences = reader.objects("ownerReferences").map { OwnerReference($0) }
    finalizers = reader.texts("finalizers")
    // Who wrote which field is nothing that kubectl prints.
    _ = reader.take("managedFields")
    other = reader.rest
  }

  var encoded: Fields {
    var writer = FieldWriter()
    writer.set("name", name)
    writer.set("namespace", namespace)
    writer.set("generateName", generateName)
    writer.set("labels", labels)
    writer.set("annotations", annotations)
    if uid != .none { writer.set("uid", uid.description) }
    if resourceVersion > 0 { writer.set("resourceVersion", "\(resourceVersion)") }
    writer.set("generation", Int(generation))
    writer.set("creationTimestamp", creationTimestamp)
    writer.set("deletionTimestamp", deletionTimestamp)
    writer.set("deletionGracePeriodSeconds", pointer: deletionGracePeriodSeconds)
    writer.set("ownerReferences", ownerReferences.map(\.encoded))
    writer.set("finalizers", finalizers)
    writer.add(other)
    return writer.fields
  }
}

extension FieldReader {
  mutating func uid() -> UID {
    let text = text("uid")
    return text.isEmpty ? .none : UID(text)
  }
}

extension OwnerReference {
  init(_ reader: FieldReader) {
    var reader = reader
    self.init(
      apiVersion: reader.text("apiVersion"), kind: reader.text("kind"),
      name: reader.text("name"), uid: reader.uid(), controller: reader.optionalFlag("controller"),
      blockOwnerDeletion: reader.optionalFlag("blockOwnerDeletion"))
  }

  var encoded: Fields {
    var writer = FieldWriter()
    writer.always("apiVersion", .string(apiVersion))
    writer.set("blockOwnerDeletion", pointer: blockOwnerDeletion)
    writer.set("controller", pointer: controller)
    writer.always("kind", .string(kind))
    writer.always("name", .string(name))
    writer.always("uid", .string(uid.description))
    return writer.fields
  }
}

extension ObjectReference {
  init(_ reader: FieldReader) {
    var reader = reader
    self.init(
      kind: reader.text("kind"), namespace: reader.text("namespace"), name: reader.text("name"),
      uid: reader.uid())
    other = reader.rest
  }

  var encoded: Fields {
    var writer = FieldWriter()
    writer.set("kind", kind)
    writer.set("namespace", namespace)
    writer.set("name", name)
    if uid != .none { writer.set("uid", uid.description) }
    writer.add(other)
    return writer.fields
  }
}

extension Condition {
  init(_ reader: FieldReader, lastSeen: String?) {
    var reader = reader
    let type = reader.text("type")
    let status = Status(rawValue: reader.text("status")) ?? .unknown
    self.init(
      type: type, status: status, reason: reader.text("reason"), message: reader.text("message"),
      lastTransitionTime: reader.time("lastTransitionTime"),
      lastSeenTime: lastSeen.flatMap { reader.time($0) },
      observedGeneration: reader.optionalInteger("observedGeneration").map(Int64.init))
  }

  /// `lastSeen` names the second time, where the kind of condition has one.
  func encoded(lastSeen: String?) -> Fields {
    var writer = FieldWriter()
    if let lastSeen { writer.always(lastSeen, lastSeenTime) }
    writer.always("lastTransitionTime", lastTransitionTime)
    writer.set("message", message)
    writer.set("observedGeneration", pointer: observedGeneration.map { Int(clamping: $0) })
    writer.set("reason", reason)
    writer.always("status", .string(status.rawValue))
    writer.always("type", .string(type))
    return writer.fields
  }
}

extension LabelSelector {
  init(_ reader: FieldReader) {
    var reader = reader
    self.init(matchLabels: reader.labels("matchLabels"))
    matchExpressions = reader.objects("matchExpressions").map { expression in
      var expression = expression
      let operators: [Operator] = [.in, .notIn, .exists, .doesNotExist]
      if expression.rest["operator"]?.string ?? "" == "" {
        expression.errors.add(
          expression.path["operator"], "Invalid value: \"\": not a valid selector operator")
      }
      return Requirement(
        key: expression.text("key"),
        operator: expression.choice("operator", of: operators) ?? .exists,
        values: expression.texts("values"))
    }
  }

  var encoded: Fields {
    var writer = FieldWriter()
    writer.set(
      "matchExpressions",
      matchExpressions.map { requirement -> Fields in
        var expression = FieldWriter()
        expression.always("key", .string(requirement.key))
        expression.always("operator", .string(requirement.operator.rawValue))
        expression.set("values", requirement.values)
        return expression.fields
      })
    writer.set("matchLabels", matchLabels)
    return writer.fields
  }
}
