import ClusterModel

/// What the controller remembers of one Service between syncs.
struct ServiceState: Sendable {
  struct ChangedPod: Sendable {
    var id: ObjectID
    var uid: UID
  }

  /// Set by changes of the Service itself: every pod is looked at again.
  var needsFullSync = true
  /// The zones of nodes as of the last sync.
  var zoneGeneration = 0
  private(set) var changed: [ChangedPod] = []
  private var isChanged: Set<UID> = []
  /// The time of the oldest change since the last sync.
  private(set) var trigger: Timestamp?
  /// The slice in which each pod's endpoint is, by family.
  var location: [UID: [ObjectID]] = [:]
  /// Slices this controller has asked to delete.
  var dropped: Set<ObjectID> = []
  /// The generation of each slice as this controller left it.
  var generations: [ObjectID: Int64] = [:]
  /// When each pod last turned ready or unready, as far as that has been told on.
  private var readyTimes: [UID: Timestamp] = [:]
  /// How many endpoints are for each zone, where topology hints are given.
  var hintCounts: [IPAddress.Family: [String: Int]] = [:]
  var shares = ZoneShares()

  /// A pod has changed; what its readiness tells is the time of the change only once.
  mutating func note(_ id: ObjectID, _ uid: UID, ready: Timestamp?) {
    if let ready, readyTimes[uid].map({ $0 < ready }) ?? true {
      readyTimes[uid] = ready
      noteTrigger(ready)
    } else if ready == nil {
      readyTimes[uid] = nil
    }
    if isChanged.insert(uid).inserted { changed.append(ChangedPod(id: id, uid: uid)) }
  }

  mutating func noteTrigger(_ time: Timestamp?) {
    guard let time else { return }
    trigger = trigger.map { min($0, time) } ?? time
  }

  mutating func clearChanges() {
    needsFullSync = false
    // Of ten thousand Services few change again soon.
    let isBusy = changed.count > 64
    changed.removeAll(keepingCapacity: isBusy)
    isChanged.removeAll(keepingCapacity: isBusy)
    trigger = nil
  }

  mutating func locate(_ slice: ObjectID, _ contents: EndpointSlice) {
    for endpoint in contents.endpoints {
      guard let uid = endpoint.targetRef?.uid else { continue }
      locate(uid, in: slice)
    }
  }

  mutating func locate(_ uid: UID, in slice: ObjectID) {
    if location[uid]?.contains(slice) != true { location[uid, default: []].append(slice) }
  }

  mutating func forget(_ uid: UID, in slice: ObjectID) {
    location[uid]?.removeAll { $0 == slice }
    if location[uid]?.isEmpty == true { location[uid] = nil }
  }
}
