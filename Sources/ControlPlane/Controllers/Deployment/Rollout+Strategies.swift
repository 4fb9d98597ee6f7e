import ClusterModel

/// How a Deployment moves from old pods to new ones.
extension Rollout {
  // MARK: Rolling update (rolling.go)

  mutating func roll() {
    adoptRevision(creating: true)
    if let newReplicaSet, resize(newReplicaSet, to: sizeOfNewReplicaSet(newReplicaSet)) {
      writeRolloutStatus()
      return
    }
    if scaleOldDown() {
      writeRolloutStatus()
      return
    }
    if isComplete(deployment.status) { cleanUpHistory() }
    writeRolloutStatus()
  }

  /// As large as the Deployment, as far as the surge allows.
  func sizeOfNewReplicaSet(_ replicaSet: ReplicaSet) -> Int {
    if replicaSet.replicas >= deployment.replicas { return deployment.replicas }
    guard deployment.strategy == .rollingUpdate else { return deployment.replicas }
    let limit = deployment.replicas + deployment.resolvedMaxSurge
    let current = allReplicaSets.map(\.replicas).reduce(0, +)
    if current >= limit { return replicaSet.replicas }
    return replicaSet.replicas + min(limit - current, deployment.replicas - replicaSet.replicas)
  }

  /// Takes away as many old pods as availability allows: those that are not available first.
  private mutating func scaleOldDown() -> Bool {
    let minAvailable = deployment.replicas - deployment.resolvedMaxUnavailable
    let total = allReplicaSets.map(\.replicas).reduce(0, +)
    guard oldReplicaSets.contains(where: { $0.replicas > 0 }) else { return false }
    let newUnavailable =
      (newReplicaSet?.replicas ?? 0) - (newReplicaSet?.status.availableReplicas ?? 0)
    let limit = total - minAvailable - newUnavailable
    guard limit > 0 else { return false }
    let removedUnhealthy = removeUnavailable(atMost: limit)
    let removedHealthy = removeAvailable(above: minAvailable)
    return removedUnhealthy || removedHealthy
  }

  private mutating func removeUnavailable(atMost limit: Int) -> Bool {
    var left = limit
    for replicaSet in oldReplicaSets.sorted(by: Self.isOlder) where left > 0 {
      let count = min(left, replicaSet.replicas - replicaSet.status.availableReplicas)
      guard count > 0, resize(replicaSet, to: replicaSet.replicas - count) else { continue }
      left -= count
    }
    return left < limit
  }

  private mutating func removeAvailable(above minAvailable: Int) -> Bool {
    // What is beyond a ReplicaSet's size is on its way out, though its status may not say so yet.
    let available = allReplicaSets.map { min($0.status.availableReplicas, $0.replicas) }
      .reduce(0, +)
    var left = available - minAvailable
    guard left > 0 else { return false }
    var hasRemoved = false
    for replicaSet in oldReplicaSets.sorted(by: Self.isOlder) where left > 0 {
      let count = min(left, replicaSet.replicas)
      guard count > 0, resize(replicaSet, to: replicaSet.replicas - count) else { continue }
      left -= count
      hasRemoved = true
    }
    return hasRemoved
  }

  // MARK: Recreate (recreate.go)

  mutating func recreate() {
    adoptRevision(creating: false)
    var hasScaled = false
    for replicaSet in oldReplicaSets where replicaSet.replicas > 0 {
      hasScaled = resize(replicaSet, to: 0) || hasScaled
    }
    if hasScaled || oldPodsRun {
      writeRolloutStatus()
      return
    }
    adoptRevision(creating: true)
    if let newReplicaSet { _ = resize(newReplicaSet, to: deployment.replicas) }
    if isComplete(deployment.status) { cleanUpHistory() }
    writeRolloutStatus()
  }

  private var oldPodsRun: Bool {
    oldReplicaSets.contains { replicaSet in
      store.pods(ownedBy: replicaSet.metadata.uid).ids.contains {
        store.pods[$0].map { !$0.isTerminal } ?? false
      }
    }
  }

  // MARK: Scaling (sync.go scale)

  mutating func scale() {
    let active = allReplicaSets.filter { $0.replicas > 0 }
    if active.count <= 1 {
      let latestOld = oldReplicaSets.max { Self.isOlder($0, $1) }
      if let only = active.first ?? newReplicaSet ?? latestOld {
        _ = resize(only, to: deployment.replicas)
      }
      return
    }
    if isSaturated {
      for replicaSet in oldReplicaSets where replicaSet.replicas > 0 {
        _ = resize(replicaSet, to: 0)
      }
      return
    }
    if deployment.strategy == .rollingUpdate { scaleInProportion(active) }
  }

  private var isSaturated: Bool {
    guard let newReplicaSet,
      let desired = Int(newReplicaSet.metadata.annotations[RolloutAnnotation.desired] ?? "")
    else { return false }
    return newReplicaSet.replicas == deployment.replicas && desired == deployment.replicas
      && newReplicaSet.status.availableReplicas == deployment.replicas
  }

  /// Spreads a change of size in the middle of a rollout over all ReplicaSets by their size.
  private mutating func scaleInProportion(_ active: [ReplicaSet]) {
    let total = active.map(\.replicas).reduce(0, +)
    let allowed =
      deployment.replicas > 0 ? deployment.replicas + deployment.resolvedMaxSurge : 0
    let toAdd = allowed - total
    let ordered = active.sorted { left, right in
      if left.replicas != right.replicas { return left.replicas > right.replicas }
      return toAdd > 0 ? Self.isOlder(right, left) : Self.isOlder(left, right)
    }
    var added = 0
    var sizes = ordered.map(\.replicas)
    for index in ordered.indices where toAdd != 0 {
      let share = proportion(of: ordered[index], toAdd: toAdd, added: added)
      sizes[index] += share
      added += share
    }
    if let first = sizes.first { sizes[0] = max(first + toAdd - added, 0) }
    for (replicaSet, size) in zip(ordered, sizes) { sizeOrAnnotate(replicaSet, size) }
  }

  private func proportion(of replicaSet: ReplicaSet, toAdd: Int, added: Int) -> Int {
    if replicaSet.replicas == 0 || toAdd == added { return 0 }
    let fraction = self.fraction(of: replicaSet)
    let allowed = toAdd - added
    return toAdd > 0 ? min(fraction, allowed) : max(fraction, allowed)
  }

  /// How much the ReplicaSet would change if it kept its share of the Deployment's maximum.
  private func fraction(of replicaSet: ReplicaSet) -> Int {
    if deployment.replicas == 0 { return -replicaSet.replicas }
    let limit = deployment.replicas + deployment.resolvedMaxSurge
    var before = Int(replicaSet.metadata.annotations[RolloutAnnotation.max] ?? "") ?? 0
    if before <= 0 { before = deployment.status.replicas }
    guard before > 0 else { return 0 }
    // Rounded half up, in whole numbers.
    let (product, overflow) = replicaSet.replicas.multipliedReportingOverflow(by: limit)
    if overflow { return 0 }
    return (2 * product + before) / (2 * before) - replicaSet.replicas
  }
}
