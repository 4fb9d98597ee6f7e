import SimulationCore

/// The service proxies over time.
///
/// A sync starts when a change is heard and the last sync ended long enough ago; it programs what
/// was heard by then, effective at its end (pkg/proxy/runner/bounded_frequency_runner.go).
extension DataPlane {
  /// Makes every proxy know everything and run.
  public mutating func settle(at now: Instant) {
    idleProxies = []
    for node in nodes.indices where nodes[node].isAttached {
      idleProxies.append(Int32(node))
      proxies[node].state = .idle
      proxies[node].life &+= 1
      proxies[node].isRunning = true
      proxies[node].heard = changes.newest
      proxies[node].lastSyncEnd = Proxy.longAgo
      nodeFacts[node].programmed = changes.newest
    }
    policyClock.settle()
    prune()
  }

  /// Ends a node's proxy; its rules stay as they are.
  public mutating func stopProxy(on node: NodeIndex) {
    guard proxies.indices.contains(Int(node.value)) else { return }
    proxies[Int(node.value)].isRunning = false
    proxies[Int(node.value)].life &+= 1
    proxies[Int(node.value)].state = .idle
  }

  /// Starts a node's proxy, which learns everything anew.
  public mutating func startProxy(on node: NodeIndex, at now: Instant) {
    guard proxies.indices.contains(Int(node.value)), !proxies[Int(node.value)].isRunning
    else { return }
    proxies[Int(node.value)].isRunning = true
    proxies[Int(node.value)].heard = changes.newest
    proxies[Int(node.value)].lastSyncEnd = Proxy.longAgo
    scheduleSync(of: node.value, at: now + delay(of: node.value, changes.newest))
  }

  /// When the next event of a proxy happens; nil while all are quiet.
  @inlinable public var nextEventTime: Instant? { proxyEvents.nextTime }

  /// Performs the next event: a proxy's sync starting or ending.
  public mutating func step() {
    guard let (time, event) = proxyEvents.popNext() else { return }
    let proxy = proxies[Int(event.node)]
    guard proxy.life == event.life else { return }
    switch proxy.state {
    case .idle: break
    case .waiting: startSync(of: event.node, at: time)
    case .syncing: endSync(of: event.node, at: time)
    }
  }

  public func proxyStatus(of node: NodeIndex, at now: Instant) -> ProxyStatus {
    guard proxies.indices.contains(Int(node.value)) else {
      return ProxyStatus(
        isRunning: false, isInSync: false, programmedRevision: 0,
        newestRevision: UInt64(changes.newest), lag: .zero, syncsDone: 0)
    }
    let programmed = nodeFacts[Int(node.value)].programmed
    let isInSync = programmed == changes.newest
    let oldest = changes.time(of: programmed &+ 1)
    return ProxyStatus(
      isRunning: proxies[Int(node.value)].isRunning, isInSync: isInSync,
      programmedRevision: UInt64(programmed), newestRevision: UInt64(changes.newest),
      lag: isInSync || now < oldest ? .zero : now - oldest,
      syncsDone: Int(proxies[Int(node.value)].syncsDone))
  }

  /// How many nodes have all changes in their rules.
  ///
  /// - Complexity: O(nodes).
  public var inSyncCount: (inSync: Int, total: Int) {
    var (inSync, total) = (0, 0)
    for node in nodes.indices where nodes[node].isAttached {
      total += 1
      if nodeFacts[node].programmed == changes.newest { inSync += 1 }
    }
    return (inSync, total)
  }

  /// The number of the change that is being made; `announce` makes it known.
  func nextRevision() -> UInt32 { changes.newest + 1 }

  /// Wakes every idle proxy. Those that wait or sync will find the change by themselves.
  mutating func announce(cost: Int, of service: Int, hasDatagrams: Bool, at now: Instant) {
    changes.append(at: now, cost: cost, service: service, hasDatagrams: hasDatagrams)
    services[service].newestChange = changes.newest
    for node in idleProxies
    where proxies[Int(node)].isRunning && proxies[Int(node)].state == .idle {
      scheduleNextSync(of: node)
    }
    idleProxies.removeAll(keepingCapacity: true)
    pruneWhenDue()
  }

  @inline(__always)
  private func delay(of node: Int32, _ revision: UInt32) -> Duration {
    ProxyTiming.watchDelay(
      median: configuration.watchDelay, seed: seed, node: node, revision: revision)
  }

  /// Schedules the sync for the oldest change the proxy has not heard of.
  private mutating func scheduleNextSync(of node: Int32) {
    let next = proxies[Int(node)].heard + 1
    let arrival = changes.time(of: next) + delay(of: node, next)
    scheduleSync(
      of: node, at: max(arrival, proxies[Int(node)].lastSyncEnd + traits.minSyncPeriod))
  }

  private mutating func scheduleSync(of node: Int32, at time: Instant) {
    proxies[Int(node)].state = .waiting
    proxyEvents.schedule(ProxyEvent(node: node, life: proxies[Int(node)].life), at: time)
  }

  private mutating func startSync(of node: Int32, at now: Instant) {
    // The watch is as slow as it was with the change that called for this sync. It delivers in
    // order, so whatever is older than that has been heard.
    let next = min(proxies[Int(node)].heard + 1, changes.newest)
    let heard = max(next, changes.newest(writtenBy: now - delay(of: node, next)))
    proxies[Int(node)].heard = heard
    proxies[Int(node)].state = .syncing
    let cost = changes.cost(after: nodeFacts[Int(node)].programmed, upTo: heard)
    let duration = traits.syncBaseCost + configuration.syncCostPerEndpoint * Int64(cost)
    let end = now + ProxyTiming.jittered(duration, seed: seed, node: node, revision: heard)
    proxyEvents.schedule(ProxyEvent(node: node, life: proxies[Int(node)].life), at: end)
  }

  private mutating func endSync(of node: Int32, at now: Instant) {
    let before = nodeFacts[Int(node)].programmed
    nodeFacts[Int(node)].programmed = proxies[Int(node)].heard
    if conntrack.count > 0, changes.hasDatagrams(after: before, upTo: proxies[Int(node)].heard) {
      cleanUpDatagrams(on: node)
    }
    proxies[Int(node)].lastSyncEnd = now
    proxies[Int(node)].syncsDone &+= 1
    proxies[Int(node)].state = .idle
    if proxies[Int(node)].heard < changes.newest {
      scheduleNextSync(of: node)
    } else {
      idleProxies.append(node)
    }
  }

  private mutating func pruneWhenDue() {
    guard pastCount > nextPruning else { return }
    prune()
    // A pruning costs as much as there is to keep: it has to be worth that.
    nextPruning = 256 + pastCount * 2 + ports.count / 2 + ports.newestEndpointCount / 32
  }

  /// How much there is that some node may still use, or none any more.
  private var pastCount: Int {
    ports.olderCount + serviceAddresses.endedCount + wholeAddresses.endedCount
      + (ports.olderEndpointCount + ports.wastedEndpoints) / 32
  }

  /// Forgets the versions that every node has passed.
  mutating func prune() {
    var oldest = changes.newest
    for node in nodes.indices where nodes[node].isAttached {
      let programmed = nodeFacts[node].programmed
      if programmed > 0 {
        oldest = min(oldest, programmed)
      } else if proxies[node].isRunning {
        oldest = min(oldest, proxies[node].heard)
      }
    }
    prunePorts(upTo: oldest)
    serviceAddresses.prune(upTo: oldest)
    wholeAddresses.prune(upTo: oldest)
    changes.prune(upTo: oldest)
  }
}
