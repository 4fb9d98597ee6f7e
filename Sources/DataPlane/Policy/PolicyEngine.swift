import ClusterModel
import SimulationCore

/// The policies of the cluster and the pods they speak of, compiled for packets.
///
/// A change of a policy, or of a pod's or namespace's labels, is true for a node from the number of
/// the change on that the node's agent has applied. All versions lie in the same tables; a lookup
/// takes those that are valid at the agent's number. So thousands of agents cost nothing.
struct PolicyEngine: Sendable {
  /// One version of a policy.
  struct Version: Sendable {
    var policy: Int32
    var since: UInt32
    /// The change that replaced or deleted it.
    var until = UInt32.max
    /// Of the pods it isolates.
    var selector: Int32
    var isolates: [Bool]
    var ingress: PoolRange
    var egress: PoolRange
  }

  /// A version that isolates an identity, in the list of that identity and direction.
  private struct Entry: Sendable {
    var version: Int32
    var since: UInt32
    var until: UInt32
    var rules: PoolRange
    var next: Int32
  }

  /// Who has an address, from a change on.
  private struct Holder: Sendable {
    var identity: Int32 = -1
    var since: UInt32 = 0
    /// In `earlier`.
    var older: Int32 = -1
  }

  /// A policy by name, with its newest version in `versions`; -1 once it was deleted.
  struct Policy: Sendable {
    var key: ServiceKey
    var version: Int32 = -1
    var content: NetworkPolicy?
  }

  /// Nothing has to be known of pods before the first policy comes.
  private(set) var isActive = false
  /// Policies there are now.
  private(set) var count = 0
  /// Some pod is isolated for the direction, in a version that some agent may have.
  private(set) var isolatesIngress = false
  private(set) var isolatesEgress = false
  private(set) var policies: [Policy] = []
  private var policyIDs: [ServiceKey: Int32] = [:]
  private(set) var versions: [Version] = []
  private(set) var rules = PolicyRules()
  private(set) var matrix = SelectorMatrix()
  private var names = NameTable()
  private var namespaceLabels: [Labels] = []

  private var entries: ContiguousArray<Entry> = []
  /// By identity, for each direction; -1 ends a list.
  private var firstIngress: ContiguousArray<Int32> = []
  private var firstEgress: ContiguousArray<Int32> = []
  /// By the data plane's number of an address.
  private var holders: ContiguousArray<Holder> = []
  private var earlier: ContiguousArray<Holder> = []

  mutating func activate() { isActive = true }

  /// The newest content of a policy; nil when there is none.
  func content(of key: ServiceKey) -> NetworkPolicy? {
    policyIDs[key].flatMap { policies[Int($0)].content }
  }

  // MARK: Changes

  mutating func setNamespace(_ name: String, labels: Labels) -> Bool {
    let id = internNamespace(name)
    guard namespaceLabels[Int(id)] != labels else { return false }
    namespaceLabels[Int(id)] = labels
    return true
  }

  private mutating func internNamespace(_ name: String) -> Int32 {
    let id = names.intern(name)
    while namespaceLabels.count <= Int(id) { namespaceLabels.append(Labels()) }
    return id
  }

  /// Gives an address to a pod from `revision` on.
  mutating func hold(
    _ address: Int32, namespace: String, labels: Labels, _ containers: [Container],
    since revision: UInt32, knownToAll: UInt32
  ) {
    let id = internNamespace(namespace)
    var ports: [PolicyIdentity.NamedPort] = []
    for port in containers.flatMap(\.ports) where !port.name.isEmpty {
      guard let number = UInt16(exactly: port.containerPort) else { continue }
      ports.append(
        .init(name: names.intern(port.name), transport: port.transport, number: number))
    }
    let identity = PolicyIdentity(
      namespace: id, namespaceLabels: namespaceLabels[Int(id)], labels: labels, ports: ports)
    set(address, identify(identity), since: revision, knownToAll)
  }

  mutating func release(_ address: Int32, since revision: UInt32, knownToAll: UInt32) {
    guard Int(address) < holders.count, holders[Int(address)].identity >= 0 else { return }
    set(address, -1, since: revision, knownToAll)
  }

