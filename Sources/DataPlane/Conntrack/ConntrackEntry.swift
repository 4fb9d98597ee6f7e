import ClusterModel
import SimulationCore

/// How far a tracked connection has come, as nf_conntrack tells it.
public enum ConntrackState: UInt8, Hashable, Sendable, CaseIterable {
  // TCP (net/netfilter/nf_conntrack_proto_tcp.c).
  case synSent, established, timeWait, close
  /// UDP that nobody has answered; and that somebody has.
  case datagram, answeredDatagram
  /// SCTP (net/netfilter/nf_conntrack_proto_sctp.c).
  case cookieWait, association, shutdownAckSent

  /// How long an entry lives without another packet. kube-proxy sets that of an established TCP
  /// connection (pkg/proxy/apis/config/v1alpha1/defaults.go); the others are the kernel's.
  public var timeout: Duration {
    switch self {
    case .synSent: .seconds(120)
    case .established: .seconds(86_400)
    case .timeWait: .seconds(120)
    case .close: .seconds(10)
    case .datagram, .answeredDatagram: .seconds(30)
    case .cookieWait: .seconds(3)
    case .association: .seconds(210)
    case .shutdownAckSent: .seconds(3)
    }
  }

  /// The word that `conntrack -L` prints; nil for UDP, which has none.
  var name: String? {
    switch self {
    case .synSent: "SYN_SENT"
    case .established, .association: "ESTABLISHED"
    case .timeWait: "TIME_WAIT"
    case .close: "CLOSE"
    case .datagram, .answeredDatagram: nil
    case .cookieWait: "COOKIE_WAIT"
    case .shutdownAckSent: "SHUTDOWN_ACK_SENT"
    }
  }

  /// Nothing has come back yet.
  var isUnreplied: Bool { self == .synSent || self == .datagram || self == .cookieWait }

  /// A full table does not throw such an entry out.
  var isAssured: Bool {
    self == .established || self == .timeWait || self == .association || self == .shutdownAckSent
  }

  /// What IPVS counts as an active connection (net/netfilter/ipvs/ip_vs_proto_tcp.c).
  var isActive: Bool { self == .synSent || self == .established || self == .association }

  static func initial(_ transport: TransportProtocol) -> ConntrackState {
    switch transport {
    case .tcp: .synSent
    case .udp: .datagram
    case .sctp: .cookieWait
    }
  }
}

/// A step in the life of a connection, whatever its protocol.
public enum ConnectionStep: UInt8, Hashable, Sendable {
  /// The other side has answered.
  case answered
  /// Both sides have said goodbye.
  case closed
  /// One side has broken it off.
  case reset

  func state(_ transport: TransportProtocol) -> ConntrackState {
    switch (transport, self) {
    case (.tcp, .answered): .established
    case (.tcp, .closed): .timeWait
    case (.tcp, .reset): .close
    case (.udp, _): .answeredDatagram
    case (.sctp, .answered): .association
    case (.sctp, _): .shutdownAckSent
    }
  }
}

/// Names a tracked connection. Valid for ever: one that has expired is not found.
public struct TrackedConnection: Hashable, Sendable {
  var index: Int32
  var generation: UInt32

  /// Of a flow that no table holds.
  public static let none = TrackedConnection(index: -1, generation: 0)
  public var isNone: Bool { index < 0 }
}

/// A connection as the node that rewrote it tracks it; the endpoint's node has the same one,
/// without a rewriting. Trivial: there may be hundreds of thousands.
struct ConntrackEntry: Sendable {
  // In `AddressTable`.
  var source: Int32
  var destination: Int32
  /// Who answers, and to whom.
  var endpoint: Int32
  var replyTo: Int32
  var sourcePort: UInt16
  var destinationPort: UInt16
  var endpointPort: UInt16
  var replyPort: UInt16
  /// Where the packet met the service rules.
  var node: Int32
  /// Where it arrived; -1: the same node, or outside.
  var endpointNode: Int32
  /// In `ServicePortTable`, or -1.
  var servicePort: Int32
  var generation: UInt32 = 0
  var deadline = Instant.zero
  var transport: TransportProtocol
  var state: ConntrackState
  /// Neighbours in the list of the state.
  var older: Int32 = -1
  var newer: Int32 = -1

  /// Whether a rule rewrote the destination.
  var isRewritten: Bool { endpoint != destination || endpointPort != destinationPort }

  func isSameFlow(as other: ConntrackEntry) -> Bool {
    source == other.source && destination == other.destination && sourcePort == other.sourcePort
      && destinationPort == other.destinationPort && node == other.node
      && transport == other.transport
  }

  var hash: UInt64 {
    let addresses =
      UInt64(UInt32(bitPattern: source)) << 32 | UInt64(UInt32(bitPattern: destination))
    let ports = UInt64(sourcePort) << 48 | UInt64(destinationPort) << 32
    var mixed = addresses &* 0x9e37_79b9_7f4a_7c15
    mixed ^= (ports | UInt64(UInt32(bitPattern: node)) << 4 | UInt64(transport.rawValue))
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }
}
