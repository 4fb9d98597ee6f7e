/// A Namespace.
public struct Namespace: APIObject {
  public static let kind = ResourceKind.namespace

  public enum Phase: String, Hashable, Sendable {
    case active = "Active"
    case terminating = "Terminating"
  }

  public var metadata: ObjectMeta
  public var phase = Phase.active
  public var otherSpec = Fields()
  public var otherStatus = Fields()

  public init(metadata: ObjectMeta) { self.metadata = metadata }
}

/// A taint: keeps pods away that do not tolerate it.
public struct Taint: Hashable, Sendable {
  public enum Effect: String, Hashable, Sendable {
    case noSchedule = "NoSchedule"
    case preferNoSchedule = "PreferNoSchedule"
    case noExecute = "NoExecute"
  }

  public var key: String
  public var value: String
  public var effect: Effect
  public var timeAdded: Timestamp?

  public init(key: String, value: String = "", effect: Effect, timeAdded: Timestamp? = nil) {
    self.key = key
    self.value = value
    self.effect = effect
    self.timeAdded = timeAdded
  }

  /// `key=value:Effect`, without the value when it is empty.
  public var text: String {
    value.isEmpty ? "\(key):\(effect.rawValue)" : "\(key)=\(value):\(effect.rawValue)"
  }
}

/// Lets a pod onto nodes with matching taints.
public struct Toleration: Hashable, Sendable {
  /// Empty with `exists` tolerates every key.
  public var key: String
  /// `Exists`, `Equal`, or empty, which counts as `Equal`.
  public var `operator`: String
  public var value: String
  /// Nil tolerates every effect.
  public var effect: Taint.Effect?
  public var tolerationSeconds: Int?

  public init(
    key: String = "", isExists: Bool = true, value: String = "", effect: Taint.Effect? = nil,
    tolerationSeconds: Int? = nil
  ) {
    self.key = key
    self.operator = isExists ? "Exists" : "Equal"
    self.value = value
    self.effect = effect
    self.tolerationSeconds = tolerationSeconds
  }

  public var isExists: Bool { `operator` == "Exists" }

  /// staging/src/k8s.io/api/core/v1/toleration.go ToleratesTaint.
  public func tolerates(_ taint: Taint) -> Bool {
    if let effect, effect != taint.effect { return false }
    if !key.isEmpty, key != taint.key { return false }
    if key.isEmpty, !isExists { return false }
    return isExists || value == taint.value
  }
}

/// Amounts of resources by name, sorted by name.
public struct ResourceList: Hashable, Sendable {
  public struct Entry: Hashable, Sendable {
    public var name: String
    public var quantity: Quantity

    public init(name: String, quantity: Quantity) {
      self.name = name
      self.quantity = quantity
    }
  }

  public private(set) var entries: [Entry]

  public init(_ entries: [Entry] = []) { self.entries = entries.sorted { $0.name < $1.name } }

  public var isEmpty: Bool { entries.isEmpty }

  public subscript(_ name: String) -> Quantity? {
    get { entries.first { $0.name == name }?.quantity }
    set {
      entries.removeAll { $0.name == name }
      if let newValue { entries.append(Entry(name: name, quantity: newValue)) }
      entries.sort { $0.name < $1.name }
    }
  }

  /// Thousandths of a core; zero when absent.
  public var milliCPU: Int64 { self["cpu"]?.milli ?? 0 }
  /// Bytes; zero when absent.
  public var memory: Int64 { self["memory"]?.value ?? 0 }
}

/// A Node: its spec as fields, its status as the kubelet reports it.
public struct Node: APIObject {
  public static let kind = ResourceKind.node

  public struct Address: Hashable, Sendable {
    /// InternalIP, ExternalIP, Hostname, …
    public var type: String
    public var address: String

    public init(type: String, address: String) {
      self.type = type
      self.address = address
    }
  }

  /// `status.nodeInfo`, as far as kubectl prints it.
  public struct Info: Hashable, Sendable {
    public var architecture = "amd64"
    public var containerRuntimeVersion = "containerd://2.1.4"
    public var kernelVersion = "6.12.43"
    public var kubeletVersion = "v1.36.1"
    public var operatingSystem = "linux"
    public var osImage = "Debian GNU/Linux 13 (trixie)"
    public var other = Fields()

    public init() {}
  }

  public var metadata: ObjectMeta
  // spec
  public var podCIDRs: [CIDR] = []
  public var isUnschedulable = false
  public var taints: [Taint] = []
  public var providerID = ""
  public var otherSpec = Fields()
  // status
  public var addresses: [Address] = []
  public var capacity = ResourceList()
  public var allocatable = ResourceList()
  public var conditions: [Condition] = []
  public var info = Info()
  public var otherStatus = Fields()
  /// False until something has reported a status.
  public var hasStatus = false

  public init(metadata: ObjectMeta) { self.metadata = metadata }

  public var isReady: Bool { conditions.isTrue("Ready") }
  public var zone: String? { metadata.labels["topology.kubernetes.io/zone"] }

  /// The first InternalIP of `family` that parses.
  public func internalIP(_ family: IPAddress.Family = .ipv4) -> IPAddress? {
    for address in addresses where address.type == "InternalIP" {
      if let parsed = IPAddress(address.address), parsed.family == family { return parsed }
    }
    return nil
  }

  /// The first InternalIP of each family, in the order in which they are listed.
  public var internalIPs: [IPAddress] {
    var found: [IPAddress] = []
    for address in addresses where address.type == "InternalIP" {
      if let parsed = IPAddress(address.address),
        !found.contains(where: { $0.family == parsed.family })
      {
        found.append(parsed)
      }
    }
    return found
  }

  /// The roles of `node-role.kubernetes.io/ROLE` and `kubernetes.io/role` labels, sorted.
  public var roles: [String] {
    let prefix = "node-role.kubernetes.io/"
    var roles: [String] = []
    for pair in metadata.labels.pairs {
      if pair.key.hasPrefix(prefix), pair.key.utf8.count > prefix.utf8.count {
        roles.append(String(pair.key.dropFirst(prefix.count)))
      } else if pair.key == "kubernetes.io/role", !pair.value.isEmpty {
        roles.append(pair.value)
      }
    }
    return roles.sorted()
  }
}
