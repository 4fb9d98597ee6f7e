import ClusterModel
import SimulationCore

/// Lets pods whose statuses are alike hold one copy of them.
///
/// What takes room in a status is the same for pods of a template that became ready in the same
/// seconds. A write to one of them copies it again; hardly any ready pod is ever written to.
struct StatusSharing: Sendable {
  private static var size: Int { 4096 }

  private var conditions = ContiguousArray<[Condition]>(repeating: [], count: size)
  private var containers = ContiguousArray<[ContainerStatus]>(repeating: [], count: size)
  private var others = ContiguousArray<Fields>(repeating: Fields(), count: size)

  /// Puts what an earlier pod had in the place of what is equal in `pod`.
  mutating func share(_ pod: inout Pod) {
    var hash: UInt64 = 0
    for index in pod.status.conditions.indices {
      let time = pod.status.conditions[index].lastTransitionTime?.seconds ?? 0
      hash = TextHash.mix(hash, UInt64(bitPattern: time))
    }
    Self.share(&pod.status.conditions, in: &conditions, hash)
    hash = 0
    for index in pod.status.containerStatuses.indices {
      hash = TextHash.of(pod.status.containerStatuses[index].image, seed: hash)
      if case .running(let time?) = pod.status.containerStatuses[index].state {
        hash = TextHash.mix(hash, UInt64(bitPattern: time.seconds))
      }
    }
    Self.share(&pod.status.containerStatuses, in: &containers, hash)
    Self.share(&pod.status.other, in: &others, pod.status.hostIP?.low ?? 0)
  }

  private static func share<Part: Equatable>(
    _ part: inout Part, in known: inout ContiguousArray<Part>, _ hash: UInt64
  ) {
    let place = Int(truncatingIfNeeded: TextHash.finish(hash) % UInt64(size))
    if known[place] == part { part = known[place] } else { known[place] = part }
  }
}
