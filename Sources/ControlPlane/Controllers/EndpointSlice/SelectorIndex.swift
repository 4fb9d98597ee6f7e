import ClusterModel

/// Finds the Services whose selector matches a pod's labels without asking each of them.
struct SelectorIndex: Sendable {
  private struct Anchor: Hashable, Sendable {
    var namespace: String
    /// The selector's first label; nil for an empty selector, which matches every pod.
    var pair: Labels.Pair?
  }

  private var byAnchor: [Anchor: [ObjectID]] = [:]
  /// The last answer: pods of one template ask one after the other.
  private var last: (namespace: String, labels: Labels, services: [ObjectID])?
  private var entries: [ObjectID: (anchor: Anchor, selector: Labels)] = [:]

  mutating func set(_ service: ObjectID, namespace: String, selector: Labels?) {
    last = nil
    guard let selector else {
      remove(service)
      return
    }
    let anchor = Anchor(namespace: namespace, pair: selector.pairs.first)
    if let entry = entries[service], entry.anchor == anchor {
      entries[service] = (anchor, selector)
      return
    }
    remove(service)
    entries[service] = (anchor, selector)
    byAnchor[anchor, default: []].append(service)
  }

  mutating func remove(_ service: ObjectID) {
    last = nil
    guard let entry = entries.removeValue(forKey: service) else { return }
    byAnchor[entry.anchor]?.removeAll { $0 == service }
    if byAnchor[entry.anchor]?.isEmpty == true { byAnchor[entry.anchor] = nil }
  }

  /// `services`, remembering the answer.
  mutating func recall(namespace: String, matching labels: Labels) -> [ObjectID] {
    if let last, last.labels == labels, last.namespace == namespace { return last.services }
    let found = services(namespace: namespace, matching: labels)
    last = (namespace, labels, found)
    return found
  }

  func services(namespace: String, matching labels: Labels) -> [ObjectID] {
    var found: [ObjectID] = []
    for pair in labels.pairs {
      append(Anchor(namespace: namespace, pair: pair), labels, &found)
    }
    append(Anchor(namespace: namespace, pair: nil), labels, &found)
    return found
  }

  private func append(_ anchor: Anchor, _ labels: Labels, _ found: inout [ObjectID]) {
    guard let services = byAnchor[anchor] else { return }
    for id in services {
      guard let selector = entries[id]?.selector else { continue }
      if selector.pairs.allSatisfy({ labels[$0.key] == $0.value }) { found.append(id) }
    }
  }
}
