import ClusterModel

/// Everything of a pod that a policy can ask about.
///
/// Pods of one template share an identity, so a cluster has few of them; what a selector says of an
/// identity never changes, because another label or another label of its namespace makes another
/// identity.
struct PolicyIdentity: Hashable, Sendable {
  /// A container port with a name that rules may use.
  struct NamedPort: Hashable, Sendable {
    var name: Int32
    var transport: TransportProtocol
    var number: UInt16
  }

  /// In the engine's table of names.
  var namespace: Int32
  var namespaceLabels: Labels
  var labels: Labels
  var ports: [NamedPort]
}

/// A selector of pods as part of a policy: of one namespace, or of those whose labels match.
struct PodSelector: Hashable, Sendable {
  /// The policy's own namespace, where there is no namespace selector.
  var namespace: Int32
  var namespaces: LabelSelector?
  var pods: LabelSelector?

  func matches(_ identity: PolicyIdentity) -> Bool {
    if let namespaces {
      guard namespaces.matches(identity.namespaceLabels) else { return false }
    } else if identity.namespace != namespace {
      return false
    }
    return pods?.matches(identity.labels) ?? true
  }
}

/// Which selectors match which identities: one bit each, so that a packet compares no text.
struct SelectorMatrix: Sendable {
  private(set) var identities: [PolicyIdentity] = []
  private var identityIDs: [PolicyIdentity: Int32] = [:]
  /// The identities' named ports, flat.
  private var namedPorts: ContiguousArray<PolicyIdentity.NamedPort> = []
  private var portRanges: ContiguousArray<PoolRange> = []
  private var selectors: [PodSelector] = []
  private var selectorIDs: [PodSelector: Int32] = [:]
  /// `stride` words for each identity.
  private var bits: ContiguousArray<UInt64> = []
  private var stride = 1

  func matches(_ selector: Int32, _ identity: Int32) -> Bool {
    let word = bits[Int(identity) * stride + Int(selector >> 6)]
    return word >> UInt64(selector & 63) & 1 == 1
  }

  /// Whether the port of this name is `number` on the identity's pods.
  func hasPort(
    _ identity: Int32, _ name: Int32, _ transport: TransportProtocol, _ number: UInt16
  ) -> Bool {
    for index in portRanges[Int(identity)].indices {
      let port = namedPorts[index]
      if port.name == name, port.transport == transport, port.number == number { return true }
    }
    return false
  }

  /// The identity's id, and whether it is new.
  mutating func intern(_ identity: PolicyIdentity) -> (id: Int32, isNew: Bool) {
    if let id = identityIDs[identity] { return (id, false) }
    let id = Int32(identities.count)
    identities.append(identity)
    identityIDs[identity] = id
    portRanges.append(
      PoolRange(start: Int32(namedPorts.count), count: Int32(identity.ports.count)))
    namedPorts += identity.ports
    bits.append(contentsOf: repeatElement(0, count: stride))
    for selector in selectors.indices where selectors[selector].matches(identity) {
      set(Int32(selector), id)
    }
    return (id, true)
  }

  /// - Complexity: O(identities) for a selector that is new.
  mutating func intern(_ selector: PodSelector) -> Int32 {
    if let id = selectorIDs[selector] { return id }
    let id = Int32(selectors.count)
    selectors.append(selector)
    selectorIDs[selector] = id
    if selectors.count > stride * 64 { widen() }
    for identity in identities.indices where selector.matches(identities[identity]) {
      set(id, Int32(identity))
    }
    return id
  }

  mutating func removeSelectors() {
    selectors = []
    selectorIDs = [:]
    stride = 1
    bits = ContiguousArray(repeating: 0, count: identities.count)
  }

  private mutating func set(_ selector: Int32, _ identity: Int32) {
    bits[Int(identity) * stride + Int(selector >> 6)] |= 1 << UInt64(selector & 63)
  }

  private mutating func widen() {
    var wider = ContiguousArray<UInt64>(repeating: 0, count: identities.count * stride * 2)
    for identity in identities.indices {
      for word in 0..<stride {
        wider[identity * stride * 2 + word] = bits[identity * stride + word]
      }
    }
    bits = wider
    stride *= 2
  }
}
