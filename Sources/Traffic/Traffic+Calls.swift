import DataPlane
import SimulationCore

/// What a pod does after a request's service time: its calls to others, one after the other, and
/// the answer.
extension Traffic {
  /// Calls deeper than this are not made: a ring of workloads that call each other ends.
  static let deepest: UInt8 = 8

  /// Makes the request's next call, or answers it.
  mutating func proceed<Network: FlowNetwork>(
    _ request: RequestIndex, network: inout Network
  ) {
    if requests[request].isAbandoned {
      leaveServer(request)
      requests.release(request)
      return
    }
    requests[request].phase = .calling
    if requests[request].hasFailed {
      answer(request, .error)
    } else if let edge = nextCall(of: request) {
      let child = allocate(on: edge, from: requests[request].server, parent: request)
      requests[request].child = child
      send(child, network: &network)
    } else {
      let server = pods[Int(requests[request].server)].behaviour
      let share = behaviours[Int(server)].description.profile.milliPercentErrors
      let isError = share > 0 && work.chance(UInt64(share), in: 100_000)
      answer(request, isError ? .error : .success)
    }
  }

  private mutating func nextCall(of request: RequestIndex) -> EdgeIndex? {
    guard requests[request].depth < Self.deepest, requests[request].budget > 0 else { return nil }
    let behaviour = Int(pods[Int(requests[request].server)].behaviour)
    while true {
      let cursor = Int(requests[request].cursor)
      if requests[request].repetitions > 0 {
        requests[request].repetitions -= 1
        // The first `cursor` calls have been begun; a changed behaviour may have fewer.
        guard cursor <= behaviours[behaviour].calls.count else { return nil }
        return behaviours[behaviour].calls[cursor - 1].edge
      }
      guard cursor < behaviours[behaviour].calls.count else { return nil }
      let call = behaviours[behaviour].calls[cursor]
      requests[request].cursor += 1
      if !isServing(edges[Int(call.edge)].service, above: request) {
        requests[request].repetitions = repetitions(of: call)
      }
    }
  }

  private mutating func repetitions(of call: Call) -> UInt16 {
    let whole = call.milliCalls / 1_000
    let rest = UInt64(call.milliCalls % 1_000)
    return UInt16(clamping: whole + (rest > 0 && work.chance(rest, in: 1_000) ? 1 : 0))
  }

  /// Whether the request or one that caused it went to this Service: a ring of calls.
  private func isServing(_ service: ServiceIndex, above request: RequestIndex) -> Bool {
    var ancestor = request
    while ancestor != none {
      if edges[Int(requests[ancestor].edge)].service == service { return true }
      ancestor = requests[ancestor].parent
    }
    return false
  }

  /// The pod sends its answer and takes up the next request.
  private mutating func answer(_ request: RequestIndex, _ outcome: Outcome) {
    leaveServer(request)
    requests[request].phase = .answering
    requests[request].outcome = outcome
    schedule(.answer, request, at: now + requests[request].oneWay)
  }

  /// Gives the request's worker to the next in the queue.
  mutating func leaveServer(_ request: RequestIndex) {
    let pod = Int(requests[request].server)
    requests[request].server = none
    pods[pod].involved -= 1
    pods[pod].busy -= 1
    let next = pods[pod].oldestQueued
    guard next != none else { return }
    pods[pod].oldestQueued = requests[next].next
    if pods[pod].oldestQueued == none { pods[pod].newestQueued = none }
    requests[next].next = none
    pods[pod].queued -= 1
    serve(next)
  }
}
