import ControlPlane
import SimulationCore

/// What one frame shows of the cluster: plain values, in the order in which they are shown.
///
/// Panels and the reducer know nothing else of the engine, so a test can write one down.
public struct DashboardSnapshot: Hashable, Sendable {
  public var header = HeaderFigures()
  public var networks = NetworkNames()
  /// By name.
  public var nodes: [NodeRow] = []
  /// Pods that no node has yet, by namespace and name.
  public var unscheduled: [PodRow] = []
  /// How many more there are than anybody scrolls through.
  public var unscheduledBeyond = 0
  /// By namespace and name.
  public var services: [ServiceRow] = []
  /// The oldest first.
  public var events: [EventRow] = []
  /// The namespace of commands that name none; its objects are shown without it.
  public var namespace = "default"
  /// All there are, by name.
  public var namespaces: [String] = []
  /// Whether the rows stand in the order of their names, so that one is found at once.
  public var isByName = true

  /// The pod network by nodes; nil where nobody has made it, and it is made when it is needed.
  var columns: PodColumns?
  /// Where the newest requests went; empty where nothing shows them.
  public var flows: [FlowRow] = []

  // What belongs to the present choice.
  public var links = Links()
  public var service: ServiceDetail?
  public var node: NodeDetail?
  public var pod: PodDetail?
  /// The Deployment behind the choice, which `s` scales.
  public var workload: WorkloadFigures?

  public init() {}
}

/// The figures of the top line.
public struct HeaderFigures: Hashable, Sendable {
  public var clusterName = ""
  public var now = Instant.zero
  public var isPaused = false
  /// How many simulated seconds pass in a second; nil for as many as possible.
  public var speed: Double? = 1
  /// Whether there is more to simulate than the machine can.
  public var isBehind = false
  public var nodeCount = 0
  public var podCount = 0
  public var serviceCount = 0
  /// What users send, in thousandths of a request per second.
  public var milliRequestsPerSecond: Int64 = 0
  public var p99: Duration?
  /// In thousandths of a percent.
  public var milliPercentFailed: Int64 = 0
  public var proxyCount = 0
  public var proxiesInSync = 0
  /// Whether there is something for `undo` and for `redo`.
  public var isUndoable = false
  public var isRedoable = false
  /// Commands that will happen again, since time was turned back.
  public var futureCommands = 0
  /// The branch, where there are several.
  public var branch = ""

  public init() {}
}

/// The three networks as the panels' frames name them; empty where nothing is known.
public struct NetworkNames: Hashable, Sendable {
  public var nodes = ""
  public var pods = ""
  /// Such as `flannel vxlan`.
  public var cni = ""
  /// Such as `VXLAN`; nil where packets travel as they are.
  public var encapsulation: String?
  public var services = ""
  /// Such as `kube-proxy iptables`.
  public var proxy = ""

  public init() {}
}

/// The Deployment behind what is selected.
public struct WorkloadFigures: Hashable, Sendable {
  public var name: NamespacedName
  public var replicas: Int
  public var readyReplicas: Int

  public init(_ name: NamespacedName, replicas: Int, readyReplicas: Int) {
    self.name = name
    self.replicas = replicas
    self.readyReplicas = readyReplicas
  }
}

/// What is to be lit up because it hangs together with the choice.
public struct Links: Hashable, Sendable {
  public var nodes: Set<String> = []
  public var pods: Set<NamespacedName> = []
  public var services: Set<NamespacedName> = []

  public init() {}

  public init(
    nodes: Set<String> = [], pods: Set<NamespacedName> = [], services: Set<NamespacedName> = []
  ) {
    self.nodes = nodes
    self.pods = pods
    self.services = services
  }
}
