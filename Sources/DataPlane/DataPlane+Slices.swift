import ClusterModel

/// EndpointSlices into endpoints of service ports.
extension DataPlane {
  /// What matters of `slices`, in order of their names; slices that are as in `before` are not
  /// read again.
  mutating func readSlices(
    _ slices: [EndpointSlice], before: [SliceRecord]
  ) -> [SliceRecord] {
    var records: [SliceRecord] = []
    records.reserveCapacity(slices.count)
    for slice in slices {
      let version = slice.metadata.resourceVersion
      let known = before.firstIndex { $0.name == slice.metadata.name }
      if version != 0, let known, before[known].resourceVersion == version {
        records.append(before[known])
      } else if let record = read(slice, knowing: known.map { before[$0].endpoints } ?? []) {
        records.append(record)
      }
    }
    return records.sorted { $0.name < $1.name }
  }

  /// Nil for slices a proxy does not watch: those of headless Services, and names.
  private mutating func read(
    _ slice: EndpointSlice, knowing known: [SliceRecord.Endpoint]
  ) -> SliceRecord? {
    if slice.metadata.labels[EndpointSlice.headlessLabel] != nil { return nil }
    let family: IPAddress.Family
    switch slice.addressType {
    case "IPv4": family = .ipv4
    case "IPv6": family = .ipv6
    default: return nil
    }
    let ports = slice.ports.compactMap { port -> SliceRecord.Port? in
      guard let number = port.port.flatMap({ UInt16(exactly: $0) }), number > 0 else { return nil }
      return SliceRecord.Port(name: port.name ?? "", transport: port.transport, number: number)
    }
    var endpoints: [SliceRecord.Endpoint] = []
    endpoints.reserveCapacity(slice.endpoints.count)
    for index in slice.endpoints.indices where slice.endpoints[index].address.family == family {
      guard !slice.endpoints[index].address.isUnspecified else { continue }
      // Nearly all of a slice that has changed is as it was, and where it was.
      let place = endpoints.count
      if place < known.count, isSame(known[place], as: slice.endpoints[index]) {
        endpoints.append(known[place])
        continue
      }
      let read = read(slice.endpoints[index])
      for port in ports {
        let code = PortSetTable.code(port.transport, port.number)
        targetedPorts.insert(Self.listener(read.address, code))
      }
      endpoints.append(read)
    }
    return SliceRecord(
      name: slice.metadata.name, resourceVersion: slice.metadata.resourceVersion, family: family,
      ports: ports, endpoints: endpoints)
  }

  private func isSame(_ known: SliceRecord.Endpoint, as endpoint: Endpoint) -> Bool {
    guard addresses[known.address].address == endpoint.address,
      known.category == Self.category(of: endpoint),
      known.isTerminating == endpoint.isTerminatingOrUnset, known.hints == 0,
      endpoint.zoneHints.isEmpty, endpoint.nodeHints.isEmpty
    else { return false }
    guard let name = endpoint.nodeName else { return known.node < 0 }
    return known.node >= 0 && nodes[Int(known.node)].name == name
  }

  private static func category(of endpoint: Endpoint) -> EndpointClass {
    if endpoint.isReadyOrUnset { return .ready }
    let isUsable = endpoint.isServingOrUnset && endpoint.isTerminatingOrUnset
    return isUsable ? .terminating : .unusable
  }

  private mutating func read(_ endpoint: Endpoint) -> SliceRecord.Endpoint {
    let isTerminating = endpoint.isTerminatingOrUnset
    let category = Self.category(of: endpoint)
    var hint: Int32 = 0
    if !endpoint.zoneHints.isEmpty || !endpoint.nodeHints.isEmpty {
      hint = hints.intern(
        nodes: endpoint.nodeHints.map { internNode($0) },
        zones: endpoint.zoneHints.map { zoneNames.intern($0) })
    }
    return SliceRecord.Endpoint(
      address: addresses.intern(endpoint.address),
      node: endpoint.nodeName.map { internNode($0) } ?? -1, hints: hint, category: category,
      isTerminating: isTerminating)
  }

  /// Gives `port` the version that follows from the change; returns what the change costs.
  mutating func updateEndpoints(
    of port: Int32, from before: [SliceRecord], to after: [SliceRecord], isMergeable: Bool,
    at revision: UInt32
  ) -> Int {
    let (removed, added) = difference(of: port, from: before, to: after)
    if removed.isEmpty, added.isEmpty { return 0 }
    var version = ports.newest[Int(port)]
    version.since = revision
    // Merging needs every address to be there once only.
    let entries =
      isMergeable
      ? merged(port, removed: removed, added: added) : allEntries(of: port, in: after)
    push(version, entries, on: port)
    return removed.count + added.count
  }

  /// A function of its own, so that nobody holds the old endpoints while new ones are appended:
  /// that would copy them all.
  private func merged(
    _ port: Int32, removed: [EndpointEntry], added: [EndpointEntry]
  ) -> ContiguousArray<EndpointEntry> {
    let last = ports.newest[Int(port)]
    let start = Int(last.start)
    let old = ports.endpoints[start..<(start + last.endpointCount)]
    return EndpointMerge.merged(old, removed: removed, added: added, addresses)
  }

  /// The entries of changed slices that went and came; equal ones are in neither list.
  private func difference(
    of port: Int32, from before: [SliceRecord], to after: [SliceRecord]
  ) -> (removed: [EndpointEntry], added: [EndpointEntry]) {
    var removed: [EndpointEntry] = []
    var added: [EndpointEntry] = []
    var (left, right) = (0, 0)
    while left < before.count || right < after.count {
      let isOld =
        right == after.count || left < before.count && before[left].name < after[right].name
      let isNew =
        left == before.count || right < after.count && after[right].name < before[left].name
      compare(
        isNew ? nil : before[left], isOld ? nil : after[right], port, &removed, &added)
      if !isNew { left += 1 }
      if !isOld { right += 1 }
    }
    return (removed, added)
  }

  private func compare(
    _ old: SliceRecord?, _ new: SliceRecord?, _ port: Int32, _ removed: inout [EndpointEntry],
    _ added: inout [EndpointEntry]
  ) {
    let identity = ports.identities[Int(port)]
    let oldNumber = number(of: identity, in: old)
    let newNumber = number(of: identity, in: new)
    if let old, let new, oldNumber == newNumber {
      guard let number = newNumber else { return }
      let (gone, come) = SliceRecord.changed(from: old.endpoints, to: new.endpoints)
      for endpoint in gone { removed.append(endpoint.entry(port: number, in: addresses)) }
      for endpoint in come { added.append(endpoint.entry(port: number, in: addresses)) }
      return
    }
    if let old, let oldNumber {
      removed += old.endpoints.map { $0.entry(port: oldNumber, in: addresses) }
    }
    if let new, let newNumber {
      added += new.endpoints.map { $0.entry(port: newNumber, in: addresses) }
    }
  }

  private func number(of identity: PortIdentity, in slice: SliceRecord?) -> UInt16? {
    guard let slice, slice.family == identity.family else { return nil }
    return slice.number(of: identity.portName, identity.transport)
  }
}
