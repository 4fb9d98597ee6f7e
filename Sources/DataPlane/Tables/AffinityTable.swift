import ClusterModel
import SimulationCore

struct AffinityKey: Hashable, Sendable {
  var node: Int32
  var port: Int32
  var source: IPAddress
}

/// Which endpoint a client was sent to, for services with session affinity.
struct AffinityTable: Sendable {
  struct Entry: Sendable {
    var key: AffinityKey
    /// In `AddressTable`.
    var address: Int32
    var endpointPort: UInt16
    var expires: Instant
  }

  private var entries: [Entry] = []
  private var positions: [AffinityKey: Int] = [:]
  private var nextSweep = 1024

  func find(_ key: AffinityKey, at now: Instant) -> Entry? {
    guard !entries.isEmpty, let position = positions[key], entries[position].expires > now
    else { return nil }
    return entries[position]
  }

  mutating func set(_ entry: Entry, at now: Instant) {
    if let position = positions[entry.key] {
      entries[position] = entry
      return
    }
    if entries.count >= nextSweep { sweep(now) }
    positions[entry.key] = entries.count
    entries.append(entry)
  }

  private mutating func sweep(_ now: Instant) {
    entries.removeAll { $0.expires <= now }
    positions = [:]
    for (position, entry) in entries.enumerated() { positions[entry.key] = position }
    nextSweep = max(1024, entries.count * 2)
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
