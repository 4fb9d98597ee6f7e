import ClusterModel

/// What a controller needs to know of the pods it owns, kept up to date at every write, so that
/// a sync of a thousand pods does not read a thousand pods.
public struct OwnedPods: Sendable {
  /// Every owned pod in the store, in the order of admission.
  public internal(set) var ids: [ObjectID] = []
  /// Neither over nor being deleted.
  public internal(set) var active = 0
  /// Active and Ready.
  public internal(set) var ready = 0
  /// Being deleted and not over yet.
  public internal(set) var terminating = 0
}

/// The pods by owner and by node.
struct PodIndex: Sendable {
  private(set) var byOwner: [UID: OwnedPods] = [:]
  private(set) var byNode: [String: [ObjectID]] = [:]
  private(set) var byNamespace: [String: [ObjectID]] = [:]
  /// Raised whenever a pod comes or goes, or has other labels.
  private(set) var generation = 0
  /// Where in its namespace's list the pod of each slot stands.
  private var placeInNamespace: [Int32] = []

  mutating func added(_ id: ObjectID, _ pod: Pod, _ standing: Standing) {
    if let owner = standing.owner {
      byOwner[owner, default: OwnedPods()].add(id, standing)
    }
    if pod.isBound { byNode[pod.nodeName, default: []].append(id) }
    enter(id, pod.metadata.namespace)
  }

  mutating func relabelled() { generation += 1 }

  private mutating func enter(_ id: ObjectID, _ namespace: String) {
    generation += 1
    while placeInNamespace.count <= Int(id.slot) { placeInNamespace.append(-1) }
    placeInNamespace[Int(id.slot)] = Int32(byNamespace[namespace]?.count ?? 0)
    byNamespace[namespace, default: []].append(id)
  }

  /// The last pod of the namespace takes the place of the one that goes.
  private mutating func leave(_ id: ObjectID, _ namespace: String) {
    generation += 1
    let place = Int(placeInNamespace[Int(id.slot)])
    guard let last = byNamespace[namespace]?.popLast() else { return }
    if last != id {
      byNamespace[namespace]?[place] = last
      placeInNamespace[Int(last.slot)] = Int32(place)
    }
    if byNamespace[namespace]?.isEmpty == true { byNamespace[namespace] = nil }
  }

  mutating func removed(_ id: ObjectID, _ pod: Pod, _ standing: Standing) {
    if let owner = standing.owner {
      byOwner[owner]?.remove(id, standing)
      if byOwner[owner]?.ids.isEmpty == true { byOwner[owner] = nil }
    }
    if pod.isBound {
      byNode[pod.nodeName]?.removeAll { $0 == id }
      if byNode[pod.nodeName]?.isEmpty == true { byNode[pod.nodeName] = nil }
    }
    leave(id, pod.metadata.namespace)
  }

  /// How a pod counts, to be compared before and after a write.
  struct Standing: Equatable {
    var owner: UID?
    var ownerKind: Change.PodOwners
    var nodeName: String
    var isActive: Bool
    var isReady: Bool
    var isTerminating: Bool

    init(_ pod: borrowing Pod) {
      owner = nil
      ownerKind = .none
      // By places: this is done at every write, and a copied reference is three texts.
      let owners = pod.metadata.ownerReferences
      for place in owners.indices where owners[place].controller == true {
        owner = owners[place].uid
        ownerKind = .of(owners[place].kind)
        break
      }
      nodeName = pod.nodeName
      isActive = pod.isActive
      isReady = pod.isActive && pod.isReady
      isTerminating = pod.metadata.isTerminating && !pod.isTerminal
    }

    func countsAs(_ other: Standing) -> Bool {
      isActive == other.isActive && isReady == other.isReady && isTerminating == other.isTerminating
    }
  }

  mutating func moved(_ id: ObjectID, from old: Standing, to new: Standing) {
    guard old != new else { return }
    if old.owner == new.owner {
      if let owner = new.owner, !old.countsAs(new) { byOwner[owner]?.move(from: old, to: new) }
    } else {
      changeOwner(id, from: old, to: new)
    }
    if old.nodeName != new.nodeName {
      if !old.nodeName.isEmpty { byNode[old.nodeName]?.removeAll { $0 == id } }
      if !new.nodeName.isEmpty { byNode[new.nodeName, default: []].append(id) }
    }
  }

  private mutating func changeOwner(_ id: ObjectID, from old: Standing, to new: Standing) {
    if let owner = old.owner { byOwner[owner]?.remove(id, old) }
    if let owner = new.owner { byOwner[owner, default: OwnedPods()].add(id, new) }
  }
}

extension OwnedPods {
  fileprivate mutating func add(_ id: ObjectID, _ standing: PodIndex.Standing) {
    ids.append(id)
    tally(standing, by: 1)
  }

  fileprivate mutating func remove(_ id: ObjectID, _ standing: PodIndex.Standing) {
    if let place = ids.firstIndex(of: id) { ids.remove(at: place) }
    tally(standing, by: -1)
  }

  fileprivate mutating func move(from old: PodIndex.Standing, to new: PodIndex.Standing) {
    tally(old, by: -1)
    tally(new, by: 1)
  }

  private mutating func tally(_ standing: PodIndex.Standing, by step: Int) {
    if standing.isActive { active += step }
    if standing.isReady { ready += step }
    if standing.isTerminating { terminating += step }
  }
}
