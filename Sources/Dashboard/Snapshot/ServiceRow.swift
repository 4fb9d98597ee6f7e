import ClusterModel
import ControlPlane
import SimulationCore

/// A Service as the third panel lists it.
public struct ServiceRow: Hashable, Sendable {
  public var name: NamespacedName
  public var type = "ClusterIP"
  /// As kubectl prints it: `None`, `<none>`.
  public var clusterIP = ""
  /// `<none>`, or the load balancer's and the external ones.
  public var externalIP = "<none>"
  /// The traffic policies that are not the usual ones.
  public var policies = ""
  public var ports = ""
  /// `<none>` when the endpoints are nobody's.
  public var selectorText = "<none>"
  public var selector: Labels?
  public var readyEndpoints = 0
  public var endpoints = 0
  /// Nil for Services out of view, and for those that never had a request.
  public var load: Load?

  public init(_ name: NamespacedName) { self.name = name }
}

/// What was measured of requests over the last seconds.
public struct Load: Hashable, Sendable {
  public var milliRequestsPerSecond: Int64 = 0
  public var p99: Duration?
  public var milliPercentFailed: Int64 = 0
  /// Requests in each of the last seconds, the oldest first.
  public var history: [UInt32] = []

  public init(
    milliRequestsPerSecond: Int64 = 0, p99: Duration? = nil, milliPercentFailed: Int64 = 0,
    history: [UInt32] = []
  ) {
    self.milliRequestsPerSecond = milliRequestsPerSecond
    self.p99 = p99
    self.milliPercentFailed = milliPercentFailed
    self.history = history
  }
}

/// An endpoint as the expanded Service shows it.
public struct EndpointRow: Hashable, Sendable {
  /// `10.244.1.5:8080`.
  public var address: String
  public var node: String
  public var pod: String
  public var condition: Condition
  /// What it waits for, such as `readiness 1/3, next probe in 4 s`.
  public var note = ""
  public var milliRequestsPerSecond: Int64 = 0

  /// The conditions of a slice's endpoint in one word.
  public enum Condition: String, Hashable, Sendable {
    case ready
    case notReady = "not ready"
    /// Terminating, and answers while nothing else does.
    case serving = "serving, terminating"
    case terminating

    public var sign: StateSign {
      switch self {
      case .ready: .ready
      case .notReady: .starting
      case .serving, .terminating: .terminating
      }
    }
  }

  public init(_ address: String, node: String, pod: String = "", _ condition: Condition) {
    self.address = address
    self.node = node
    self.pod = pod
    self.condition = condition
  }
}

/// One EndpointSlice of the chosen Service.
public struct SliceRow: Hashable, Sendable {
  public var name: String
  public var addressType: String
  public var ports: String
  public var count: Int

  public init(_ name: String, addressType: String, ports: String, count: Int) {
    self.name = name
    self.addressType = addressType
    self.ports = ports
    self.count = count
  }

  /// The controller's default for how many endpoints it puts into one slice
  /// (pkg/controller/endpointslice, `--max-endpoints-per-slice`).
  public static let capacity = 100
}

/// What one node's proxy knows.
public struct ProxyRow: Hashable, Sendable {
  public var node: String
  public var isInSync: Bool
  /// What it does next or last did, such as `programs in 0.4 s`.
  public var note: String

  public init(_ node: String, isInSync: Bool, note: String = "") {
    self.node = node
    self.isInSync = isInSync
    self.note = note
  }
}

/// What the expanded and the zoomed Service show.
public struct ServiceDetail: Hashable, Sendable {
  public var name: NamespacedName
  public var facts: [Fact] = []
  public var endpoints: [EndpointRow] = []
  public var slices: [SliceRow] = []
  public var proxies: [ProxyRow] = []
  /// How many there are, and how many of them are late, more than are listed.
  public var unlistedProxies = 0
  public var unlistedLateProxies = 0
  /// Which pods its selector matches and just misses; nil where nothing shows it.
  public var selector: SelectorView?
  /// What was measured of it over time.
  public var series = ServiceSeries()

  public init(_ name: NamespacedName) { self.name = name }
}

/// An event of the API as the fourth panel lists it.
public struct EventRow: Hashable, Sendable {
  /// Grows with every event and every repetition of one.
  public var number: UInt64
  public var at: Instant
  public var isWarning = false
  public var reason: String
  /// `deployment/frontend`.
  public var object: String
  public var namespace: String
  public var message: String
  public var count = 1

  public init(
    _ number: UInt64, at: Instant, reason: String, object: String, namespace: String = "default",
    message: String
  ) {
    self.number = number
    self.at = at
    self.reason = reason
    self.object = object
    self.namespace = namespace
    self.message = message
  }
}
