import ClusterModel

/// Fits new endpoints into slices (reconciler.go reconcileByPortMapping and finalize).
///
/// First into slices that are written anyway, fullest first; then, if what is left does not fill a
/// slice, into the one untouched slice that it comes closest to filling; the rest into new slices.
/// Slices are never merged for their own sake.
struct SlicePacker {
  struct NewSlice {
    var key: SliceReconciler.GroupKey
    var endpoints: [Endpoint]
  }

  private var drafts: [SliceReconciler.Draft]
  private let capacity: Int
  private(set) var created: [NewSlice] = []
  private(set) var deleted: [SliceReconciler.Draft] = []
  private(set) var updated: [SliceReconciler.Draft] = []

  /// The written slices of one family, by where they stand.
  func indices(of family: IPAddress.Family) -> (updated: [Int], created: [Int]) {
    (
      updated.indices.filter { updated[$0].slice.addressType == family.name },
      created.indices.filter { created[$0].key.family == family }
    )
  }

  /// Gives the written slices these endpoints, and writes further ones after them.
  mutating func settle(
    _ contents: [[Endpoint]], _ places: (updated: [Int], created: [Int]),
    also more: [SliceReconciler.Draft]
  ) {
    var rest = contents[...]
    for index in places.updated {
      let endpoints = rest.removeFirst()
      if updated[index].result == endpoints { continue }
      updated[index].update.replacesAll = true
      updated[index].update.added = endpoints
    }
    for index in places.created { created[index].endpoints = rest.removeFirst() }
    for draft in more {
      var draft = draft
      let endpoints = rest.removeFirst()
      if draft.slice.endpoints == endpoints { continue }
      draft.update.replacesAll = true
      draft.update.added = endpoints
      updated.append(draft)
    }
  }

  init(drafts: [SliceReconciler.Draft], capacity: Int) {
    self.drafts = drafts
    self.capacity = capacity
  }

  mutating func pack(_ endpoints: [Endpoint], _ key: SliceReconciler.GroupKey) {
    var rest = endpoints[...]
    let family = key.family.name
    let own = drafts.indices.filter {
      drafts[$0].slice.addressType == family && drafts[$0].slice.ports == key.ports
    }
    let touched = own.filter { drafts[$0].isTouched && drafts[$0].count > 0 }
      .sorted { (drafts[$0].count, $1) > (drafts[$1].count, $0) }
    for index in touched { fill(index, from: &rest) }
    while !rest.isEmpty {
      if rest.count < capacity, let index = closestToFull(own, rest.count) {
        fill(index, from: &rest)
      } else {
        created.append(NewSlice(key: key, endpoints: Array(rest.prefix(capacity))))
        rest = rest.dropFirst(capacity)
      }
    }
  }

  private mutating func fill(_ index: Int, from rest: inout ArraySlice<Endpoint>) {
    let room = max(0, capacity - drafts[index].count)
    let part = rest.prefix(room)
    guard !part.isEmpty else { return }
    drafts[index].update.added += part
    drafts[index].count += part.count
    drafts[index].isTouched = true
    rest = rest.dropFirst(part.count)
  }

  /// The untouched slice with the least room that still takes `count` more.
  private func closestToFull(_ own: [Int], _ count: Int) -> Int? {
    own.filter { !drafts[$0].isTouched && drafts[$0].count + count <= capacity }
      .max { (drafts[$0].count, $1) < (drafts[$1].count, $0) }
  }

  /// Decides which slices go: those of families that the Service has no longer, and empty ones.
  /// New slices take the place of those, and a Service without endpoints keeps one empty slice for
  /// each of its families.
  mutating func finish(families: [IPAddress.Family]) {
    var empty: [SliceReconciler.Draft] = []
    let names = families.map(\.name)
    for index in drafts.indices {
      if !names.isEmpty, !names.contains(drafts[index].slice.addressType) {
        deleted.append(drafts[index])
      } else if drafts[index].count <= 0 {
        empty.append(drafts[index])
      } else if drafts[index].isTouched {
        updated.append(drafts[index])
      }
    }
    recycle(&empty)
    for family in families { keepPlaceholder(of: family, &empty) }
    deleted += empty
  }

  /// Creates are turned into updates of slices that were due for deletion.
  private mutating func recycle(_ empty: inout [SliceReconciler.Draft]) {
    created = created.filter { new in
      guard let index = empty.firstIndex(where: { $0.slice.addressType == new.key.family.name })
      else { return true }
      var draft = empty.remove(at: index)
      draft.update.replacesAll = true
      draft.update.ports = new.key.ports
      draft.update.added = new.endpoints
      updated.append(draft)
      return false
    }
  }

  private mutating func keepPlaceholder(
    of family: IPAddress.Family, _ empty: inout [SliceReconciler.Draft]
  ) {
    let name = family.name
    let isFilled =
      drafts.indices.contains { drafts[$0].count > 0 && drafts[$0].slice.addressType == name }
      || created.contains { $0.key.family == family }
      || updated.contains { $0.slice.addressType == name }
    if isFilled { return }
    guard let index = empty.firstIndex(where: { $0.slice.addressType == name }) else {
      created.append(NewSlice(key: .init(family: family, ports: []), endpoints: []))
      return
    }
    var draft = empty.remove(at: index)
    let isPlaceholder = draft.slice.endpoints.isEmpty && draft.slice.ports.isEmpty
    if isPlaceholder, draft.update.labels == nil { return }
    draft.update.replacesAll = true
    draft.update.ports = []
    updated.append(draft)
  }
}

extension SliceReconciler.Draft {
  /// The endpoints as the update leaves them.
  var result: [Endpoint] {
    var changed = slice
    update.apply(to: &changed)
    return changed.endpoints
  }
}

/// A change of a slice, carried out where the slice lies.
struct SliceUpdate: Hashable, Sendable {
  var labels: Labels?
  var ports: [EndpointSlice.Port]?
  /// Drops what is there before anything is added.
  var replacesAll = false
  var removed: [UID] = []
  var changed: [Endpoint] = []
  var added: [Endpoint] = []
  var trigger: Timestamp?

  static let triggerAnnotation = "endpoints.kubernetes.io/last-change-trigger-time"

  /// The labels a Service's slices carry: its own and three that mark them.
  static func labels(of service: Service) -> Labels {
    var labels = service.metadata.labels
    labels[EndpointSlice.serviceNameLabel] = service.metadata.name
    labels[EndpointSlice.managedByLabel] = EndpointSlice.controllerName
    labels[EndpointSlice.headlessLabel] = service.isHeadless ? "" : nil
    return labels
  }

  func apply(to slice: inout EndpointSlice) {
    if let labels { slice.metadata.labels = labels }
    if let ports { slice.ports = ports }
    if replacesAll {
      slice.endpoints = []
    } else {
      for uid in removed {
        if let place = slice.endpoints.place(ofPod: uid) { slice.endpoints.remove(at: place) }
      }
    }
    for endpoint in changed {
      guard let uid = endpoint.targetRef?.uid else { continue }
      if let place = slice.endpoints.place(ofPod: uid) { slice.endpoints[place] = endpoint }
    }
    slice.endpoints += added
    slice.metadata.annotations[Self.triggerAnnotation] = trigger.map { "\($0)" }
    slice.metadata.generation += 1
  }
}
