import ClusterModel

/// What `kubectl apply` does: brings `current` to `modified`, taking away only what `original`,
/// the manifest applied last, had put there (strategicpatch CreateThreeWayMergePatch).
struct ThreeWayMerge {
  static func merge(
    original: Value?, modified: Value, current: Value?, _ schema: MergeSchema
  ) -> Value {
    switch modified {
    case .object(let wanted):
      object(original?.fields, wanted, current?.fields ?? Fields(), schema)
    case .array(let items):
      .array(list(original?.array ?? [], items, current?.array ?? [], schema))
    default: modified
    }
  }

  private static func object(
    _ original: Fields?, _ wanted: Fields, _ current: Fields, _ schema: MergeSchema
  ) -> Value {
    var fields = current
    for field in original?.all ?? [] where wanted[field.name] == nil { fields[field.name] = nil }
    if schema.retainsOnlyNamedKeys {
      for field in fields.all where wanted[field.name] == nil { fields[field.name] = nil }
    }
    for field in wanted.all {
      if field.value == .null {
        fields[field.name] = nil
      } else {
        fields[field.name] = merge(
          original: original?[field.name], modified: field.value, current: fields[field.name],
          schema.field(field.name))
      }
    }
    return .object(fields)
  }

  private static func list(
    _ original: [Value], _ wanted: [Value], _ current: [Value], _ schema: MergeSchema
  ) -> [Value] {
    switch schema.list {
    case .atomic: return atomic(original, wanted, current, schema)
    case .set:
      let others = current.filter { !wanted.contains($0) && !original.contains($0) }
      return MergedOrder.merge(others, wanted, current) { $0 == $1 }
    case .keyed(let key):
      let merged = wanted.map { item in
        merge(
          original: original.item(like: item, by: key), modified: item,
          current: current.item(like: item, by: key), schema)
      }
      let added = current.filter { item in
        wanted.item(like: item, by: key) == nil && original.item(like: item, by: key) == nil
      }
      return MergedOrder.merge(added, merged, current) { left, right in
        left[key] != nil && left[key] == right[key] && left.transport == right.transport
      }
    }
  }

  /// The manifest's list as it stands. What it leaves out the server fills in again when it
  /// defaults the object, so an item that says nothing new is kept as it is.
  private static func atomic(
    _ original: [Value], _ wanted: [Value], _ current: [Value], _ schema: MergeSchema
  ) -> [Value] {
    guard original == wanted, current.count == wanted.count else { return wanted }
    let isCovered = zip(wanted, current).allSatisfy { $0.isContained(in: $1) }
    return isCovered ? current : wanted
  }
}

extension [Value] {
  /// The item with the same value of the merge key. One port number may stand for two protocols.
  fileprivate func item(like other: Value, by key: String) -> Value? {
    guard let value = other[key] else { return nil }
    let matches = filter { $0[key] == value }
    guard matches.count > 1 else { return matches.first }
    return matches.first { $0.transport == other.transport }
  }
}

extension Value {
  fileprivate var transport: String { self["protocol"]?.string ?? "TCP" }

  /// Whether everything this value says, `other` says too.
  func isContained(in other: Value) -> Bool {
    switch (self, other) {
    case (.object(let mine), .object(let theirs)):
      mine.all.allSatisfy { field in
        theirs[field.name].map { field.value.isContained(in: $0) } ?? (field.value == .null)
      }
    case (.array(let mine), .array(let theirs)):
      mine.count == theirs.count && zip(mine, theirs).allSatisfy { $0.isContained(in: $1) }
    default: self == other
    }
  }
}
