import ClusterModel
import SimulationCore

/// What a controller is run by: its watch, its work queue and its client.
struct ControllerRunner: Sendable {
  var controller: any Controller
  /// What `controller` says of itself, where asking costs nothing.
  let watches: ResourceKinds
  let workers: Int
  var queue = WorkQueue()
  var client: TokenBucket
  /// Up to where in the watch log it has heard.
  var cursor = 0
  /// Whether the next delivery of its watch is scheduled.
  var isDeliveryScheduled = false
  /// The requests its client has yet to make, first come first served.
  var requests: [Request] = []
  var firstRequest = 0
  var isRequestScheduled = false
  /// Open requests by key; a key is done when it has none left.
  var openRequests: [WorkKey: Int] = [:]
  /// Where in the log its own newest write about a key stands.
  var lastWrite: [WorkKey: Int] = [:]
  /// When keys are due to be looked at again.
  var planned: [WorkKey: Instant] = [:]

  struct Request: Sendable {
    var key: WorkKey
    var write: Write
  }

  init(_ controller: any Controller, client: TokenBucket) {
    self.controller = controller
    watches = controller.watches
    workers = controller.workers
    self.client = client
  }

  mutating func takeRequest() -> Request? {
    guard firstRequest < requests.count else { return nil }
    let request = requests[firstRequest]
    firstRequest += 1
    if firstRequest == requests.count {
      requests.removeAll(keepingCapacity: true)
      firstRequest = 0
    } else if firstRequest > 256, firstRequest * 2 > requests.count {
      requests.removeFirst(firstRequest)
      firstRequest = 0
    }
    return request
  }

  /// A time at which `key` was due has come.
  mutating func forgetPlan(of key: WorkKey, at now: Instant) {
    if let planned = planned[key], planned <= now { self.planned[key] = nil }
  }

  var hasRequests: Bool { firstRequest < requests.count }
}
