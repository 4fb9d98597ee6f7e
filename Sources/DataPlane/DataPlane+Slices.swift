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
      let name = slice.metadata.name
      let known = before.indices.first { before[$0].name == name }
      if version != 0, let known, before[known].resourceVersion == version {
        records.append(before[known])
      } else if let record = read(slice, knowing: known.map { before[$0].endpoints } ?? []) {
        records.append(record)
      }
    }
    let isSorted = records.indices.dropFirst().allSatisfy {
      records[$0 - 1].name < records[$0].name
    }
    return isSorted ? records : records.sorted { $0.name < $1.name }
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
    let given = slice.endpoints
    for index in given.indices where given[index].address.family == family {
      guard !given[index].address.isUnspecified else { continue }
      // Nearly all of a slice that has changed is as it was, and where it was.
      let place = endpoints.count
      if place < known.count, isSame(known[place], as: given, index) {
        endpoints.append(known[place])
        continue
      }
      let read = read(given[index])
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

  /// By its place: a copy of an endpoint is a dozen counts.
  @inline(__always)
  private func isSame(
    _ known: SliceRecord.Endpoint, as endpoints: [Endpoint], _ index: Int
  ) -> Bool {
    let isTerminating = endpoints[index].isTerminating ?? false
    let category = Self.category(
      isReady: endpoints[index].isReady ?? true, isServing: endpoints[index].isServing ?? true,
      isTerminating: isTerminating)
    guard addresses.records[Int(known.address)].address == endpoints[index].address,
      known.category == category, known.isTerminating == isTerminating, known.hints == 0,
      endpoints[index].zoneHints.isEmpty, endpoints[index].nodeHints.isEmpty
    else { return false }
    guard let name = endpoints[index].nodeName else { return known.node < 0 }
    return known.node >= 0 && nodes[Int(known.node)].name == name
  }

  private static func category(
    isReady: Bool, isServing: Bool, isTerminating: Bool
  ) -> EndpointClass {
    isReady ? .ready : isServing && isTerminating ? .terminating : .unusable
  }

  private mutating func read(_ endpoint: Endpoint) -> SliceRecord.Endpoint {
    let isTerminating = endpoint.isTerminatingOrUnset
    let category = Self.category(
      isReady: endpoint.isReadyOrUnset, isServing: endpoint.isServingOrUnset,
      isTerminating: isTerminating)
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

  /// Gives `port` the version that follows from the changes; returns what they cost.
  mutating func updateEndpoints(
    of port: Int32, by changes: [SliceChange], to slices: [SliceRecord], isMergeable: Bool,
    at revision: UInt32
  ) -> Int {
    var (removed, added): ([EndpointEntry], [EndpointEntry]) = ([], [])
    for change in changes {
      change.append(of: ports.identities[Int(port)], to: &removed, &added)
    }
    if removed.isEmpty, added.isEmpty { return 0 }
    var version = ports.newest[Int(port)]
    version.since = revision
    // Merging needs every address to be there once only.
    if isMergeable {
      ports.push(version, removing: removed, adding: added, on: port, hints: hints, addresses)
      setCodes(of: port)
    } else {
      push(version, allEntries(of: port, in: slices), on: port)
    }
    return removed.count + added.count
  }
}
