import Canvas
import ClusterModel
import ControlPlane
import Spelling

/// The pods that a Service's selector matches, and those that it just misses.
public struct SelectorView: Hashable, Sendable {
  public struct Member: Hashable, Sendable {
    public var name: NamespacedName
    public var sign: StateSign
    public var node: String
    /// What keeps it out; empty for a pod that is matched.
    public var reason = ""
  }

  public var matched: [Member] = []
  public var matchedCount = 0
  /// The nearest first.
  public var missed: [Member] = []

  static let limit = 60

  public init() {}

  init(of service: Service, _ store: ObjectStore) {
    guard let selector = service.selector, !selector.isEmpty else { return }
    let wishes = selector.pairs.map { (key: $0.key, value: $0.value) }
    let matcher = LabelSelector(matchLabels: selector)
    let namespace = service.metadata.namespace
    var near: [(distance: Int, member: Member)] = []
    for id in store.pods(inNamespace: namespace) {
      guard let pod = store.pods[id] else { continue }
      let labels = pod.metadata.labels
      if matcher.matches(labels) {
        matchedCount += 1
        if matched.count < Self.limit { matched.append(Member(pod)) }
      } else if near.count < 20_000, let miss = Self.miss(wishes, labels) {
        var member = Member(pod)
        member.reason = miss.reason
        near.append((miss.distance, member))
      }
    }
    matched.sort { $0.name < $1.name }
    near.sort { ($0.distance, $0.member.name) < ($1.distance, $1.member.name) }
    missed = near.prefix(Self.limit).map(\.member)
  }

  /// How far labels are from what is wished, and by what; nil when they have nothing to do with it.
  ///
  /// A pod that has all labels but one is near; so is one whose value is a slip of the finger away.
  static func miss(
    _ wishes: [(key: String, value: String)], _ labels: Labels
  ) -> (distance: Int, reason: String)? {
    var wrong: [(distance: Int, reason: String)] = []
    for wish in wishes {
      guard let value = labels[wish.key] else {
        wrong.append((12, "has no label \(wish.key)"))
        continue
      }
      guard value != wish.value else { continue }
      wrong.append(
        (
          EditDistance.between(value.lowercased(), wish.value.lowercased()),
          "has \(wish.key)=\(value), not \(wish.value)"
        ))
    }
    guard wrong.count == 1, let only = wrong.first else { return nil }
    if wishes.count > 1 { return only }
    return only.distance <= 2 ? only : nil
  }
}

extension SelectorView.Member {
  fileprivate init(_ pod: Pod) {
    self.init(
      name: NamespacedName(pod.metadata), sign: PodStateText(pod).sign, node: pod.nodeName)
  }
}
