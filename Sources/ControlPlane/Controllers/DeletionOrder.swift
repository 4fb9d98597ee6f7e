import ClusterModel
import SimulationCore

/// Which pods die first when there are too many.
///
/// pkg/controller/controller_utils.go ActivePodsWithRanks: the first difference decides. Ages are
/// compared by the power of two they fall into, so that among pods of similar age the choice is
/// by identity, which is as good as random.
struct DeletionOrder {
  let store: ObjectStore
  let timestamp: Timestamp
  let now: Instant

  private struct Candidate {
    var id: ObjectID
    var isBound: Bool
    var phaseRank: Int
    var isReady: Bool
    var cost: Int
    /// How many active pods of the same workload share its node.
    var crowding: Int
    var readyBucket: Int
    var restarts: Int
    var ageBucket: Int
    var uid: UID
  }

  /// The `count` active pods among `ids` that go first.
  func first(_ count: Int, of ids: [ObjectID], relatedTo replicaSet: ReplicaSet) -> [ObjectID] {
    first(count, of: ids, relatedTo: relatives(of: replicaSet))
  }

  /// - Parameter relatives: whose pods crowd a node.
  func first(_ count: Int, of ids: [ObjectID], relatedTo relatives: [UID]) -> [ObjectID] {
    let active = ids.filter { store.pods[$0]?.isActive ?? false }
    guard count < active.count else { return active }
    let crowding = nodes(of: relatives)
    let candidates = active.compactMap { id in
      store.pods[id].map { candidate(id, $0, crowding: crowding[$0.nodeName] ?? 0) }
    }
    return candidates.sorted(by: goesFirst).prefix(count).map(\.id)
  }

  private func candidate(_ id: ObjectID, _ pod: Pod, crowding: Int) -> Candidate {
    let ready = pod.status.conditions[type: "Ready"]
    let cost = pod.metadata.annotations["controller.kubernetes.io/pod-deletion-cost"]
    let phaseRank =
      switch pod.status.phase {
      case .pending: 0
      case .unknown: 1
      default: 2
      }
    return Candidate(
      id: id, isBound: pod.isBound, phaseRank: phaseRank, isReady: pod.isReady,
      cost: cost.flatMap { Int($0) } ?? 0, crowding: crowding,
      readyBucket: pod.isReady ? bucket(since: ready?.lastTransitionTime) : 0,
      restarts: pod.status.containerStatuses.map(\.restartCount).max() ?? 0,
      ageBucket: bucket(since: pod.metadata.creationTimestamp), uid: pod.metadata.uid)
  }

  /// The power of two of the nanoseconds since a time of whole seconds; -1 for none or the future.
  private func bucket(since time: Timestamp?) -> Int {
    guard let time else { return -1 }
    let fraction = now.nanoseconds % 1_000_000_000
    let age = (timestamp.seconds - time.seconds) * 1_000_000_000 + max(fraction, 0)
    return age <= 0 ? -1 : 63 - age.leadingZeroBitCount
  }

  /// Every ReplicaSet of the same owner.
  private func relatives(of replicaSet: ReplicaSet) -> [UID] {
    guard let owner = replicaSet.metadata.controllerReference else {
      return [replicaSet.metadata.uid]
    }
    return store.replicaSets(ownedBy: owner.uid).compactMap {
      store.replicaSets[$0]?.metadata.uid
    }
  }

  /// How many active pods of `relatives` are on each node.
  private func nodes(of relatives: [UID]) -> [String: Int] {
    var counts: [String: Int] = [:]
    for uid in relatives {
      for id in store.pods(ownedBy: uid).ids {
        guard let pod = store.pods[id], pod.isActive else { continue }
        counts[pod.nodeName, default: 0] += 1
      }
    }
    return counts
  }

  private func goesFirst(_ left: Candidate, _ right: Candidate) -> Bool {
    if left.isBound != right.isBound { return !left.isBound }
    if left.phaseRank != right.phaseRank { return left.phaseRank < right.phaseRank }
    if left.isReady != right.isReady { return !left.isReady }
    if left.cost != right.cost { return left.cost < right.cost }
    if left.crowding != right.crowding { return left.crowding > right.crowding }
    if left.isReady, left.readyBucket != right.readyBucket {
      return left.readyBucket < right.readyBucket
    }
    if left.restarts != right.restarts { return left.restarts > right.restarts }
    if left.ageBucket != right.ageBucket { return left.ageBucket < right.ageBucket }
    return left.uid < right.uid
  }
}
