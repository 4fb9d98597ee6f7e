import ClusterModel
import SimulationCore

/// The names of a service port.
struct PortIdentity: Sendable {
  var namespace: String
  var service: String
  var portName: String
  var transport: TransportProtocol
  var family: IPAddress.Family
  var definition: PortDefinition?

  /// `ns/name:port`, or `ns/name` for an unnamed port (pkg/proxy/types.go ServicePortName).
  var text: String {
    portName.isEmpty ? "\(namespace)/\(service)" : "\(namespace)/\(service):\(portName)"
  }
}

/// Every service port with the versions of it that some node may still use.
struct ServicePortTable: Sendable {
  private(set) var newest: ContiguousArray<PortVersion> = []
  /// The same, port by port, as most packets need them.
  private(set) var heads: ContiguousArray<PortHead> = []
  private(set) var identities: ContiguousArray<PortIdentity> = []
  private(set) var older: ContiguousArray<PortVersion> = []
  /// What the versions say beside their endpoints.
  private(set) var definitions: ContiguousArray<PortDefinition> = []
  private(set) var endpoints: ContiguousArray<EndpointEntry> = []
  /// The same, place by place, as packets need them.
  private(set) var targets: ContiguousArray<EndpointTarget> = []
  /// The same once more, of `FrameTable`, as most packets need them.
  private(set) var codes: ContiguousArray<UInt32> = []
  /// `key << 32 | position`, sorted.
  private(set) var indexes: ContiguousArray<UInt64> = []
  private var liveEndpoints = 0
  /// Endpoints of all service ports in their newest versions.
  private(set) var newestEndpointCount = 0

  var count: Int { newest.count }
  /// Versions that are not the newest of their port.
  var olderCount: Int { older.count }

  mutating func add(_ identity: PortIdentity) -> Int32 {
    newest.append(PortVersion(since: .max))
    heads.append(PortHead(PortVersion(since: .max), of: Int32(heads.count)))
    identities.append(identity)
    return Int32(newest.count - 1)
  }

  mutating func setDefinition(_ definition: PortDefinition?, of port: Int32) {
    identities[Int(port)].definition = definition
  }

  /// Keeps `definition` for the versions that follow from it.
  mutating func keep(_ definition: PortDefinition) -> Int32 {
    definitions.append(definition)
    return Int32(definitions.count - 1)
  }

  /// The newest version at or before `revision`.
  @inline(__always)
  func version(of port: Int32, at revision: UInt32) -> PortVersion? {
    var version = newest[Int(port)]
    while version.since > revision {
      if version.previous < 0 { return nil }
      version = older[Int(version.previous)]
    }
    return version
  }

  /// Puts a version with these endpoints, in order and by class, before the others of `port`.
  mutating func push(
    _ version: PortVersion, sorted entries: ContiguousArray<EndpointEntry>, on port: Int32,
    hints: HintTable
  ) {
    var version = version
    version.clearCounts()
    for entry in entries { version.count(entry, by: 1) }
    push(version, entries.map { .added($0) }, on: port, hints: hints)
  }

  /// Puts a version before the others of `port` that has these endpoints fewer and these more.
  mutating func push(
    _ version: PortVersion, removing removed: [EndpointEntry], adding added: [EndpointEntry],
    on port: Int32, hints: HintTable, _ addresses: borrowing AddressTable
  ) {
    var version = version
    let pieces = EndpointMerge.pieces(
      of: newest[Int(port)], in: endpoints, removed: removed, added: added, addresses,
      for: &version)
    push(version, pieces, on: port, hints: hints)
  }

  /// - Parameter version: it has its counts already.
  private mutating func push(
    _ version: PortVersion, _ pieces: [EndpointMerge.Piece], on port: Int32, hints: HintTable
  ) {
    var version = version
    let last = newest[Int(port)]
    if last.since == version.since {
      version.previous = last.previous
      liveEndpoints -= last.endpointCount
    } else if last.since == .max {
      version.previous = -1
    } else {
      version.previous = Int32(older.count)
      older.append(last)
    }
    version.start = Int32(endpoints.count)
    append(pieces, count: version.endpointCount)
    liveEndpoints += version.endpointCount
    newestEndpointCount += version.endpointCount - (last.since == .max ? 0 : last.endpointCount)
    version.commonPort = commonPort(of: version, since: last, pieces)
    buildIndexes(of: &version, hints: hints)
    newest[Int(port)] = version
    heads[Int(port)] = PortHead(version, of: port)
  }

