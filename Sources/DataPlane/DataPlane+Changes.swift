import ClusterModel
import SimulationCore

/// Services and EndpointSlices: what each proxy learns later.
extension DataPlane {
  /// A Service was written, or deleted (nil).
  public mutating func serviceChanged(
    namespace: String, name: String, to service: Service?, at now: Instant
  ) {
    let id = internService(namespace, name)
    let definitions = service.map(PortDefinition.all) ?? []
    // A change that no rule depends on wakes no proxy (pkg/proxy/servicechangetracker.go).
    guard definitions != services[id].definitions else { return }
    let revision = nextRevision()
    let before = services[id]
    services[id].definitions = definitions
    services[id].ports = definitions.map { internPort($0, of: id) }
    close(before, keeping: services[id], at: revision)
    var cost = 0
    for (definition, port) in zip(definitions, services[id].ports) {
      cost += openPort(port, definition, was: before, of: id, at: revision)
    }
    for port in before.ports where !services[id].ports.contains(port) {
      ports.setDefinition(nil, of: port)
      push(PortVersion(since: revision), [], on: port)
    }
    announce(
      cost: cost, of: id, hasDatagrams: Self.hasDatagrams(before.definitions + definitions), at: now
    )
  }

  private static func hasDatagrams(_ definitions: [PortDefinition]) -> Bool {
    definitions.contains { $0.transport == .udp }
  }

  /// The slices that carry the name of `service` in their label have become `slices`, in all.
  public mutating func endpointsChanged(
    namespace: String, service: String, to slices: [EndpointSlice], at now: Instant
  ) {
    let id = internService(namespace, service)
    let before = services[id].slices
    let records = readSlices(slices, before: before)
    services[id].slices = records
    let changes = SliceChange.all(from: before, to: records)
    guard !changes.isEmpty else { return }
    let hadDuplicates = services[id].duplicateCount > 0
    for change in changes { services[id].count(change) }
    let isMergeable = !hadDuplicates && services[id].duplicateCount == 0
    let revision = nextRevision()
    var cost = 0
    for port in services[id].ports {
      cost += updateEndpoints(
        of: port, by: changes, to: records, isMergeable: isMergeable, at: revision)
    }
    announce(
      cost: cost, of: id, hasDatagrams: Self.hasDatagrams(services[id].definitions), at: now)
  }

  private mutating func internService(_ namespace: String, _ name: String) -> Int {
    let key = ServiceKey(namespace: namespace, name: name)
    if let id = serviceIDs[key] { return id }
    serviceIDs[key] = services.count
    services.append(ServiceRecord(namespace: namespace, name: name))
    return services.count - 1
  }

  private mutating func internPort(_ definition: PortDefinition, of service: Int) -> Int32 {
    for port in services[service].knownPorts {
      let identity = ports.identities[Int(port)]
      if identity.portName == definition.portName, identity.transport == definition.transport,
        identity.family == definition.family
      {
        return port
      }
    }
    let record = services[service]
    let port = ports.add(
      PortIdentity(
        namespace: record.namespace, service: record.name, portName: definition.portName,
        transport: definition.transport, family: definition.family))
    services[service].knownPorts.append(port)
    return port
  }

  /// Ends the addresses that `before` had and `after` has not.
  private mutating func close(
    _ before: ServiceRecord, keeping after: ServiceRecord, at revision: UInt32
  ) {
    for (definition, port) in zip(before.definitions, before.ports) {
      let kept = Self.addresses(of: port, in: after)
      for address in definition.addresses where !kept.contains(where: { $0 == address }) {
        if address.key.isWhole {
          wholeAddresses.close(address.key, port: port, at: revision)
        } else {
          serviceAddresses.close(address.key, port: port, at: revision)
        }
      }
    }
  }

  private static func addresses(
    of port: Int32, in record: ServiceRecord
  ) -> [(key: ServiceAddressKey, kind: ServiceAddressKind)] {
    guard let index = record.ports.firstIndex(of: port) else { return [] }
    return record.definitions[index].addresses
  }

  private mutating func openPort(
    _ port: Int32, _ definition: PortDefinition, was before: ServiceRecord, of service: Int,
    at revision: UInt32
  ) -> Int {
    let open = Self.addresses(of: port, in: before)
    for address in definition.addresses where !open.contains(where: { $0 == address }) {
      if address.key.isWhole {
        wholeAddresses.open(address.key, kind: address.kind, port: port, at: revision)
      } else {
        serviceAddresses.open(address.key, kind: address.kind, port: port, at: revision)
      }
    }
    if let index = before.ports.firstIndex(of: port), before.definitions[index] == definition {
      return 0
    }
    ports.setDefinition(definition, of: port)
    if definition.healthCheckNodePort != 0 {
      healthCheckPorts[definition.healthCheckNodePort] = port
    }
    var version = PortVersion(since: revision)
    version.policy = definition.policy
    version.affinitySeconds = Int32(definition.affinitySeconds)
    version.sourceRanges = internSourceRanges(definition.sourceRanges)
    version.definition = ports.keep(definition)
    let entries = allEntries(of: port, in: services[service].slices)
    push(version, entries, on: port)
    return entries.count + 1
  }

  private mutating func internSourceRanges(_ ranges: [CIDR]) -> Int32 {
    if ranges.isEmpty { return -1 }
    if let known = sourceRanges.firstIndex(of: ranges) { return Int32(known) }
    sourceRanges.append(ranges)
    return Int32(sourceRanges.count - 1)
  }

  func allEntries(
    of port: Int32, in slices: [SliceRecord]
  ) -> ContiguousArray<EndpointEntry> {
    let identity = ports.identities[Int(port)]
    var entries: ContiguousArray<EndpointEntry> = []
    for slice in slices where slice.family == identity.family {
      guard let number = slice.number(of: identity.portName, identity.transport) else { continue }
      for endpoint in slice.endpoints {
        entries.append(endpoint.entry(port: number))
      }
    }
    return EndpointMerge.sorted(entries, addresses)
  }

  /// Gives `port` a version with these endpoints, in order and by class.
  mutating func push(
    _ version: PortVersion, _ entries: ContiguousArray<EndpointEntry>, on port: Int32
  ) {
    ports.push(version, sorted: entries, on: port, hints: hints)
    setCodes(of: port)
  }

  /// Gives the endpoints that have none their codes, unless nothing listens there.
  mutating func setCodes(of port: Int32) {
    let transport = ports.identities[Int(port)].transport
    for position in ports.newestRange(of: port) where ports.codes[position] == FrameTable.none {
      let target = ports.targets[position]
      let portSet = addresses.targets[Int(target.address)].portSet
      let code = PortSetTable.code(transport, target.port)
      guard portSet < 0 || portSets.contains(code, in: portSet) else { continue }
      ports.setCode(addresses.code(of: target.address), at: position)
    }
  }

  /// Forgets the versions that no node at `revision` or later uses.
  mutating func prunePorts(upTo revision: UInt32) {
    ports.prune(upTo: revision)
    addresses.forgetCodes()
    for port in 0..<Int32(ports.count) where ports.newest[Int(port)].since != .max {
      setCodes(of: port)
    }
  }
}
