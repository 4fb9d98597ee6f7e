import ClusterModel

/// Keeps the endpoints of a service port in order while slices change.
enum EndpointMerge {
  /// Whether `left` comes before `right` in the text order of their addresses.
  static func isBefore(
    _ left: EndpointEntry, _ right: EndpointEntry, _ addresses: borrowing AddressTable
  ) -> Bool {
    if left.address == right.address, left.port == right.port { return false }
    let (one, other) = (addresses[left.address].address, addresses[right.address].address)
    let (key, otherKey) = (EndpointOrder.key(one, left.port), EndpointOrder.key(other, right.port))
    if key != otherKey { return key < otherKey }
    // Only the beginning of an IPv6 text is in the number.
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
    let keys = entries.map { EndpointOrder.key(addresses[$0.address].address, $0.port) }
    // An index keeps equal entries in the order of their slices.
    let order = entries.indices.sorted { left, right in
      if keys[left] != keys[right] { return keys[left] < keys[right] }
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

  /// A part of a new list: entries of the old one, by position, or a new entry.
  enum Piece {
    case kept(Range<Int>)
    case added(EndpointEntry)
  }

  /// The endpoints of `last` without `removed` and with `added`, all in order. No address may be
  /// there twice.
  ///
  /// - Parameter version: gets the counts; it comes with those of `last`.
  /// - Complexity: that of finding the places; the entries between them are not looked at.
  static func pieces(
    of last: PortVersion, in endpoints: borrowing ContiguousArray<EndpointEntry>,
    removed: [EndpointEntry], added: [EndpointEntry], _ addresses: borrowing AddressTable,
    for version: inout PortVersion
  ) -> [Piece] {
    var pieces: [Piece] = []
    var start = Int(last.start)
    for category in [EndpointClass.ready, .terminating, .unusable] {
      let old = start..<(start + Int(last.count(of: category)))
      var cuts: [(position: Int, entry: EndpointEntry?)] = []
      for entry in removed where entry.category == category {
        let position = place(of: entry, in: endpoints, old, addresses)
        if position < old.upperBound, isSame(endpoints[position], entry) {
          cuts.append((position, nil))
          version.count(endpoints[position], by: -1)
        }
      }
      for entry in added where entry.category == category {
        cuts.append((place(of: entry, in: endpoints, old, addresses), entry))
        version.count(entry, by: 1)
      }
      if cuts.count > 1 { sort(&cuts, addresses) }
      append(cuts, of: old, to: &pieces)
      start = old.upperBound
    }
    return pieces
  }

  private static func sort(
    _ cuts: inout [(position: Int, entry: EndpointEntry?)], _ addresses: borrowing AddressTable
  ) {
    // A copy is a matter of a few counts; a closure cannot borrow.
    let addresses = copy addresses
    cuts.sort { left, right in
      if left.position != right.position { return left.position < right.position }
      guard let one = left.entry else { return false }
      guard let other = right.entry else { return true }
      return isBefore(one, other, addresses)
    }
  }

  private static func append(
    _ cuts: [(position: Int, entry: EndpointEntry?)], of old: Range<Int>, to pieces: inout [Piece]
  ) {
    var next = old.lowerBound
    for cut in cuts {
      if cut.position > next {
        pieces.append(.kept(next..<cut.position))
        next = cut.position
      }
      if let entry = cut.entry { pieces.append(.added(entry)) } else { next = cut.position + 1 }
    }
    if next < old.upperBound { pieces.append(.kept(next..<old.upperBound)) }
  }

  /// Where in `range` the first entry lies that is not before `entry`.
  private static func place(
    of entry: EndpointEntry, in endpoints: borrowing ContiguousArray<EndpointEntry>,
    _ range: Range<Int>, _ addresses: borrowing AddressTable
  ) -> Int {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if isBefore(endpoints[middle], entry, addresses) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