  /// Appends `pieces`, of `count` entries in all. What is kept keeps its code.
  private mutating func append(_ pieces: [EndpointMerge.Piece], count: Int) {
    var position = endpoints.count
    let none = EndpointEntry(
      address: 0, node: 0, hints: 0, port: 0, category: .unusable, isTerminating: false)
    endpoints.append(contentsOf: repeatElement(none, count: count))
    targets.append(contentsOf: repeatElement(Self.target(none), count: count))
    codes.append(contentsOf: repeatElement(FrameTable.none, count: count))
    for piece in pieces {
      switch piece {
      case .added(let entry):
        endpoints[position] = entry
        targets[position] = Self.target(entry)
        position += 1
      case .kept(let range):
        endpoints.copyWithin(range, to: position)
        targets.copyWithin(range, to: position)
        codes.copyWithin(range, to: position)
        position += range.count
      }
    }
  }

  private func commonPort(
    of version: PortVersion, since last: PortVersion, _ pieces: [EndpointMerge.Piece]
  ) -> Int32 {
    guard version.readyCount > 0 else { return -1 }
    let known = last.since == .max ? -1 : last.commonPort
    let isAsBefore = pieces.allSatisfy { piece in
      guard case .added(let entry) = piece, entry.category == .ready else { return true }
      return Int32(entry.port) == known
    }
    if known >= 0, isAsBefore { return known }
    let start = Int(version.start)
    let first = targets[start].port
    let isCommon = targets[start..<(start + Int(version.readyCount))].allSatisfy {
      $0.port == first
    }
    return isCommon ? Int32(first) : -1
  }

  private mutating func buildIndexes(of version: inout PortVersion, hints: HintTable) {
    version.indexStart = Int32(indexes.count)
    version.nodeHintCount = 0
    version.zoneHintCount = 0
    version.localReadyCount = 0
    version.localTerminatingCount = 0
    guard version.hintedCount > 0 || version.policy.usesLocal else { return }
    let start = Int(version.start)
    let entries = ContiguousArray(endpoints[start..<(start + version.endpointCount)])
    let ready = Int(version.readyCount)
    version.nodeHintCount = appendHintIndex(entries.prefix(ready)) { hints.nodes(of: $0) }
    version.zoneHintCount = appendHintIndex(entries.prefix(ready)) { hints.zones(of: $0) }
    guard version.policy.usesLocal else { return }
    version.localReadyCount = appendNodeIndex(entries, 0..<ready)
    version.localTerminatingCount = appendNodeIndex(
      entries, ready..<(ready + Int(version.terminatingCount)))
  }

  /// Nothing unless every ready endpoint has a key.
  private mutating func appendHintIndex(
    _ ready: ArraySlice<EndpointEntry>, keys: (Int32) -> [Int32]
  ) -> Int32 {
    guard ready.contains(where: { $0.hints != 0 }) else { return 0 }
    var index: [UInt64] = []
    for (position, entry) in ready.enumerated() {
      let keys = keys(entry.hints)
      if keys.isEmpty { return 0 }
      for key in keys { index.append(Self.indexEntry(key, position)) }
    }
    return append(index)
  }

  private mutating func appendNodeIndex(
    _ entries: ContiguousArray<EndpointEntry>, _ positions: Range<Int>
  ) -> Int32 {
    var index: [UInt64] = []
    for position in positions where entries[position].node >= 0 {
      index.append(Self.indexEntry(entries[position].node, position))
    }
    return append(index)
  }

  private mutating func append(_ index: [UInt64]) -> Int32 {
    indexes.append(contentsOf: index.sorted())
    return Int32(index.count)
  }

  private static func indexEntry(_ key: Int32, _ position: Int) -> UInt64 {
    UInt64(UInt32(bitPattern: key)) << 32 | UInt64(position)
  }

  /// The entries with `key` in the `count` index entries from `start` on.
  func indexRange(start: Int32, count: Int32, key: Int32) -> Range<Int> {
    let low = lowerBound(UInt64(UInt32(bitPattern: key)) << 32, Int(start), Int(start + count))
    let high = lowerBound(
      UInt64(UInt32(bitPattern: key)) << 32 + 1 << 32, low, Int(start + count))
    return low..<high
  }

