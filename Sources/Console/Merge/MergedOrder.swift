import ClusterModel

/// Where the items of a merged list go (strategicpatch normalizeElementOrder, mergeSortedSlice).
enum MergedOrder {
  /// The items of `merged`: those that the patch names in its order, the others in the server's,
  /// and of both kinds a patch's item first unless the server's list has them the other way round.
  static func sorted(_ merged: [Value], _ patch: [Value], _ server: [Value], by key: String)
    -> [Value]
  {
    func isSame(_ left: Value, _ right: Value) -> Bool {
      left[key] != nil && left[key] == right[key]
    }
    let named = patch.compactMap { item in merged.first { isSame($0, item) } }
    let others = merged.filter { item in !patch.contains { isSame($0, item) } }
    return merge(others, named, server, isSame: isSame)
  }

  static func merge(
    _ others: [Value], _ named: [Value], _ server: [Value],
    isSame: (Value, Value) -> Bool
  ) -> [Value] {
    func place(_ item: Value) -> Int? { server.firstIndex { isSame($0, item) } }
    var result: [Value] = []
    var waiting = others[...]
    for item in named {
      while let first = waiting.first, let left = place(first), let right = place(item),
        left < right
      {
        result.append(waiting.removeFirst())
      }
      result.append(item)
    }
    return result + waiting
  }
}
