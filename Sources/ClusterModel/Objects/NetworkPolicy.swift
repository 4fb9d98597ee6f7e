/// What a NetworkPolicy of networking.k8s.io/v1 says, read from its body.
///
/// Defaults are filled in as pkg/apis/networking/v1/defaults.go does: a port's protocol is TCP, and
/// the policy types follow from which sections there are.
public struct NetworkPolicy: Hashable, Sendable {
  public enum Direction: UInt8, Hashable, Sendable, CaseIterable {
    case ingress, egress

    /// As in `spec.policyTypes`.
    public var name: String { self == .ingress ? "Ingress" : "Egress" }
    /// As the section of the spec is called.
    public var section: String { self == .ingress ? "ingress" : "egress" }
    public var peersField: String { self == .ingress ? "from" : "to" }
  }

  /// An address range with holes.
  public struct Block: Hashable, Sendable {
    public var range: CIDR
    public var except: [CIDR]

    public init(_ range: CIDR, except: [CIDR] = []) {
      self.range = range
      self.except = except
    }

    public func contains(_ address: IPAddress) -> Bool {
      range.contains(address) && !except.contains { $0.contains(address) }
    }
  }

  /// Whom a rule speaks of.
  public enum Peer: Hashable, Sendable {
    /// Pods; without a namespace selector those of the policy's own namespace, without a pod
    /// selector all of the namespaces.
    case pods(namespaces: LabelSelector?, pods: LabelSelector?)
    case block(Block)
  }

  /// A port of the destination pod.
  public struct Port: Hashable, Sendable {
    public enum Number: Hashable, Sendable {
      /// All ports of the protocol.
      case any
      case range(UInt16, UInt16)
      /// A container port's name, which each destination pod resolves for itself.
      case named(String)
    }

    public var transport: TransportProtocol
    public var number: Number

    public init(_ number: Number, _ transport: TransportProtocol = .tcp) {
      self.number = number
      self.transport = transport
    }
  }

  /// Allows what matches one of the peers and one of the ports; an empty list matches everything.
  public struct Rule: Hashable, Sendable {
    public var peers: [Peer]
    public var ports: [Port]

    public init(peers: [Peer] = [], ports: [Port] = []) {
      self.peers = peers
      self.ports = ports
    }
  }

  /// The pods it isolates, in its own namespace.
  public var selector: LabelSelector
  /// The directions in which it isolates them.
  public var directions: [Direction]
  public var ingress: [Rule]
  public var egress: [Rule]

  public init(
    selector: LabelSelector = LabelSelector(), directions: [Direction] = [.ingress],
    ingress: [Rule] = [], egress: [Rule] = []
  ) {
    self.selector = selector
    self.directions = directions
    self.ingress = ingress
    self.egress = egress
  }

  public func rules(_ direction: Direction) -> [Rule] {
    direction == .ingress ? ingress : egress
  }

  /// The kind in the API.
  public static let resource = APIResource(
    "networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", short: ["netpol"])
}

extension NetworkPolicy {
  /// Reads the fields of an object but its metadata. What the API server would have refused, such
  /// as an address range that is none, matches nothing.
  public init(body: Fields) {
    let spec = body["spec"]
    self.init(selector: LabelSelector(spec?["podSelector"] ?? .null))
    ingress = (spec?["ingress"]?.array ?? []).map { Rule($0, peers: "from") }
    egress = (spec?["egress"]?.array ?? []).map { Rule($0, peers: "to") }
    let types = (spec?["policyTypes"]?.array ?? []).compactMap(\.string)
    if types.isEmpty {
      directions = egress.isEmpty ? [.ingress] : [.ingress, .egress]
    } else {
      directions = Direction.allCases.filter { types.contains($0.name) }
    }
  }
}

extension NetworkPolicy.Rule {
  fileprivate init(_ value: Value, peers field: String) {
    peers = (value[field]?.array ?? []).compactMap(NetworkPolicy.Peer.init)
    ports = (value["ports"]?.array ?? []).compactMap(NetworkPolicy.Port.init)
    // A list whose entries all say nothing must not become the empty list, which says everything.
    if peers.isEmpty, value[field]?.array?.isEmpty == false {
      peers = [.pods(namespaces: .nothing, pods: nil)]
    }
    if ports.isEmpty, value["ports"]?.array?.isEmpty == false {
      ports = [NetworkPolicy.Port(.named(""))]
    }
  }
}

extension NetworkPolicy.Peer {
  fileprivate init?(_ value: Value) {
    if let block = value["ipBlock"], block.fields != nil {
      guard let range = block["cidr"]?.string.flatMap({ CIDR($0) }) else { return nil }
      let except = (block["except"]?.array ?? []).compactMap { $0.string.flatMap { CIDR($0) } }
      self = .block(NetworkPolicy.Block(range, except: except))
      return
    }
    let namespaces = value["namespaceSelector"].flatMap(Self.selector)
    let pods = value["podSelector"].flatMap(Self.selector)
    if namespaces == nil, pods == nil { return nil }
    self = .pods(namespaces: namespaces, pods: pods)
  }

  private static func selector(_ value: Value) -> LabelSelector? {
    value.fields == nil ? nil : LabelSelector(value)
  }
}

extension NetworkPolicy.Port {
  fileprivate init?(_ value: Value) {
    guard let transport = TransportProtocol(name: value["protocol"]?.string ?? "TCP") else {
      return nil
    }
    switch value["port"] {
    case .none, .null?: self.init(.any, transport)
    case .integer(let number)?:
      guard let low = UInt16(exactly: number) else { return nil }
      let end = value["endPort"]?.integer.flatMap { UInt16(exactly: $0) } ?? low
      self.init(.range(low, max(low, end)), transport)
    case .string(let name)?: self.init(.named(name), transport)
    default: return nil
    }
  }
}

extension LabelSelector {
  /// Reads a `metav1.LabelSelector`; null is the empty selector.
  public init(_ value: Value) {
    self.init()
    for field in value["matchLabels"]?.fields?.all ?? [] {
      if let text = field.value.string { matchLabels[field.name] = text }
    }
    matchExpressions = (value["matchExpressions"]?.array ?? []).compactMap { item in
      guard let key = item["key"]?.string,
        let kind = item["operator"]?.string.flatMap(Operator.init(rawValue:))
      else { return nil }
      let values = (item["values"]?.array ?? []).compactMap(\.string)
      return Requirement(key: key, operator: kind, values: values)
    }
  }

  /// Matches no labels at all.
  public static let nothing = LabelSelector(matchExpressions: [
    Requirement(key: "", operator: .in, values: [])
  ])
}
