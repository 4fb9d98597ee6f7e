import ClusterModel
import ControlPlane
import SimulationCore

/// A node as the first two panels show it.
public struct NodeRow: Hashable, Sendable {
  public var name: String
  public var isReady = true
  public var isSchedulable = true
  public var roles = ""
  /// Empty for none.
  public var zone = ""
  public var version = ""
  public var kernel = ""
  public var runtime = ""
  public var internalIP = ""
  public var podCIDR = ""
  /// Every pod on the node, those of the system too.
  public var podCount = 0
  public var podCapacity = 0
  /// The pods to show, by namespace and name.
  public var pods: [PodRow] = []
  /// Whether its proxy has programmed everything that the API server says; nil without a proxy.
  public var isProxyInSync: Bool?

  public init(_ name: String) { self.name = name }

  /// As kubectl has it.
  public var status: String {
    (isReady ? "Ready" : "NotReady") + (isSchedulable ? "" : ",SchedulingDisabled")
  }

  public var sign: StateSign { !isReady ? .failing : isSchedulable ? .ready : .starting }
}

/// What is shown of the state of a pod, an endpoint or a node: each has a sign and a role.
public enum StateSign: Hashable, Sendable {
  case ready, starting, failing, terminating, over
}

/// A pod as the pod network shows it.
public struct PodRow: Hashable, Sendable {
  public var name: NamespacedName
  public var sign: StateSign
  /// kubectl's STATUS.
  public var status: String
  /// Empty until it has one.
  public var address: String
  /// Shares its node's address.
  public var isOnHostNetwork = false
  public var labels: Labels
  /// As kubectl has it: `1/2`.
  public var ready = ""
  public var restarts = 0

  public init(
    _ name: NamespacedName, _ sign: StateSign, status: String = "", address: String = "",
    labels: Labels = Labels()
  ) {
    self.name = name
    self.sign = sign
    self.status = status
    self.address = address
    self.labels = labels
  }
}

/// A fact with its name, for the zoomed panels.
public struct Fact: Hashable, Sendable {
  public var name: String
  public var text: String

  public init(_ name: String, _ text: String) {
    self.name = name
    self.text = text
  }
}

/// What the zoomed first panel shows of the chosen node.
public struct NodeDetail: Hashable, Sendable {
  public var name: String
  public var facts: [Fact] = []
  /// Every pod on it, those of the system too.
  public var pods: [PodRow] = []
  /// What is inside of it; nil while it is off the network.
  public var machine: MachineView?

  public init(_ name: String) { self.name = name }
}

/// What the zoomed second panel shows of the chosen pod.
public struct PodDetail: Hashable, Sendable {
  public var name: NamespacedName
  public var facts: [Fact] = []
  /// The first port that it listens on.
  public var port: Int?

  public init(_ name: NamespacedName) { self.name = name }
}
