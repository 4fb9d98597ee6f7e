import ClusterModel
import SimulationCore

/// How controllers are run: watch, queue, reconcile, write.
extension ControlPlane {
  /// Tells a controller of the changes that have reached it, and lets it work.
  mutating func deliver(_ news: Range<Int>, to index: Int, _ subscription: Subscription) {
    tell(news, to: index, subscription)
    work(index)
  }

  /// A function of its own, so that its copy of the log is gone before anything is written.
  @inline(never)
  private mutating func tell(_ news: Range<Int>, to index: Int, _ subscription: Subscription) {
    var keys: [WorkKey] = []
    let log = api.store.log
    for position in news where subscription.includes(log.heading(position)) {
      keys.removeAll(keepingCapacity: true)
      runners[index].controller.observe(log.change(position), in: api.store, &keys)
      for key in keys { runners[index].queue.add(key) }
    }
  }

  /// Reconciles keys while the controller has workers free.
  mutating func work(_ index: Int) {
    // Not from within itself: a queue of thousands would be as many calls deep.
    if runners[index].isWorking { return }
    runners[index].isWorking = true
    defer { runners[index].isWorking = false }
    while runners[index].queue.processingCount < runners[index].workers,
      let key = runners[index].queue.next()
    {
      let result = reconcile(key, index)
      if result.isFailure {
        retry(key, index)
      } else {
        runners[index].queue.forget(key)
      }
      if let delay = result.requeueAfter { requeue(key, index, after: delay) }
      if result.writes.isEmpty {
        runners[index].queue.done(key)
        continue
      }
      runners[index].enqueue(result, key)
      makeRequests(of: index)
    }
  }

  /// A function of its own, so that its copy of the store is gone before anything is written: the
  /// first write beside a copy would copy a table.
  @inline(never)
  private mutating func reconcile(_ key: WorkKey, _ index: Int) -> Reconciliation {
    // What it does not watch is no part of its cache: it cannot be behind in that.
    let observed = runners[index].observed(in: api.store.log, from: heard)
    var lastWrite = 0
    if let written = runners[index].lastWrite[key] {
      lastWrite = written
      if written <= observed { runners[index].lastWrite[key] = nil }
    }
    var context = ReconcileContext(
      store: api.store, now: now, timestamp: api.timestamp(at: now), observed: observed,
      lastWrite: lastWrite, names: api.names, usage: usage,
      refusal: runners[index].refusals.isEmpty ? nil : runners[index].refusals[key])
    runners[index].forgetRefusal(of: key)
    let result = runners[index].controller.reconcile(key, &context)
    api.names = context.names
    return result
  }

  /// Adds the key again later. Of several such requests the earliest counts: looking again then
  /// asks for the next.
  private mutating func requeue(_ key: WorkKey, _ index: Int, after delay: Duration) {
    let time = now + delay
    if let planned = runners[index].planned[key], planned > now, planned <= time { return }
    runners[index].planned[key] = time
    events.schedule(.requeue(UInt8(index), key), at: time)
  }

  /// Has the controller of this name look at `key` now.
  mutating func wake(_ name: String, _ key: WorkKey) {
    guard let index = runners.firstIndex(where: { $0.controller.name == name }) else { return }
    events.schedule(.requeue(UInt8(index), key), at: now)
  }

  private mutating func retry(_ key: WorkKey, _ index: Int) {
    let delay = runners[index].queue.backoff(
      key, base: runners[index].retryDelay, limit: .seconds(1000))
    events.schedule(.requeue(UInt8(index), key), at: now + delay)
  }

