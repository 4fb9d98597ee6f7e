import ControlPlane

extension DashboardSnapshot {
  /// The pod network by nodes.
  var podColumns: PodColumns { columns ?? PodColumns(self) }

  /// - Complexity: logarithmic while the names are in order.
  func nodeIndex(_ name: String) -> Int? {
    guard isByName else { return nodes.firstIndex { $0.name == name } }
    let index = nodes.firstIndexNotBefore { $0.name < name }
    return index < nodes.count && nodes[index].name == name ? index : nil
  }

  func serviceIndex(_ name: NamespacedName) -> Int? {
    guard isByName else { return services.firstIndex { $0.name == name } }
    let index = services.firstIndexNotBefore { $0.name < name }
    return index < services.count && services[index].name == name ? index : nil
  }
}

extension Array {
  /// The first index whose element is not before what is looked for, in an ordered array.
  func firstIndexNotBefore(_ isBefore: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension Scene {
  /// The items to draw from `offset` on in `height` rows.
  func visible(_ offset: Int, _ count: Int, _ height: Int) -> Range<Int> {
    let first = min(max(offset, 0), count)
    return first..<min(first + max(height, 0), count)
  }
}
