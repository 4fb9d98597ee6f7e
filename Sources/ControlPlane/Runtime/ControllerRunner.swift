import ClusterModel
import SimulationCore

/// What a controller is run by: its watch, its work queue and its client.
struct ControllerRunner: Sendable {
  var controller: any Controller
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
    self.client = client
  }

  mutating func takeRequest() -> Request? {
    guard firstRequest < requests.count else { return nil }
    let request = requests[firstRequest]
    firstRequest += 1
    if firstRequest == requests.count {
      requests.removeAll(keepingCapacity: true)
      firstRequest = 0
    }
    return request
  }

  var hasRequests: Bool { firstRequest < requests.count }
}