  /// Makes the waiting requests as far as the client's rate limit lets it.
  mutating func makeRequests(of index: Int) {
    let isWakeUp =
      runners[index].isRequestScheduled && runners[index].client.nextToken(at: now) <= now
    if runners[index].isRequestScheduled, !isWakeUp { return }
    runners[index].isRequestScheduled = false
    var finished = false
    while !runners[index].requests.isEmpty {
      if !runners[index].requests.nextNeedsNoToken {
        let token = runners[index].client.nextToken(at: now)
        if token > now {
          runners[index].isRequestScheduled = true
          events.schedule(.request(UInt8(index)), at: token)
          break
        }
        runners[index].client.take(at: now)
      }
      switch runners[index].requests.take() {
      case .write(let key, let write):
        let succeeded = api.carryOut(write.action, at: now)
        runners[index].lastWrite[key] = api.store.log.end
        if succeeded {
          if let event = write.event { runners[index].say(event) }
        } else {
          noteRefusal(of: write, key, index)
        }
        runners[index].requestMade(key, succeeded: succeeded)
        postNext(index)
        finished = close(key, index, succeeded: succeeded) || finished
      case .post(let post):
        api.post(post, at: now)
        runners[index].isPosting = false
        postNext(index)
      case nil: break
      }
    }
    if finished { work(index) }
  }

  /// Queues the next event to be sent, unless one is on its way.
  private mutating func postNext(_ index: Int) {
    while !runners[index].isPosting, let record = runners[index].takeSaid() {
      guard let post = api.correlate(record, at: now) else { continue }
      runners[index].isPosting = true
      runners[index].requests.append(.post(post))
    }
  }

  /// Counts a request of `key` as made; true when that was its last.
  private mutating func close(_ key: WorkKey, _ index: Int, succeeded: Bool) -> Bool {
    if !succeeded { retry(key, index) }
    let open = (runners[index].openRequests[key] ?? 1) - 1
    if open > 0 {
      runners[index].openRequests[key] = open
      return false
    }
    runners[index].openRequests[key] = nil
    runners[index].queue.done(key)
    return true
  }
}

extension APIServer {
  /// Carries out a controller's request; false when it was refused.
  mutating func carryOut(_ action: Write.Action, at time: Instant) -> Bool {
    switch action {
    case .create(let object): return create(object, rememberingRefusalAt: time)
    case .replace(let object): return (try? replace(object, at: time)) != nil
    case .deletePod(let id):
      if let pod = store.pods[id] { deletePod(id, pod, gracePeriodSeconds: nil, at: time) }
      return true
    case .delete(let object):
      deleteIfSame(object, .background, at: time)
      return true
    case .deleteInForeground(let object):
      deleteIfSame(object, .foreground, at: time)
      return true
    case .removeFinalizer(let object, let finalizer):
      removeFinalizer(finalizer, of: object, at: time)
      return true
    case .disown(let object, let owner):
      disown(object, from: owner, at: time)
      return true
    case .adopt(let object, let owner):
      adopt(object, by: owner, at: time)
      return true
    case .createJob(let job, let owner): return createJob(job, for: owner, at: time)
    case .replicaSetStatus(let id, let status):
      store.updateReplicaSet(id, .status, at: time) { $0.status = status }
      return true
    case .deploymentStatus(let id, let status, let annotations):
      store.updateDeployment(id, .status, at: time) { deployment in
        deployment.status = status
        deployment.metadata.annotations = annotations
      }
      return true
    case .service(let id, let update):
      apply(update, to: id, at: time)
      return true
    case .nodeCIDRs(let id, let blocks):
      store.updateNode(id, .spec, at: time) { $0.podCIDRs = blocks }
      return true
    case .keptStatus(let resource, let id, let status):
      store.updateKept(resource, id, at: time) { $0.body["status"] = .object(status) }
      return true
    case .scale(let resource, let id, let replicas):
      scale(resource, id, to: replicas, at: time)
      return true
    case .nodeConditions(let id, let conditions):
      store.updateNode(id, .status, at: time) { node in
        for condition in conditions { node.conditions.set(condition) }
      }
      return true
    case .nodeTaints(let id, let added, let removed):
      store.updateNode(id, .spec, at: time) { node in
        for taint in added + removed {
          node.taints.removeAll { $0.key == taint.key && $0.effect == taint.effect }
        }
        node.taints += added
      }
      return true
    case .podCondition(let id, let condition):
      let isReadiness = condition.type == "Ready"
      store.updatePod(id, isReadiness ? [.status, .endpoint] : .status, at: time) { pod in
        pod.status.conditions.set(condition)
      }
      return true
    case .removePod(let id):
      store.remove(.pod, id, at: time)
      return true
    case .say: return true
    case .slice(let id, let update):
      store.updateSlice(id, at: time) { update.apply(to: &$0) }
      return true
    }
  }
}
