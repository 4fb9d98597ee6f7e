import ClusterModel
import SimulationCore

/// How a request ended, as its client saw it.
public enum Outcome: UInt8, Hashable, Sendable, CaseIterable {
  /// An answer below 500.
  case success
  /// An answer of 500 or above: the endpoint failed, or a call it depends on did.
  case error
  /// Connection refused: the proxy rejected it, or nothing listened at the endpoint.
  case refused
  /// No answer within the client's timeout.
  case timedOut
  /// Connection reset by peer: the endpoint's process ended meanwhile.
  case reset
  /// The name of the Service no longer resolves.
  case unresolved
  /// The client went away first; no failure of the Service.
  case cancelled

  /// Counts against the Service.
  public var isFailure: Bool { self != .success && self != .cancelled }
}

/// Who sends requests.
public enum TrafficClient: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Clients outside the cluster.
  case external
  case workload(namespace: String, name: String)

  public var description: String {
    switch self {
    case .external: "external"
    case .workload(_, let name): name
    }
  }
  /// Empty for clients outside.
  public var namespace: String {
    if case .workload(let namespace, _) = self { namespace } else { "" }
  }

  /// Clients outside first, then by namespace and name.
  public static func < (left: TrafficClient, right: TrafficClient) -> Bool {
    switch (left, right) {
    case (.external, .workload): true
    case (_, .external): false
    case (.workload(let leftSpace, let leftName), .workload(let rightSpace, let rightName)):
      (leftSpace, leftName) < (rightSpace, rightName)
    }
  }
}

/// Numbers of requests by how they ended.
public struct OutcomeCounts: Hashable, Sendable {
  public var started: UInt64 = 0
  public var success: UInt64 = 0
  public var error: UInt64 = 0
  public var refused: UInt64 = 0
  public var timedOut: UInt64 = 0
  public var reset: UInt64 = 0
  public var unresolved: UInt64 = 0
  public var cancelled: UInt64 = 0

  public init() {}

  public var failed: UInt64 { error + refused + timedOut + reset + unresolved }
  public var finished: UInt64 { success + failed + cancelled }
}

/// What was measured over the sliding window.
public struct Measurement: Hashable, Sendable {
  /// Thousandths of a request per second, by when requests started.
  public var milliRequestsPerSecond: Int64 = 0
  public var counts = OutcomeCounts()
  /// Requests without an outcome yet, at this moment.
  public var inFlight = 0
  /// Of requests that were answered or timed out, as the client saw them; nil when there were none.
  public var p50: Duration?
  public var p99: Duration?

  public init() {}

  /// Failures among finished requests, in thousandths of a percent; zero when none finished.
  public var milliPercentFailed: Int64 {
    let finished = counts.success + counts.failed
    return finished == 0 ? 0 : Int64(counts.failed * 100_000 / finished)
  }
}

/// The requests of one client to one port of one Service: a row of `traffic list`.
public struct EdgeSummary: Hashable, Sendable {
  public var client: TrafficClient
  /// The Service's.
  public var namespace: String
  public var service: String
  public var port: UInt16
  /// What the client sends in all on its own account, in thousandths of a request per second; nil
  /// when it only calls on behalf of requests it serves.
  public var milliRateTarget: Int64?
  public var isStopped: Bool
  public var measured: Measurement
}

/// The requests to one Service.
public struct ServiceSummary: Hashable, Sendable {
  public var namespace: String
  public var name: String
  public var measured: Measurement
  /// Requests started in each of the last 60 complete seconds, oldest first; fewer before the
  /// first minute is over.
  public var history: [UInt32]
}

/// The requests that one endpoint got as part of one Service.
public struct EndpointSummary: Hashable, Sendable {
  public var address: IPAddress
  public var port: UInt16
  public var pod: String
  public var namespace: String
  public var service: String
  public var measured: Measurement
}

/// A line of the request log.
public struct FinishedRequest: Hashable, Sendable {
  public var finishedAt: Instant
  public var client: TrafficClient
  /// The client's pod; empty for clients outside.
  public var clientPod: String
  public var namespace: String
  public var service: String
  public var port: UInt16
  /// Nil when the request never got as far.
  public var endpoint: IPAddress?
  public var endpointPort: UInt16
  public var outcome: Outcome
  public var latency: Duration
}

/// Picks edges by the names of their ends; nil matches every name.
public struct EdgeSelector: Hashable, Sendable {
  /// A workload's name, or `external`.
  public var client: String?
  public var service: String?
  /// Of the Service.
  public var namespace: String?

  public init(client: String? = nil, service: String? = nil, namespace: String? = nil) {
    self.client = client
    self.service = service
    self.namespace = namespace
  }
}

/// A port of a Service that an Ingress routes to.
public struct IngressBackend: Hashable, Sendable {
  /// In the Ingress' namespace.
  public var service: String
  /// A port number or name of the Service.
  public var port: IntOrString

  public init(service: String, port: IntOrString) {
    self.service = service
    self.port = port
  }
}