  private mutating func identify(_ identity: PolicyIdentity) -> Int32 {
    let (id, isNew) = matrix.intern(identity)
    guard isNew else { return id }
    firstIngress.append(-1)
    firstEgress.append(-1)
    for version in versions.indices where matrix.matches(versions[version].selector, id) {
      isolate(id, Int32(version))
    }
    return id
  }

  private mutating func set(
    _ address: Int32, _ identity: Int32, since revision: UInt32, _ knownToAll: UInt32
  ) {
    while holders.count <= Int(address) { holders.append(Holder()) }
    var old = holders[Int(address)]
    if old.identity == identity { return }
    var new = Holder(identity: identity, since: revision)
    if old.since <= knownToAll { old.older = -1 }
    if old.identity >= 0 || old.since > knownToAll {
      earlier.append(old)
      new.older = Int32(earlier.count - 1)
    }
    holders[Int(address)] = new
    if earlier.count > 4096 + holders.count { forgetEarlier(knownToAll) }
  }

  /// Drops who had an address before, where every agent knows who has it now.
  private mutating func forgetEarlier(_ knownToAll: UInt32) {
    var kept: ContiguousArray<Holder> = []
    for address in holders.indices {
      var older = holders[address].older
      holders[address].older = -1
      if holders[address].since <= knownToAll { continue }
      var chain: [Holder] = []
      while older >= 0 {
        let holder = earlier[Int(older)]
        chain.append(holder)
        older = holder.since <= knownToAll ? -1 : holder.older
      }
      for var holder in chain.reversed() {
        holder.older = holders[address].older
        kept.append(holder)
        holders[address].older = Int32(kept.count - 1)
      }
    }
    earlier = kept
  }

  /// A policy was written, or (nil) deleted, by change `revision`.
  mutating func set(_ content: NetworkPolicy?, _ key: ServiceKey, since revision: UInt32) {
    let id = policyIDs[key] ?? Int32(policies.count)
    if Int(id) == policies.count {
      policies.append(Policy(key: key))
      policyIDs[key] = id
    }
    let old = policies[Int(id)].version
    if old >= 0 { end(old, at: revision) }
    count += (content == nil ? 0 : 1) - (old < 0 ? 0 : 1)
    policies[Int(id)].version = -1
    policies[Int(id)].content = content
    if let content { add(content, id, key, since: revision) }
  }

  private mutating func add(
    _ content: NetworkPolicy, _ id: Int32, _ key: ServiceKey, since revision: UInt32
  ) {
    let namespace = internNamespace(key.namespace)
    let selector = matrix.intern(
      PodSelector(namespace: namespace, namespaces: nil, pods: content.selector))
    let version = Version(
      policy: id, since: revision, selector: selector,
      isolates: NetworkPolicy.Direction.allCases.map(content.directions.contains),
      ingress: rules.add(content.ingress, of: namespace, &matrix, &names),
      egress: rules.add(content.egress, of: namespace, &matrix, &names))
    versions.append(version)
    policies[Int(id)].version = Int32(versions.count - 1)
    for identity in 0..<Int32(matrix.identities.count)
    where matrix.matches(selector, identity) {
      isolate(identity, Int32(versions.count - 1))
    }
  }

  private mutating func isolate(_ identity: Int32, _ number: Int32) {
    let version = versions[Int(number)]
    var entry = Entry(
      version: number, since: version.since, until: version.until, rules: version.ingress, next: -1)
    if version.isolates[0] {
      entry.next = firstIngress[Int(identity)]
      firstIngress[Int(identity)] = Int32(entries.count)
      isolatesIngress = true
      entries.append(entry)
    }
    if version.isolates[1] {
      entry.rules = version.egress
      entry.next = firstEgress[Int(identity)]
      firstEgress[Int(identity)] = Int32(entries.count)
      isolatesEgress = true
      entries.append(entry)
    }
  }

  private mutating func end(_ version: Int32, at revision: UInt32) {
    versions[Int(version)].until = revision
    for index in entries.indices where entries[index].version == version {
      entries[index].until = revision
    }
  }

