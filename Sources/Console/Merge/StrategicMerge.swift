import ClusterModel

/// Kubernetes' own patches, which know the API's lists
/// (apimachinery pkg/util/strategicpatch/patch.go).
struct StrategicMerge {
  /// `target` with a patch put over it, directives such as `$patch: delete` included.
  static func merge(_ patch: Value, into target: Value?, _ schema: MergeSchema) -> Value {
    switch patch {
    case .object(let changes): object(changes, into: target?.fields ?? Fields(), schema)
    case .array(let items): .array(list(items, into: target?.array ?? [], schema))
    default: patch
    }
  }

  private static func object(_ changes: Fields, into target: Fields, _ schema: MergeSchema) -> Value
  {
    var fields = target
    if changes["$patch"]?.string == "replace" { fields = Fields() }
    if let kept = changes["$retainKeys"]?.array?.compactMap(\.string) {
      for field in fields.all where !kept.contains(field.name) { fields[field.name] = nil }
    }
    for change in changes.all {
      if let name = change.name.afterPrefix("$deleteFromPrimitiveList/") {
        let gone = change.value.array ?? []
        fields[name] = fields[name]?.array.map { .array($0.filter { !gone.contains($0) }) }
      } else if change.name.hasPrefix("$") {
        continue
      } else if change.value == .null || change.value["$patch"]?.string == "delete" {
        fields[change.name] = nil
      } else {
        fields[change.name] = merge(
          change.value, into: fields[change.name], schema.field(change.name))
      }
    }
    return .object(fields)
  }

  private static func list(_ patch: [Value], into target: [Value], _ schema: MergeSchema) -> [Value]
  {
    let directives = patch.filter { $0["$patch"] != nil }
    if directives.contains(where: { $0["$patch"]?.string == "replace" }) {
      return patch.filter { $0["$patch"] == nil }
    }
    switch schema.list {
    case .atomic: return patch
    case .set:
      let kept = target.filter { !patch.contains($0) }
      return MergedOrder.merge(kept, patch, target) { $0 == $1 }
    case .keyed(let key):
      var result = target
      for item in patch {
        let position = result.firstIndex { $0[key] != nil && $0[key] == item[key] }
        if item["$patch"]?.string == "delete" {
          if let position { result.remove(at: position) }
        } else if let position {
          result[position] = merge(item, into: result[position], schema)
        } else {
          result.append(merge(item, into: nil, schema))
        }
      }
      return MergedOrder.sorted(result, patch, target, by: key)
    }
  }
}

extension String {
  /// What stands behind `prefix`; nil when the text does not begin with it.
  func afterPrefix(_ prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}
