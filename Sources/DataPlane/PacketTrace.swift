import ClusterModel

/// A question: what happens to a packet from here to there?
public struct TraceRequest: Hashable, Sendable {
  public enum Source: Hashable, Sendable {
    case pod(namespace: String, name: String)
    case node(String)
    /// A pod's, a node's or an outside address; a loopback address is the entry node's.
    case address(IPAddress)
    /// Some client outside the cluster.
    case external
  }

  public var source: Source
  public var destination: IPAddress
  public var destinationPort: UInt16
  public var transport: TransportProtocol
  /// The node an outside packet enters; nil: the owner of the address, else the first node.
  public var entryNode: String?
  /// Nil: an ephemeral port that follows from the seed.
  public var sourcePort: UInt16?
  /// An ICMP echo request; then ports and transport mean nothing.
  public var isEcho = false
  /// The length of the IP packet in bytes; nil for one that fits everywhere.
  public var size: Int?
  /// The packet must not be fragmented; always so in IPv6.
  public var doesNotFragment = false

  public init(
    from source: Source, to destination: IPAddress, port: UInt16,
    transport: TransportProtocol = .tcp, entryNode: String? = nil, sourcePort: UInt16? = nil
  ) {
    self.source = source
    self.destination = destination
    destinationPort = port
    self.transport = transport
    self.entryNode = entryNode
    self.sourcePort = sourcePort
  }
}

/// The way of one packet, hop by hop, and why it ended as it did.
public struct PacketTrace: Hashable, Sendable {
  /// A question that has no answer.
  public enum Problem: Hashable, Sendable {
    case unknownPod(namespace: String, name: String)
    case podWithoutAddress(namespace: String, name: String)
    case unknownNode(String)
    case nodeWithoutAddress(String)
    /// Source and destination are of different families.
    case differentFamilies
    case noNodes

    public var message: String {
      switch self {
      case .unknownPod(let namespace, let name): "pods \"\(name)\" not found in \(namespace)"
      case .podWithoutAddress(let namespace, let name):
        "pod \(namespace)/\(name) has no address of this family"
      case .unknownNode(let name): "nodes \"\(name)\" not found"
      case .nodeWithoutAddress(let name): "node \(name) has no address of this family"
      case .differentFamilies: "source and destination are of different address families"
      case .noNodes: "the cluster has no node"
      }
    }
  }

  /// Addresses and ports of the packet at a hop.
  public struct Packet: Hashable, Sendable {
    public var source: IPAddress
    public var sourcePort: UInt16
    public var destination: IPAddress
    public var destinationPort: UInt16
    public var transport: TransportProtocol
    public var ttl: Int
    /// ICMP: the packet has no ports.
    public var isEcho = false

    public var sourceText: String {
      isEcho ? "\(source)" : Self.text(source, sourcePort)
    }
    public var destinationText: String {
      isEcho ? "\(destination)" : Self.text(destination, destinationPort)
    }
    public var protocolName: String {
      if isEcho { return source.family == .ipv4 ? "ICMP" : "ICMPv6" }
      return transport.name
    }

    /// `10.244.1.5:8080`, `[fd00::5]:8080`.
    public static func text(_ address: IPAddress, _ port: UInt16) -> String {
      address.family == .ipv4 ? "\(address):\(port)" : "[\(address)]:\(port)"
    }
  }

  /// The outer header while the packet travels in a tunnel.
  public struct Encapsulation: Hashable, Sendable {
    /// `VXLAN`, `IPIP`, …
    public var kind: String
    public var source: IPAddress
    public var destination: IPAddress
    /// Nil for a tunnel without ports.
    public var destinationPort: UInt16?
    /// The VXLAN network identifier.
    public var identifier: Int?
  }

  /// One place the packet passes, with the packet as it arrives there.
  public struct Hop: Hashable, Sendable {
    /// Empty outside the cluster.
    public var node: String
    public var device: String
    /// A netfilter hook, or another place where something decides.
    public var point: String
    /// The rule, route or entry that decided, as the node prints it; empty when none did.
    public var rule: String
    public var packet: Packet
    /// The packet as it leaves.
    public var after: Packet
    public var outer: Encapsulation?
    /// What fits through the device, in bytes.
    public var mtu: Int
    public var note: String
  }

  public var problem: Problem?
  public var verdict: Verdict
  /// One sentence that names the object or rule that decided.
  public var reason: String
  public var endpoint: IPAddress?
  public var endpointPort: UInt16
  public var candidates: [Candidate]
  public var isMasqueraded: Bool
  public var sourceSeen: IPAddress?
  /// `namespace/name` of the NetworkPolicies that decided; nil when none had a say.
  public var policy: String?
  public var hops: [Hop]
  /// The way back of the answer, or of the refusal; empty when nothing comes back.
  public var reply: [Hop] = []
  /// The packet does not fit and may not be cut: the MTU that the sender is told of.
  public var tooBigFor: Int?

  /// `address:port` of the endpoint; nil when none was chosen.
  public var endpointText: String? { endpoint.map { Packet.text($0, endpointPort) } }

  /// The answer to a question that has none.
  public init(problem: Problem) {
    self.init(verdict: .unreachable, reason: problem.message)
    self.problem = problem
  }

  init(verdict: Verdict, reason: String) {
    self.verdict = verdict
    self.reason = reason
    endpointPort = 0
    candidates = []
    isMasqueraded = false
    hops = []
  }
}