  /// Forgets versions that no agent uses any more, once they are more than those in use.
  mutating func compact(knownToAll: UInt32) {
    guard versions.count > 64, versions.count > count * 2 else { return }
    let kept = versions.filter { $0.until > knownToAll }
    guard kept.allSatisfy({ $0.until == .max }) else { return }
    rules = PolicyRules()
    matrix.removeSelectors()
    versions = []
    entries = []
    (isolatesIngress, isolatesEgress) = (false, false)
    for identity in firstIngress.indices {
      firstIngress[identity] = -1
      firstEgress[identity] = -1
    }
    for version in kept {
      let policy = policies[Int(version.policy)]
      guard let content = policy.content else { continue }
      add(content, version.policy, policy.key, since: version.since)
    }
  }

  // MARK: Packets

  /// Who has the address, as an agent knows that has applied change `revision`; -1 for no pod.
  @inline(__always)
  func peer(_ address: Int32, at revision: UInt32) -> Int32 {
    guard address >= 0, Int(address) < holders.count else { return -1 }
    var holder = holders[Int(address)]
    while holder.since > revision {
      if holder.older < 0 { return -1 }
      holder = earlier[Int(holder.older)]
    }
    return holder.identity
  }

  /// The pod that has the address, as its own node's agent knows it: from the start, since a pod is
  /// isolated before its containers run; changed labels come as late as to every other agent.
  @inline(__always)
  func subject(_ address: Int32, at revision: UInt32) -> Int32 {
    guard address >= 0, Int(address) < holders.count else { return -1 }
    var holder = holders[Int(address)]
    while holder.since > revision, holder.older >= 0 {
      let older = earlier[Int(holder.older)]
      if older.identity < 0 { break }
      holder = older
    }
    return holder.identity
  }

  /// Whether policies keep a packet from, or to, a pod of `identity`.
  @inline(__always)
  func denies(
    _ direction: NetworkPolicy.Direction, _ identity: Int32, _ packet: borrowing PolicyPacket,
    at revision: UInt32
  ) -> Bool {
    if identity < 0 { return false }
    var next =
      direction == .ingress ? firstIngress[Int(identity)] : firstEgress[Int(identity)]
    var isIsolated = false
    while next >= 0 {
      let entry = entries[Int(next)]
      next = entry.next
      guard entry.since <= revision, revision < entry.until else { continue }
      if rules.firstMatch(entry.rules, packet, matrix) != nil { return false }
      isIsolated = true
    }
    return isIsolated
  }

  /// What each policy that isolates the identity says of the packet, by name.
  func opinions(
    _ direction: NetworkPolicy.Direction, _ identity: Int32, _ packet: PolicyPacket,
    at revision: UInt32
  ) -> [PolicyOpinion] {
    if identity < 0 { return [] }
    var found: [PolicyOpinion] = []
    var next =
      direction == .ingress ? firstIngress[Int(identity)] : firstEgress[Int(identity)]
    while next >= 0 {
      let entry = entries[Int(next)]
      next = entry.next
      guard entry.since <= revision, revision < entry.until else { continue }
      let key = policies[Int(versions[Int(entry.version)].policy)].key
      found.append(
        PolicyOpinion(
          namespace: key.namespace, name: key.name,
          rule: rules.firstMatch(entry.rules, packet, matrix)))
    }
    return found.sorted { ($0.namespace, $0.name) < ($1.namespace, $1.name) }
  }

  func digest(into hasher: inout StateHasher) {
    hasher.combine(count)
    hasher.combine(versions.count)
    for holder in holders {
      hasher.combine(Int(holder.identity))
      hasher.combine(Int(holder.since))
    }
  }
}

/// What a policy that isolates a pod says of a packet.
public struct PolicyOpinion: Hashable, Sendable {
  public var namespace: String
  public var name: String
  /// The place of the first rule that allows it, counted from zero; nil when none does.
  public var rule: Int?

  /// `default/allow-web`.
  public var text: String { "\(namespace)/\(name)" }
}
