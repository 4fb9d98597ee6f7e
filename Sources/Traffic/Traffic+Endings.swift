import ClusterModel
import DataPlane
import SimulationCore

/// How requests end, and what that sets off.
extension Traffic {
  /// The client knows the outcome.
  mutating func finish<Network: FlowNetwork>(
    _ request: RequestIndex, _ outcome: Outcome, network: inout Network
  ) {
    let step: ConnectionStep = outcome == .refused || outcome == .reset ? .reset : .closed
    // Whoever has heard nothing has nobody to say goodbye to.
    if requests[request].phase != .lost {
      network.connection(requests[request].connection, step, at: now)
    }
    let parent = end(request, outcome)
    if parent != none { proceed(parent, network: &network) }
  }

  /// Counts the request as finished and gives its place back, unless a pod still works on it.
  /// - Returns: the request that waited for it, ready to proceed.
  @discardableResult
  mutating func end(_ request: RequestIndex, _ outcome: Outcome) -> RequestIndex {
    stopAwaiting(request)
    countEnd(request, outcome)
    let pod = requests[request].clientPod
    if pod != none { pods[Int(pod)].involved -= 1 }
    let parent = requests[request].parent
    if parent != none {
      requests[parent].child = none
      requests[parent].budget = requests[request].budget
      if outcome != .success { requests[parent].hasFailed = true }
    }
    if requests[request].server == none {
      requests.release(request)
    } else {
      requests[request].isAbandoned = true
      requests[request].parent = none
      requests[request].clientPod = none
    }
    return parent
  }

  /// Ends everything that lived in the pod's processes.
  mutating func breakConnections(of pod: PodIndex) {
    guard pods[Int(pod)].involved > 0 else { return }
    for index in 0..<RequestIndex(requests.capacity) where requests[index].phase != .free {
      if requests[index].server == pod {
        reset(index)
      } else if requests[index].clientPod == pod, requests[index].parent == none {
        brokenConnections.append(requests[index].connection)
        end(index, .cancelled)
      }
    }
    pods[Int(pod)].busy = 0
    pods[Int(pod)].queued = 0
    pods[Int(pod)].oldestQueued = none
    pods[Int(pod)].newestQueued = none
  }

  private mutating func reset(_ request: RequestIndex) {
    let child = requests[request].child
    if child != none {
      requests[child].parent = none
      end(child, .cancelled)
      requests[request].child = none
    }
    pods[Int(requests[request].server)].involved -= 1
    requests[request].server = none
    if requests[request].isAbandoned {
      requests.release(request)
      return
    }
    requests[request].generation &+= 1
    requests[request].next = none
    requests[request].phase = .answering
    requests[request].outcome = .reset
    schedule(.answer, request, at: now + requests[request].oneWay)
  }

  // MARK: Timeouts

  mutating func awaitTimeout(_ request: RequestIndex) {
    let pod = requests[request].clientPod
    let index = pod == none ? 0 : behaviours[Int(pods[Int(pod)].behaviour)].timeoutClass
    requests[request].timeoutClass = index
    let newest = timeoutClasses[Int(index)].newest
    requests[request].older = newest
    timeoutClasses[Int(index)].newest = request
    if newest == none {
      timeoutClasses[Int(index)].oldest = request
      scheduleExpiry(of: index)
    } else {
      requests[newest].newer = request
    }
  }

  private mutating func stopAwaiting(_ request: RequestIndex) {
    let index = Int(requests[request].timeoutClass)
    let (older, newer) = (requests[request].older, requests[request].newer)
    if older == none { timeoutClasses[index].oldest = newer } else { requests[older].newer = newer }
    if newer == none { timeoutClasses[index].newest = older } else { requests[newer].older = older }
    requests[request].older = none
    requests[request].newer = none
  }

  private mutating func scheduleExpiry(of index: Int32) {
    let oldest = timeoutClasses[Int(index)].oldest
    guard oldest != none, !timeoutClasses[Int(index)].isScheduled else { return }
    timeoutClasses[Int(index)].isScheduled = true
    let deadline = requests[oldest].started + timeoutClasses[Int(index)].timeout
    queue.schedule(TrafficEvent(kind: .expire, index: index), at: deadline)
  }

  mutating func expire<Network: FlowNetwork>(
    timeoutClass index: Int32, network: inout Network
  ) {
    timeoutClasses[Int(index)].isScheduled = false
    let limit = now - timeoutClasses[Int(index)].timeout
    while case let oldest = timeoutClasses[Int(index)].oldest, oldest != none,
      requests[oldest].started <= limit
    {
      finish(oldest, .timedOut, network: &network)
    }
    scheduleExpiry(of: index)
  }
}
