import ClusterModel

/// What the rules of one node do with a packet, before an endpoint is chosen.
struct Route: Sendable {
  enum Cause: UInt8, Sendable {
    /// To one of a service's endpoints.
    case service
    /// Not to a service: to the destination as it is.
    case direct
    case noEndpoints
    case noLocalEndpoints
    case sourceRange
    /// A cluster IP, on a port that it does not have.
    case unusedPort
    /// An address of the service subnet, or a service's, for which there is no rule.
    case noRule
    /// The same, where free addresses are dropped.
    case freeAddress
  }

  var cause: Cause
  /// In `ServicePortTable`, or -1.
  var port: Int32 = -1
  var kind = ServiceAddressKind.clusterIP
  var version = PortVersion(since: 0)
  var choice = EndpointChoice()
  /// The proxy marks the packet for masquerading.
  var isMarked = false
  /// The same, if the endpoint turns out to be on another node.
  var isMarkedIfRemote = false
  /// The endpoint's node answers the client itself: the packet keeps its source.
  var isRepliedDirectly = false
  /// Follows the client's session affinity.
  var isSticky = false
  /// That affinity has decided: the choice is down to one endpoint.
  var isFollowing = false
  /// The path through a Local external policy that leads to all endpoints after all.
  var isShortCircuit = false
}

/// The endpoints among which a packet's is chosen, all equally likely.
struct EndpointChoice: Sendable {
  /// In `ServicePortTable.endpoints`, or in its `indexes` when indirect.
  var start = 0
  var count = 0
  var isIndirect = false
  /// What an index counts from.
  var base = 0
}

extension ServicePortTable {
  /// The endpoint at `offset` of a choice.
  func endpoint(_ choice: EndpointChoice, _ offset: Int) -> EndpointEntry {
    endpoints[position(choice, offset)]
  }

  func position(_ choice: EndpointChoice, _ offset: Int) -> Int {
    if !choice.isIndirect { return choice.start + offset }
    return choice.base + Int(indexes[choice.start + offset] & 0xFFFF_FFFF)
  }

  /// For the Cluster policy: the ready endpoints, as far as hints allow them here; if none is
  /// ready, those that still serve (pkg/proxy/topology.go CategorizeEndpoints).
  func clusterChoice(_ version: PortVersion, node: Int32, zone: Int32) -> EndpointChoice {
    let base = Int(version.start)
    if version.readyCount == 0 {
      return EndpointChoice(start: base, count: Int(version.terminatingCount))
    }
    if version.nodeHintCount > 0 {
      let hinted = choice(version.indexStart, version.nodeHintCount, node, base)
      if hinted.count > 0 { return hinted }
    }
    if version.zoneHintCount > 0, zone >= 0 {
      let start = version.indexStart + version.nodeHintCount
      let hinted = choice(start, version.zoneHintCount, zone, base)
      if hinted.count > 0 { return hinted }
    }
    return EndpointChoice(start: base, count: Int(version.readyCount))
  }

  /// For the Local policy: the node's own ready endpoints; if none, its own that still serve.
  func localChoice(_ version: PortVersion, node: Int32) -> EndpointChoice {
    let base = Int(version.start)
    let start = version.indexStart + version.nodeHintCount + version.zoneHintCount
    let ready = choice(start, version.localReadyCount, node, base)
    if ready.count > 0 { return ready }
    return choice(start + version.localReadyCount, version.localTerminatingCount, node, base)
  }

  private func choice(
    _ start: Int32, _ count: Int32, _ key: Int32, _ base: Int
  ) -> EndpointChoice {
    if count == 0 { return EndpointChoice() }
    let range = indexRange(start: start, count: count, key: key)
    return EndpointChoice(start: range.lowerBound, count: range.count, isIndirect: true, base: base)
  }
}
