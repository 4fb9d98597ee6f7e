import ClusterModel

/// The patch that `apply` sends: what has to change in `current`, and what `original` had and
/// `modified` lacks (strategicpatch CreateThreeWayMergePatch).
struct PatchText {
  let schema: MergeSchema

  /// - Returns: an empty object when there is nothing to do.
  static func patch(
    original: Value?, modified: Value, current: Value, _ schema: MergeSchema
  ) -> Value {
    PatchText(schema: schema).object(
      original?.fields ?? Fields(), modified.fields ?? Fields(), current.fields ?? Fields(), schema)
      ?? .object(Fields())
  }

  private func object(
    _ original: Fields, _ wanted: Fields, _ current: Fields, _ schema: MergeSchema
  ) -> Value? {
    var patch = Fields()
    for field in original.all where wanted[field.name] == nil && current[field.name] != nil {
      patch[field.name] = .null
    }
    for field in wanted.all {
      guard let present = current[field.name] else {
        if field.value != .null { patch[field.name] = field.value }
        continue
      }
      if field.value == present { continue }
      let inner = schema.field(field.name)
      switch (field.value, present) {
      case (.object(let mine), .object(let theirs)):
        let old = original[field.name]?.fields ?? Fields()
        if let changes = object(old, mine, theirs, inner) { patch[field.name] = changes }
      case (.array(let mine), .array(let theirs)):
        let old = original[field.name]?.array ?? []
        list(old, mine, theirs, inner, field.name, &patch)
      default: patch[field.name] = field.value
      }
    }
    if patch.isEmpty { return nil }
    if schema.retainsOnlyNamedKeys {
      patch["$retainKeys"] = .array(wanted.all.map { .string($0.name) })
    }
    return .object(patch)
  }

  private func list(
    _ original: [Value], _ wanted: [Value], _ current: [Value], _ schema: MergeSchema,
    _ name: String, _ patch: inout Fields
  ) {
    guard case .keyed(let key) = schema.list else {
      if !Value.array(wanted).isContained(in: .array(current)) || wanted.count != current.count {
        patch[name] = .array(wanted)
      }
      return
    }
    func item(_ list: [Value], like other: Value) -> Value? { list.first { $0[key] == other[key] } }
    var changes: [Value] = []
    for value in wanted {
      guard let present = item(current, like: value) else {
        changes.append(value)
        continue
      }
      let old = item(original, like: value)?.fields ?? Fields()
      let changed = object(old, value.fields ?? Fields(), present.fields ?? Fields(), schema)
      if let changed { changes.append(changed.setting(key, value[key] ?? .null)) }
    }
    for value in original
    where item(wanted, like: value) == nil && item(current, like: value) != nil {
      changes.append(Value.object(["$patch": "delete"]).setting(key, value[key] ?? .null))
    }
    guard !changes.isEmpty else { return }
    patch["$setElementOrder/\(name)"] = .array(
      wanted.map { value in
        let only: Value = .object(Fields())
        return only.setting(key, value[key] ?? .null)
      })
    patch[name] = .array(changes)
  }
}
