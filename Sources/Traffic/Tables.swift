import ClusterModel
import DataPlane
import SimulationCore

// The tables of the engine, indexed by dense numbers; -1 stands for none.
typealias WorkloadIndex = Int32
typealias BehaviourIndex = Int32
typealias PodIndex = Int32
typealias ServiceIndex = Int32
typealias EdgeIndex = Int32
typealias EndpointIndex = Int32
typealias RequestIndex = Int32

let none: Int32 = -1

/// A namespace and a name in it.
struct ObjectName: Hashable, Sendable {
  var namespace: String
  var name: String
}

/// A pod that has, or had a moment ago, running processes.
struct PodProcess: Sendable {
  enum State: UInt8, Sendable {
    case free
    case running
    /// Got SIGTERM.
    case draining
    /// No process, but the address still refuses.
    case down
  }

  var state = State.free
  /// Told apart from earlier pods in the same place.
  var generation: UInt32 = 0
  var behaviour: BehaviourIndex = none
  var node = NodeIndex.none
  var address = IPAddress.unspecified
  /// Other pods on the same address: those of the host network.
  var nextOnAddress: PodIndex = none
  var firstEndpoint: EndpointIndex = none
  /// Requests being worked on, and waiting for a worker.
  var busy: Int32 = 0
  var queued: Int32 = 0
  var oldestQueued: RequestIndex = none
  var newestQueued: RequestIndex = none
  /// Requests that the pod is a client or a server of.
  var involved: Int32 = 0
  var nextSourcePort: UInt16 = 0
}

struct Workload: Sendable {
  var name: ObjectName
  var behaviours: [BehaviourIndex] = []
}

/// What is in a namespace, for finding what a change concerns.
struct Space: Sendable {
  var services: [ServiceIndex] = []
  /// Services whose members are kept.
  var watched: [ServiceIndex] = []
  /// Those that name some Service.
  var behaviours: [BehaviourIndex] = []
}

/// The requests from one client (a workload, or the outside) to one port of a Service.
struct Edge: Sendable {
  /// `none` for clients outside.
  var client: WorkloadIndex
  var service: ServiceIndex
  var port: UInt16
  var transport = TransportProtocol.tcp
  /// From outside: the Service's own type lets requests in.
  var isExposed = false
  /// Zero when there is none.
  var nodePort: UInt16 = 0
  /// From outside: Ingresses that route here.
  var ingresses: Int32 = 0
  /// The Service of the Ingress controller that routes here; `none` for one on its node's network.
  var ingressEntry: ServiceIndex = none
  var isStopped = false
  /// Set by a command.
  var milliRateOverride: Int64?
  /// What the edge's clients send now, in all.
  var milliRate: Int64 = 0
  var nextArrival: EventQueue<TrafficEvent>.Handle?
  /// Running pods whose behaviour has the edge.
  var pods: [PodIndex] = []
  var arrivals: RandomStream
  var meter: MeterIndex = none
  var latencies = LatencyWindow<LogHistogram>()
}

struct EdgeKey: Hashable, Sendable {
  var client: WorkloadIndex
  var service: ServiceIndex
  var port: UInt16
}

/// One port of a pod, as part of one Service.
struct EndpointEntry: Sendable {
  var pod: PodIndex
  var service: ServiceIndex
  var address: IPAddress
  var port: UInt16
  var meter: MeterIndex
  /// Of the same pod.
  var next: EndpointIndex
  /// The pod is gone; the entry lives on until its last request has ended.
  var isRetired = false
  var latencies = LatencyWindow<LogHistogram>()
}

struct NodeEntry: Sendable {
  var node: NodeIndex
  var addresses: [IPAddress]
}

/// Something that happens at a time. `generation` tells whether it is still meant.
@usableFromInline
struct TrafficEvent: Sendable {
  enum Kind: UInt8, Sendable {
    /// A client sends a request on an edge.
    case arrival
    /// A request's first packet is at the endpoint.
    case reach
    /// A request's service time is over.
    case served
    /// The client learns how its request ended.
    case answer
    /// The oldest request of a timeout class may have waited too long.
    case expire
  }

  var kind: Kind
  var index: Int32
  var generation: UInt32 = 0
}