  private func lowerBound(_ value: UInt64, _ start: Int, _ end: Int) -> Int {
    var (low, high) = (start, end)
    while low < high {
      let middle = (low + high) / 2
      if indexes[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Forgets the versions that no node at `revision` or later uses, and takes their room back.
  mutating func prune(upTo revision: UInt32) {
    let old = self
    older = []
    definitions = []
    endpoints = []
    targets = []
    codes = []
    indexes = []
    liveEndpoints = 0
    endpoints.reserveCapacity(old.liveEndpoints)
    targets.reserveCapacity(old.liveEndpoints)
    codes.reserveCapacity(old.liveEndpoints)
    for port in newest.indices where newest[port].since != .max {
      var chain = [old.newest[port]]
      while let last = chain.last, last.since > revision, last.previous >= 0 {
        chain.append(old.older[Int(last.previous)])
      }
      var previous: Int32 = -1
      for version in chain.reversed() {
        let moved = move(version, from: old, previous: previous)
        if version.since == chain[0].since {
          newest[port] = moved
          heads[port] = PortHead(moved, of: Int32(port))
        } else {
          previous = Int32(older.count)
          older.append(moved)
        }
      }
    }
  }

  private mutating func move(
    _ version: PortVersion, from old: ServicePortTable, previous: Int32
  ) -> PortVersion {
    var moved = version
    moved.previous = previous
    moved.start = Int32(endpoints.count)
    moved.indexStart = Int32(indexes.count)
    if version.definition >= 0 {
      let definition = old.definitions[Int(version.definition)]
      // The versions of one port mostly share it; they come one after the other.
      if definitions.last != definition { definitions.append(definition) }
      moved.definition = Int32(definitions.count - 1)
    }
    let start = Int(version.start)
    endpoints.append(contentsOf: old.endpoints[start..<(start + version.endpointCount)])
    targets.append(contentsOf: old.targets[start..<(start + version.endpointCount)])
    codes.append(contentsOf: repeatElement(FrameTable.none, count: version.endpointCount))
    let indexStart = Int(version.indexStart)
    indexes.append(contentsOf: old.indexes[indexStart..<(indexStart + version.indexCount)])
    liveEndpoints += version.endpointCount
    return moved
  }

  /// Where the endpoints of the newest version of `port` lie.
  func newestRange(of port: Int32) -> Range<Int> {
    let version = newest[Int(port)]
    return Int(version.start)..<(Int(version.start) + version.endpointCount)
  }

  mutating func setCode(_ code: UInt32, at position: Int) { codes[position] = code }

  private static func target(_ entry: EndpointEntry) -> EndpointTarget {
    EndpointTarget(address: entry.address, port: entry.port)
  }

  /// Endpoints of versions that are not the newest of their port.
  var olderEndpointCount: Int { liveEndpoints - newestEndpointCount }

  /// Room in `endpoints` that no version uses.
  var wastedEndpoints: Int { endpoints.count - liveEndpoints }

  func digest(_ port: Int32, into hasher: inout StateHasher) {
    if let definition = identities[Int(port)].definition {
      hasher.combine(definition.clusterIP.high)
      hasher.combine(definition.clusterIP.low)
      hasher.combine(Int(definition.port) << 16 | Int(definition.nodePort))
    }
    var version = newest[Int(port)]
    while true {
      hasher.combine(Int(version.since))
      hasher.combine(Int(version.policy.rawValue) << 32 | Int(version.affinitySeconds))
      let start = Int(version.start)
      for entry in endpoints[start..<(start + version.endpointCount)] {
        hasher.combine(Int(entry.address) << 24 | Int(entry.port) << 8)
        hasher.combine(Int(entry.category.rawValue) << 32 | Int(entry.hints))
      }
      if version.previous < 0 { return }
      version = older[Int(version.previous)]
    }
  }
}

extension ContiguousArray {
  /// Copies the elements of `range` over those from `position` on, which lie behind it.
  fileprivate mutating func copyWithin(_ range: Range<Int>, to position: Int) {
    withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      (base + position).update(from: base + range.lowerBound, count: range.count)
    }
  }
}
