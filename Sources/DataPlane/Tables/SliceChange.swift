import ClusterModel

/// What has become of one EndpointSlice of a Service.
struct SliceChange {
  /// Nil: it is new.
  var old: SliceRecord?
  /// Nil: it is gone.
  var new: SliceRecord?
  /// Its endpoints without those that are equal at both ends of the list, which is most of them.
  var before: ArraySlice<SliceRecord.Endpoint> = []
  var after: ArraySlice<SliceRecord.Endpoint> = []
  /// Of these the ones that are not, or not so, in it any more, and those that are new in it, or
  /// new so.
  var gone: [SliceRecord.Endpoint] = []
  var come: [SliceRecord.Endpoint] = []

  /// The slices that have changed, of two lists in order of their names.
  static func all(from before: [SliceRecord], to after: [SliceRecord]) -> [SliceChange] {
    var changes: [SliceChange] = []
    var (left, right) = (0, 0)
    while left < before.count || right < after.count {
      let isOld =
        right == after.count || left < before.count && before[left].name < after[right].name
      let isNew =
        left == before.count || right < after.count && after[right].name < before[left].name
      if isOld {
        changes.append(SliceChange(old: before[left]))
      } else if isNew {
        changes.append(SliceChange(new: after[right]))
      } else if !after[right].isSameVersion(as: before[left]) {
        let change = SliceChange(old: before[left], new: after[right])
        if !change.isNothing { changes.append(change) }
      }
      if !isNew { left += 1 }
      if !isOld { right += 1 }
    }
    return changes
  }

  private init(old: SliceRecord? = nil, new: SliceRecord? = nil) {
    self.old = old
    self.new = new
    (before, after) = SliceRecord.middles(old?.endpoints ?? [], new?.endpoints ?? [])
    (gone, come) = SliceRecord.changed(from: before, to: after)
  }

  private var isNothing: Bool {
    before.isEmpty && after.isEmpty && old?.ports == new?.ports && old?.family == new?.family
  }

  /// The entries of a service port that go and come with it.
  func append(
    of port: PortIdentity, to removed: inout [EndpointEntry], _ added: inout [EndpointEntry]
  ) {
    let oldNumber = Self.number(of: port, in: old)
    let newNumber = Self.number(of: port, in: new)
    let isSame = oldNumber == newNumber
    if let oldNumber {
      for endpoint in isSame ? gone : old?.endpoints ?? [] {
        removed.append(endpoint.entry(port: oldNumber))
      }
    }
    if let newNumber {
      for endpoint in isSame ? come : new?.endpoints ?? [] {
        added.append(endpoint.entry(port: newNumber))
      }
    }
  }

  private static func number(of port: PortIdentity, in slice: SliceRecord?) -> UInt16? {
    guard let slice, slice.family == port.family else { return nil }
    return slice.number(of: port.portName, port.transport)
  }
}
