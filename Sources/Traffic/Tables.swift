import ClusterModel
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
  var node = NodeIndex(value: 0)
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

/// What the pods of one template do; pods with equal behaviour share one.
struct Behaviour: Sendable {
  /// The part that its pods' specs decide.
  struct Description: Hashable, Sendable {
    var profile: Profile
    var references: [CallReference]
    /// Ports that the containers declare.
    var ports: [UInt16]
    var isHostNetwork: Bool
  }

  var workload: WorkloadIndex
  var description: Description
  /// For recognising the next pod of the template at a glance.
  var spec: Shared<PodSpec>
  var annotations: Labels
  var labels: Labels
  /// The Services of `description.references`.
  var services: [ServiceIndex]
  /// The calls to Services that exist.
  var calls: [Call] = []
  /// No Service leads to its pods: what they call, they call on their own account.
  var isSource = false
  var timeoutClass: Int32
  /// Pods whose processes run.
  var running = 0

  /// A pod listens on the ports it declares; one that declares none, on every port.
  func listens(on port: UInt16) -> Bool {
    description.ports.isEmpty ? !description.isHostNetwork : description.ports.contains(port)
  }
}

/// One of the calls that a request causes.
struct Call: Hashable, Sendable {
  var edge: EdgeIndex
  var milliCalls: Int64
}

struct Workload: Sendable {
  var name: ObjectName
  var behaviours: [BehaviourIndex] = []
}

/// A Service that exists, existed, or that some text names.
struct ServiceEntry: Sendable {
  var name: ObjectName
  var space: Int
  /// Nil while it does not exist.
  var service: Service?
  /// As it was when it last existed.
  var lastKnown: Service?
  /// What requests need of `service`.
  var route = Route()
  /// Behaviours that name it.
  var callers: [BehaviourIndex] = []
  var edges: [EdgeIndex] = []
  /// Those that had requests and whose pods are still there.
  var endpoints: [EndpointIndex] = []
  var meter: MeterIndex = none
  var latencies = LatencyWindow<FineHistogram>()
  var history = RateHistory()
  /// Running pods behind the selector; kept where requests need them, nil when out of date.
  var members: [PodIndex]?
}

/// Where the requests to a Service go: the trivial part of it, for the way of every request.
struct Route: Sendable {
  var exists = false
  /// The DNS answers with the pods' addresses.
  var isHeadless = false
  /// The load balancer knows which nodes have pods of the Service.
  var isLocal = false
  /// The cluster IPs, one per family.
  var primary: IPAddress?
  var secondary: IPAddress?
  /// The load balancer's address where nodes accept packets for it.
  var balancer: IPAddress?

  var needsMembers: Bool { isHeadless || isLocal }

  init(_ service: Service? = nil) {
    guard let service else { return }
    exists = true
    isHeadless = service.isHeadless
    primary = service.clusterIPs.first
    secondary = service.clusterIPs.dropFirst().first
    guard service.type == .loadBalancer else { return }
    isLocal = service.externalTrafficPolicy == .local
    balancer = service.loadBalancerIngress.first { $0.ip != nil && $0.ipMode != "Proxy" }?.ip
  }

  /// The cluster IP of `family`, else the primary one.
  func virtualAddress(_ family: IPAddress.Family) -> IPAddress? {
    if let secondary, secondary.family == family { return secondary }
    return primary
  }
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
