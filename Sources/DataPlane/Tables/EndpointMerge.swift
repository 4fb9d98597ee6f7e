import ClusterModel

/// Keeps the endpoints of a service port in order while slices change.
enum EndpointMerge {
  /// Whether `left` comes before `right` in the text order of their addresses.
  static func isBefore(
    _ left: EndpointEntry, _ right: EndpointEntry, _ addresses: AddressTable
  ) -> Bool {
    if left.order != right.order { return left.order < right.order }
    if left.address == right.address, left.port == right.port { return false }
    // Only the beginning of an IPv6 text is in the number.
    let (one, other) = (addresses[left.address].address, addresses[right.address].address)
    return "\(one)]:\(left.port)" < "\(other)]:\(right.port)"
  }

  static func isSame(_ left: EndpointEntry, _ right: EndpointEntry) -> Bool {
    left.address == right.address && left.port == right.port
  }

  /// Sorts by class and address; of several entries for an address and port the first stays,
  /// unless it is terminating and a later one is not (pkg/proxy/endpointslicecache.go).
  static func sorted(
    _ entries: ContiguousArray<EndpointEntry>, _ addresses: AddressTable
  ) -> ContiguousArray<EndpointEntry> {
    // An index keeps equal entries in the order of their slices.
    let order = entries.indices.sorted { left, right in
      if isBefore(entries[left], entries[right], addresses) { return true }
      if isBefore(entries[right], entries[left], addresses) { return false }
      return left < right
    }
    var unique: ContiguousArray<EndpointEntry> = []
    unique.reserveCapacity(entries.count)
    for index in order {
      if let last = unique.last, isSame(last, entries[index]) {
        if last.isTerminating, !entries[index].isTerminating {
          unique[unique.count - 1] = entries[index]
        }
      } else {
        unique.append(entries[index])
      }
    }
    var result: ContiguousArray<EndpointEntry> = []
    result.reserveCapacity(unique.count)
    for category in [EndpointClass.ready, .terminating, .unusable] {
      result.append(contentsOf: unique.lazy.filter { $0.category == category })
    }
    return result
  }

  /// `old` without `removed` and with `added`, all in order. No address may be there twice.
  static func merged(
    _ old: ArraySlice<EndpointEntry>, removed: [EndpointEntry], added: [EndpointEntry],
    _ addresses: AddressTable
  ) -> ContiguousArray<EndpointEntry> {
    let removed = removed.sorted { isBefore($0, $1, addresses) }
    let added = added.sorted { isBefore($0, $1, addresses) }
    var result: ContiguousArray<EndpointEntry> = []
    result.reserveCapacity(old.count + added.count)
    var start = old.startIndex
    for category in [EndpointClass.ready, .terminating, .unusable] {
      var end = start
      while end < old.endIndex, old[end].category == category { end += 1 }
      let news = added.filter { $0.category == category }
      merge(old[start..<end], removed, news, addresses, into: &result)
      start = end
    }
    return result
  }

  private static func merge(
    _ old: ArraySlice<EndpointEntry>, _ removed: [EndpointEntry], _ added: [EndpointEntry],
    _ addresses: AddressTable, into result: inout ContiguousArray<EndpointEntry>
  ) {
    var (nextRemoved, nextAdded) = (0, 0)
    for entry in old {
      while nextRemoved < removed.count, isBefore(removed[nextRemoved], entry, addresses) {
        nextRemoved += 1
      }
      if nextRemoved < removed.count, isSame(removed[nextRemoved], entry) { continue }
      while nextAdded < added.count, isBefore(added[nextAdded], entry, addresses) {
        result.append(added[nextAdded])
        nextAdded += 1
      }
      result.append(entry)
    }
    result.append(contentsOf: added[nextAdded...])
  }
}
