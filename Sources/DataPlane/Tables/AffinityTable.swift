import ClusterModel
import SimulationCore

struct AffinityKey: Hashable, Sendable {
  var node: Int32
  var port: Int32
  var source: IPAddress
}

/// Which endpoints a client was sent to, for services with session affinity.
///
/// iptables and nftables keep a list of clients for every endpoint, so that one client may be in
/// several: then the first endpoint in order gets it. Elsewhere the newest choice replaces the last.
struct AffinityTable: Sendable {
  struct Entry: Sendable {
    var key: AffinityKey
    /// In `AddressTable`.
    var address: Int32
    var endpointPort: UInt16
    var expires: Instant
    /// Another entry of the same client, or -1.
    var next: Int32 = -1
  }

  private var entries: [Entry] = []
  private var heads: [AffinityKey: Int32] = [:]
  private var nextSweep = 1024

  /// Where the entries of a client begin; nil where there are none.
  func head(of key: AffinityKey) -> Int32? { entries.isEmpty ? nil : heads[key] }

  /// Whether the client whose entries begin at `head` is to go to this endpoint.
  func contains(
    _ head: Int32, _ address: Int32, _ endpointPort: UInt16, at now: Instant
  ) -> Bool {
    var next = head
    while next >= 0 {
      let entry = entries[Int(next)]
      if entry.address == address, entry.endpointPort == endpointPort { return entry.expires > now }
      next = entry.next
    }
    return false
  }

  /// - Parameter isOnlyOne: the client's other endpoints are forgotten.
  mutating func set(_ entry: Entry, isOnlyOne: Bool, at now: Instant) {
    guard let head = heads[entry.key] else {
      if entries.count >= nextSweep { sweep(now) }
      heads[entry.key] = Int32(entries.count)
      entries.append(entry)
      return
    }
    var next = head
    var last = head
    while next >= 0 {
      let known = entries[Int(next)]
      if isOnlyOne || known.address == entry.address && known.endpointPort == entry.endpointPort {
        entries[Int(next)] = entry
        entries[Int(next)].next = known.next
        return
      }
      last = next
      next = known.next
    }
    entries[Int(last)].next = Int32(entries.count)
    entries.append(entry)
  }

  private mutating func sweep(_ now: Instant) {
    let live = entries.filter { $0.expires > now }
    entries = []
    heads = [:]
    nextSweep = max(1024, live.count * 2)
    for var entry in live {
      entry.next = -1
      set(entry, isOnlyOne: false, at: now)
    }
  }

  func digest(into hasher: inout StateHasher) {
    for entry in entries {
      hasher.combine(Int(entry.key.node) << 32 | Int(entry.key.port))
      hasher.combine(entry.key.source.low)
      hasher.combine(Int(entry.address) << 16 | Int(entry.endpointPort))
      hasher.combine(entry.expires)
    }
  }
}
