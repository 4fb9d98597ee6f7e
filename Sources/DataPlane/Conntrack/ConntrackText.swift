import ClusterModel
import SimulationCore

/// Which entries `conntrack -L` is asked for.
public struct ConntrackFilter: Hashable, Sendable {
  public var transport: TransportProtocol?
  public var family: IPAddress.Family?
  public var source: CIDR?
  public var destination: CIDR?
  public var replySource: CIDR?
  public var replyDestination: CIDR?
  public var sourcePort: UInt16?
  public var destinationPort: UInt16?
  public var state: String?
  /// Only what is rewritten at the source, at the destination.
  public var isSourceRewritten = false
  public var isDestinationRewritten = false

  public init() {}
}

/// The table as the tool of conntrack-tools prints it.
extension DataPlane {
  /// One line an entry, the oldest of each state first.
  public func conntrackLines(
    on node: NodeIndex, at now: Instant, _ filter: ConntrackFilter = ConntrackFilter(),
    isExtended: Bool = false
  ) -> [String] {
    conntrackIndices(on: node, at: now).compactMap { index in
      let line = ConntrackLine(conntrack.entries[Int(index)], addresses, isAtEnd: node, now)
      return line.matches(filter) ? line.text(isExtended: isExtended) : nil
    }
  }
}

extension DataPlane {
  /// Deletes what the filter lets through from a node's table: the next packet of such a connection
  /// is a first one again.
  public mutating func forgetConnections(
    on node: NodeIndex, _ filter: ConntrackFilter, at now: Instant
  ) {
    for index in conntrackIndices(on: node, at: now) {
      let entry = conntrack.entries[Int(index)]
      guard ConntrackLine(entry, addresses, isAtEnd: node, now).matches(filter) else { continue }
      // The other node has the entry still, if it is the one that rewrote the packet.
      if entry.node == node.value {
        conntrack.remove(index)
      } else {
        conntrack.leaveEndpoint(index)
      }
    }
  }
}

/// One entry, seen from one node.
private struct ConntrackLine {
  var source, destination, replySource, replyDestination: IPAddress
  var ports: (source: UInt16, destination: UInt16, replySource: UInt16, replyDestination: UInt16)
  let entry: ConntrackEntry
  let seconds: Int64

  init(_ entry: ConntrackEntry, _ addresses: AddressTable, isAtEnd node: NodeIndex, _ now: Instant)
  {
    self.entry = entry
    seconds = max(0, (entry.deadline - now).nanoseconds / 1_000_000_000)
    replySource = addresses[entry.endpoint].address
    replyDestination = addresses[entry.replyTo].address
    // The endpoint's node sees the packet as it was rewritten on the way.
    let isRewriter = entry.node == node.value
    source = isRewriter ? addresses[entry.source].address : replyDestination
    destination = isRewriter ? addresses[entry.destination].address : replySource
    ports = (
      isRewriter ? entry.sourcePort : entry.replyPort,
      isRewriter ? entry.destinationPort : entry.endpointPort, entry.endpointPort,
      entry.replyPort
    )
  }

  func matches(_ filter: ConntrackFilter) -> Bool {
    func allows<Value: Equatable>(_ wanted: Value?, _ value: Value) -> Bool {
      wanted.map { $0 == value } ?? true
    }
    func allows(_ range: CIDR?, _ address: IPAddress) -> Bool { range?.contains(address) ?? true }
    return allows(filter.transport, entry.transport) && allows(filter.family, source.family)
      && allows(filter.source, source) && allows(filter.destination, destination)
      && allows(filter.replySource, replySource)
      && allows(filter.replyDestination, replyDestination)
      && allows(filter.sourcePort, ports.source)
      && allows(filter.destinationPort, ports.destination)
      && (filter.state.map { $0 == entry.state.name } ?? true)
      && (!filter.isSourceRewritten || source != replyDestination)
      && (!filter.isDestinationRewritten || destination != replySource)
  }

  /// As libnetfilter_conntrack's `nfct_snprintf` puts it.
  func text(isExtended: Bool) -> String {
    let name = entry.transport.lowercaseName
    var text = ""
    if isExtended { text += source.family == .ipv4 ? "ipv4     2 " : "ipv6     10 " }
    text += name + String(repeating: " ", count: max(0, 8 - name.utf8.count))
    text += " \(number) \(seconds) "
    if let state = entry.state.name { text += state + " " }
    text += tuple(source, destination, ports.source, ports.destination)
    if entry.state.isUnreplied { text += "[UNREPLIED] " }
    text += tuple(replySource, replyDestination, ports.replySource, ports.replyDestination)
    if entry.state.isAssured { text += "[ASSURED] " }
    return text + "mark=0 use=1"
  }

  private var number: Int {
    switch entry.transport {
    case .tcp: 6
    case .udp: 17
    case .sctp: 132
    }
  }

  private func tuple(
    _ source: IPAddress, _ destination: IPAddress, _ sourcePort: UInt16, _ destinationPort: UInt16
  ) -> String {
    "src=\(source) dst=\(destination) sport=\(sourcePort) dport=\(destinationPort) "
  }
}
