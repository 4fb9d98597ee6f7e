import ClusterModel

/// A span of one of the pools in `PolicyRules`.
struct PoolRange: Sendable {
  var start: Int32 = 0
  var count: Int32 = 0

  var indices: Range<Int> { Int(start)..<Int(start + count) }
}

/// The rules of all policies as numbers in flat arrays, so that a packet meets no text and nothing
/// that has to be allocated.
struct PolicyRules: Sendable {
  struct Rule: Sendable {
    /// Empty means any.
    var peers = PoolRange()
    var ports = PoolRange()
  }

  struct Peer: Sendable {
    /// In `SelectorMatrix`; -1 for an address range.
    var selector: Int32
    /// The range and then its exceptions, in `ranges`.
    var block = PoolRange()
  }

  struct Port: Sendable {
    var transport: TransportProtocol
    var low: UInt16
    var high: UInt16
    /// In the engine's table of names, or -1 for a number.
    var name: Int32
  }

  private(set) var rules: ContiguousArray<Rule> = []
  private var peers: ContiguousArray<Peer> = []
  private var ports: ContiguousArray<Port> = []
  private var ranges: ContiguousArray<CIDR> = []

  mutating func add(
    _ added: [NetworkPolicy.Rule], of namespace: Int32, _ matrix: inout SelectorMatrix,
    _ names: inout NameTable
  ) -> PoolRange {
    let compiled = added.map { rule in
      Rule(
        peers: addPeers(rule.peers, of: namespace, &matrix), ports: addPorts(rule.ports, &names))
    }
    rules += compiled
    return PoolRange(start: Int32(rules.count - compiled.count), count: Int32(compiled.count))
  }

  private mutating func addPeers(
    _ added: [NetworkPolicy.Peer], of namespace: Int32, _ matrix: inout SelectorMatrix
  ) -> PoolRange {
    let start = peers.count
    for peer in added {
      switch peer {
      case .pods(let namespaces, let pods):
        let selector = PodSelector(
          namespace: namespaces == nil ? namespace : -1, namespaces: namespaces, pods: pods)
        peers.append(Peer(selector: matrix.intern(selector)))
      case .block(let block):
        let range = PoolRange(start: Int32(ranges.count), count: Int32(block.except.count + 1))
        ranges += [block.range] + block.except
        peers.append(Peer(selector: -1, block: range))
      }
    }
    return PoolRange(start: Int32(start), count: Int32(peers.count - start))
  }

  private mutating func addPorts(
    _ added: [NetworkPolicy.Port], _ names: inout NameTable
  ) -> PoolRange {
    let start = ports.count
    for port in added {
      switch port.number {
      case .any: ports.append(Port(transport: port.transport, low: 0, high: .max, name: -1))
      case .range(let low, let high):
        ports.append(Port(transport: port.transport, low: low, high: high, name: -1))
      case .named(let name):
        ports.append(Port(transport: port.transport, low: 0, high: 0, name: names.intern(name)))
      }
    }
    return PoolRange(start: Int32(start), count: Int32(ports.count - start))
  }

  /// Whether one of the rules lets the packet pass; the place of the first that does, or nil.
  @inline(__always)
  func firstMatch(
    _ range: PoolRange, _ packet: borrowing PolicyPacket, _ matrix: borrowing SelectorMatrix
  ) -> Int? {
    for index in range.indices {
      let rule = rules[index]
      if matchesPort(rule.ports, packet, matrix), matchesPeer(rule.peers, packet, matrix) {
        return index - Int(range.start)
      }
    }
    return nil
  }

  private func matchesPort(
    _ range: PoolRange, _ packet: borrowing PolicyPacket, _ matrix: borrowing SelectorMatrix
  ) -> Bool {
    if range.count == 0 { return true }
    for index in range.indices {
      let port = ports[index]
      guard port.transport == packet.transport else { continue }
      if port.name < 0 {
        if port.low <= packet.port, packet.port <= port.high { return true }
      } else if packet.destination >= 0,
        matrix.hasPort(packet.destination, port.name, port.transport, packet.port)
      {
        return true
      }
    }
    return false
  }

  private func matchesPeer(
    _ range: PoolRange, _ packet: borrowing PolicyPacket, _ matrix: borrowing SelectorMatrix
  ) -> Bool {
    if range.count == 0 { return true }
    for index in range.indices {
      let peer = peers[index]
      if peer.selector >= 0 {
        if packet.peer >= 0, matrix.matches(peer.selector, packet.peer) { return true }
      } else if isInBlock(peer.block, packet.peerAddress) {
        return true
      }
    }
    return false
  }

  private func isInBlock(_ block: PoolRange, _ address: IPAddress) -> Bool {
    guard ranges[Int(block.start)].contains(address) else { return false }
    for index in block.indices.dropFirst() where ranges[index].contains(address) { return false }
    return true
  }
}

/// What a policy looks at of a packet, from the side of the pod that it isolates.
struct PolicyPacket: Sendable {
  /// The identity of the other pod as the agent knows it; -1 for an address that is no pod's.
  var peer: Int32
  var peerAddress: IPAddress
  /// The identity of the pod the packet goes to, whose port names count; -1 for none.
  var destination: Int32
  var port: UInt16
  /// Nil for a protocol without ports.
  var transport: TransportProtocol?
}
