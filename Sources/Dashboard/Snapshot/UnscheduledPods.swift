import ControlPlane

/// The pods that no node has yet, in the order of their admission.
///
/// While a large cluster is put up they are most of all pods, and each picture asks for them: so a
/// change costs what has changed, and only so many are shown.
struct UnscheduledPods: Sendable {
  private(set) var ids: [ObjectID] = []

  /// More than anybody scrolls through.
  static let shown = 1_000

  mutating func rebuild(_ store: ObjectStore) {
    ids = []
    store.pods.forEach { id, pod in if !pod.isBound { ids.append(id) } }
    ids.sort()
  }

  /// Takes in that pods have changed, come or gone; returns whether that changes anything.
  ///
  /// - Complexity: linear in the number of changes, and once in that of the pods without a node.
  mutating func renew(_ touched: [ObjectID], _ store: ObjectStore) -> Bool {
    var places: [Int] = []
    var new: [ObjectID] = []
    var isChanged = false
    for id in touched {
      let isWaiting = store.pods[id].map { !$0.isBound } ?? false
      let place = place(of: id)
      let isKnown = place < ids.count && ids[place] == id
      if isKnown, !isWaiting { places.append(place) }
      if !isKnown, isWaiting { new.append(id) }
      isChanged = isChanged || isKnown || isWaiting
    }
    remove(places)
    add(new)
    return isChanged
  }

  private func place(of id: ObjectID) -> Int { ids.firstIndexNotBefore { $0 < id } }

  private mutating func remove(_ places: [Int]) {
    guard let first = places.min() else { return }
    // order-free: only asked whether they hold something.
    let gone = Set(places)
    var end = first
    for index in first..<ids.count where !gone.contains(index) {
      ids[end] = ids[index]
      end += 1
    }
    ids.removeSubrange(end...)
  }

  private mutating func add(_ new: [ObjectID]) {
    guard !new.isEmpty else { return }
    ids += new
    ids.sort()
    // A pod may be among the changes more than once.
    var last: ObjectID?
    ids.removeAll { id in
      defer { last = id }
      return id == last
    }
  }
}
