import ClusterModel
import DataPlane
import SimulationCore

/// A request under way. Trivial: there are thousands, and each passes through several events.
struct Request: Sendable {
  enum Phase: UInt8, Sendable {
    case free
    /// The first packet is under way.
    case connecting
    /// Waiting for a worker of the pod.
    case queued
    case serving
    /// The worker waits for calls of its own.
    case calling
    /// The end is known and on its way to the client.
    case answering
    /// Nothing will come back.
    case lost
  }

  var phase = Phase.free
  var outcome = Outcome.success
  /// A call that it depends on failed.
  var hasFailed = false
  /// The client has gone; the pod does not know yet.
  var isAbandoned = false
  /// Requests above it in its tree of calls.
  var depth: UInt8 = 0
  /// Calls that its tree may still cause.
  var budget: UInt16 = 0
  /// The call of the behaviour that is next, and how often it is still to be made.
  var cursor: UInt16 = 0
  var repetitions: UInt16 = 0
  var endpointPort: UInt16 = 0
  var generation: UInt32 = 0
  var edge: EdgeIndex = none
  /// The request that caused it.
  var parent: RequestIndex = none
  /// The call it waits for.
  var child: RequestIndex = none
  var clientPod: PodIndex = none
  /// The pod that holds it, from acceptance to the answer.
  var server: PodIndex = none
  var endpoint: EndpointIndex = none
  /// In the pod's queue, or in the list of free places.
  var next: RequestIndex = none
  /// In the list of its timeout class.
  var older: RequestIndex = none
  var newer: RequestIndex = none
  var timeoutClass: Int32 = none
  var started = Instant.zero
  /// One packet's time between client and endpoint.
  var oneWay = Duration.zero
  var endpointAddress = IPAddress.unspecified
  var connection = TrackedConnection.none
}

/// The places for requests; a freed one is used again.
struct RequestPool: Sendable {
  private var requests: ContiguousArray<Request> = []
  private var firstFree: RequestIndex = none
  /// Places in use: requests in flight, and those whose client has gone.
  private(set) var count = 0

  /// Places ever used at once.
  var capacity: Int { requests.count }

  subscript(_ index: RequestIndex) -> Request {
    _read { yield requests[Int(index)] }
    _modify { yield &requests[Int(index)] }
  }

  mutating func allocate() -> RequestIndex {
    count += 1
    guard firstFree != none else {
      requests.append(Request())
      return RequestIndex(requests.count - 1)
    }
    let index = firstFree
    firstFree = requests[Int(index)].next
    requests[Int(index)].next = none
    return index
  }

  /// Empties the place; events that still speak of it mean nothing from now on.
  mutating func release(_ index: RequestIndex) {
    let generation = requests[Int(index)].generation &+ 1
    requests[Int(index)] = Request()
    requests[Int(index)].generation = generation
    requests[Int(index)].next = firstFree
    firstFree = index
    count -= 1
  }
}

/// Requests whose clients wait equally long, oldest first: the first is the next to expire, so one
/// pending event serves them all.
struct TimeoutClass: Sendable {
  var timeout: Duration
  var oldest: RequestIndex = none
  var newest: RequestIndex = none
  var isScheduled = false
}
