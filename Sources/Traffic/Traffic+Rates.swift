import ClusterModel
import SimulationCore

/// How often clients send requests on their own account.
extension Traffic {
  /// Makes the clients of each selected edge send this many requests per second in all, in
  /// thousandths; nil gives them their own rate back.
  /// - Returns: how many edges were selected.
  @discardableResult
  public mutating func setRate(
    _ milliRequestsPerSecond: Int64?, for selector: EdgeSelector, at now: Instant
  ) -> Int {
    self.now = now
    let rate = milliRequestsPerSecond.map { min(max($0, 0), Profile.highestMilliRate) }
    return change(selector) { $0.milliRateOverride = rate }
  }

  /// Lets the selected clients send requests; with an empty selector everyone, the default.
  @discardableResult
  public mutating func start(_ selector: EdgeSelector = .init(), at now: Instant) -> Int {
    self.now = now
    if selector == EdgeSelector() { isStopped = false }
    return change(selector) { $0.isStopped = false }
  }

  /// Stops the selected clients from sending new requests; with an empty selector everyone, those
  /// still to come included.
  @discardableResult
  public mutating func stop(_ selector: EdgeSelector = .init(), at now: Instant) -> Int {
    self.now = now
    if selector == EdgeSelector() { isStopped = true }
    return change(selector) { $0.isStopped = selector != EdgeSelector() }
  }

  private mutating func change(_ selector: EdgeSelector, _ body: (inout Edge) -> Void) -> Int {
    var count = 0
    for index in edges.indices where isListed(edges[index]) && matches(selector, edges[index]) {
      count += 1
      body(&edges[index])
      refreshRate(of: EdgeIndex(index))
    }
    return count
  }

  private func matches(_ selector: EdgeSelector, _ edge: Edge) -> Bool {
    let service = services[Int(edge.service)].name
    if let wanted = selector.service, wanted != service.name { return false }
    if let wanted = selector.namespace, wanted != service.namespace { return false }
    guard let wanted = selector.client else { return true }
    return wanted == (edge.client == none ? "external" : workloads[Int(edge.client)].name.name)
  }

  /// What the edge's clients would send in all if nothing stopped them.
  func milliRateTarget(of edge: Edge) -> Int64? {
    if edge.client == none {
      let isOpen = edge.isExposed || edge.ingresses > 0
      return isOpen ? edge.milliRateOverride ?? Profile.externalMilliRate : 0
    }
    return edge.milliRateOverride ?? ownMilliRate(of: edge)
  }

  /// The rate of the pods that are sources; nil when none of them is.
  private func ownMilliRate(of edge: Edge) -> Int64? {
    var sum: Int64?
    for index in workloads[Int(edge.client)].behaviours {
      let running = behaviours[Int(index)].running
      guard behaviours[Int(index)].isSource, running > 0 else { continue }
      let milliRate = behaviours[Int(index)].description.profile.milliRate
      for call in behaviours[Int(index)].calls
      where edges[Int(call.edge)].service == edge.service
        && edges[Int(call.edge)].port == edge.port
      {
        let (rate, overflow) = (milliRate * call.milliCalls / 1_000)
          .multipliedReportingOverflow(by: Int64(running))
        let most = Profile.highestMilliRate
        sum = min((sum ?? 0) + (overflow ? most : min(rate, most)), most)
      }
    }
    return sum
  }

  mutating func refreshOutsideRates() {
    for edge in edges.indices where edges[edge].client == none {
      refreshRate(of: EdgeIndex(edge))
    }
  }

  /// Brings the arrivals in line with who can send. The gaps of a Poisson process have no memory:
  /// a changed rate just draws the next one anew.
  mutating func refreshRate(of index: EdgeIndex) {
    let edge = edges[Int(index)]
    let canSend = edge.client == none ? !nodes.isEmpty : !edge.pods.isEmpty
    let isKnown = !clientsWaitForLaunch || services[Int(edge.service)].isLaunched
    let isQuiet = isStopped || edge.isStopped || !canSend || !isKnown
    let rate = isQuiet ? 0 : milliRateTarget(of: edge) ?? 0
    guard rate != edge.milliRate else { return }
    edges[Int(index)].milliRate = rate
    if let pending = edge.nextArrival { queue.cancel(pending) }
    scheduleArrival(on: index, at: now)
  }

  mutating func scheduleArrival(on index: EdgeIndex, at now: Instant) {
    let rate = edges[Int(index)].milliRate
    guard rate > 0 else {
      edges[Int(index)].nextArrival = nil
      return
    }
    let mean = Duration(nanoseconds: 1_000_000_000_000 / rate)
    let gap = edges[Int(index)].arrivals.exponential(mean: mean)
    let event = TrafficEvent(kind: .arrival, index: index)
    edges[Int(index)].nextArrival = queue.schedule(event, at: now + gap)
  }
}
