import ClusterModel

/// RFC 7386, and its three-way form that `apply` uses for kinds without a schema.
enum JSONMerge {
  /// `target` with `patch` put over it; a null removes a field.
  static func merge(_ patch: Value, into target: Value?) -> Value {
    guard let changes = patch.fields else { return patch }
    var fields = target?.fields ?? Fields()
    for change in changes.all {
      fields[change.name] =
        change.value == .null ? nil : merge(change.value, into: fields[change.name])
    }
    return .object(fields)
  }

  /// `current` brought to `modified`: what `original` had and `modified` lacks goes, what the
  /// server added stays (apimachinery pkg/util/jsonmergepatch).
  static func merge(original: Value?, modified: Value, current: Value?) -> Value {
    guard let wanted = modified.fields else { return modified }
    var fields = current?.fields ?? Fields()
    for field in original?.fields?.all ?? [] where wanted[field.name] == nil {
      fields[field.name] = nil
    }
    for field in wanted.all {
      if field.value == .null {
        fields[field.name] = nil
      } else {
        fields[field.name] = merge(
          original: original?[field.name], modified: field.value, current: fields[field.name])
      }
    }
    return .object(fields)
  }
}
