import ClusterModel

/// A virtual server of a node with its destinations.
struct VirtualServer: Sendable {
  struct Destination: Sendable {
    var address: IPAddress
    var port: UInt16
    /// Zero for one that is on its way out (pkg/proxy/ipvs/graceful_termination.go).
    var weight: Int
    var load: BackendLoads.Load
  }

  var transport: TransportProtocol
  var address: IPAddress
  var port: UInt16
  var affinitySeconds: Int
  var destinations: [Destination]
}

extension DataPlane {
  /// The addresses on `kube-ipvs0`, in order: those of every Service that the node knows of.
  public func ipvsAddresses(on node: NodeIndex, _ family: IPAddress.Family) -> [IPAddress] {
    guard configuration.proxyMode == .ipvs, let rules = rules(on: node, family) else { return [] }
    let all = rules.ports.flatMap { port in
      [port.definition.clusterIP] + port.definition.externalIPs + port.definition.loadBalancerIPs
    }
    return Set(all).sorted()
  }

  func virtualServers(on node: NodeIndex) -> [VirtualServer] {
    guard configuration.proxyMode == .ipvs else { return [] }
    let busy = conntrack.loads?.busy(on: node.value) ?? []
    var servers: [VirtualServer] = []
    for family in [IPAddress.Family.ipv4, .ipv6] {
      guard let rules = rules(on: node, family) else { continue }
      for port in rules.ports { servers += self.servers(of: port, rules, at: node.value, busy) }
    }
    return servers.sorted { left, right in
      (left.address.family, left.transport, left.address.signedOrder, left.port)
        < (right.address.family, right.transport, right.address.signedOrder, right.port)
    }
  }

  private func servers(
    of port: ProgrammedPort, _ rules: NodeRules, at node: Int32, _ busy: Set<BackendKey>
  ) -> [VirtualServer] {
    let definition = port.definition
    let inside = port.isInternalLocal && !port.localBackends.isEmpty
    let outside = port.isExternalLocal && !port.localBackends.isEmpty
    func server(_ address: IPAddress, _ number: UInt16, isLocal: Bool) -> VirtualServer {
      VirtualServer(
        transport: definition.transport, address: address, port: number,
        affinitySeconds: definition.affinitySeconds,
        destinations: destinations(
          isLocal ? port.localBackends : port.clusterBackends, address, number,
          definition.transport, at: node, busy))
    }
    var all = [server(definition.clusterIP, definition.port, isLocal: inside)]
    for address in definition.externalIPs + definition.loadBalancerIPs {
      all.append(server(address, definition.port, isLocal: outside))
    }
    if definition.nodePort != 0 {
      for address in rules.nodePortIPs ?? rules.ownAddresses {
        all.append(server(address, definition.nodePort, isLocal: outside))
      }
    }
    return all
  }

  private func destinations(
    _ backends: [ProgrammedPort.Backend], _ address: IPAddress, _ port: UInt16,
    _ transport: TransportProtocol, at node: Int32, _ busy: Set<BackendKey>
  ) -> [VirtualServer.Destination] {
    let server = addresses.find(address)
    func load(_ endpoint: IPAddress, _ endpointPort: UInt16) -> BackendLoads.Load {
      let id = addresses.find(endpoint)
      guard server >= 0, id >= 0, let loads = conntrack.loads else { return BackendLoads.Load() }
      return loads[
        BackendKey(
          node: node, server: server, serverPort: port, transport: transport, endpoint: id,
          endpointPort: endpointPort)]
    }
    var all = backends.map { backend in
      VirtualServer.Destination(
        address: backend.address, port: backend.port, weight: 1,
        load: load(backend.address, backend.port))
    }
    // A backend that has gone stays with weight 0 while it has TCP connections.
    // order-free: what is added is sorted below.
    for key in busy where key.server == server && key.serverPort == port && transport == .tcp {
      let end = addresses[key.endpoint].address
      guard key.transport == transport,
        !backends.contains(where: { $0.address == end && $0.port == key.endpointPort })
      else { continue }
      all.append(
        VirtualServer.Destination(
          address: end, port: key.endpointPort, weight: 0, load: load(end, key.endpointPort)))
    }
    return all.sorted { ($0.address.signedOrder, $0.port) < ($1.address.signedOrder, $1.port) }
  }
}

extension IPAddress {
  /// `ipvsadm` sorts IPv4 addresses as signed numbers: 192.168.0.1 comes before 10.96.0.1.
  fileprivate var signedOrder: Int128 {
    family == .ipv4
      ? Int128(Int32(bitPattern: v4))
      : Int128(bitPattern: UInt128(high) << 64 | UInt128(low))
  }
}

/// `ipvsadm -Ln`.
struct IPVSAdm {
  let servers: [VirtualServer]
  let scheduler: IPVSScheduler

  private static let title = "IP Virtual Server version 1.2.1 (size=4096)\n"

  var list: String {
    var text =
      Self.title + "Prot LocalAddress:Port Scheduler Flags\n"
      + "  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n"
    for server in servers {
      text += "\(name(server)) \(scheduler.rawValue)\(scheduler.flags)"
      if server.affinitySeconds > 0 { text += " persistent \(server.affinitySeconds)" }
      text += "\n"
      for destination in server.destinations {
        text += "  -> " + padded(end(destination), 28) + " " + padded("Masq", 7) + " "
        text += padded("\(destination.weight)", 6) + " "
        text += padded("\(destination.load.active)", 10) + " "
        text += padded("\(destination.load.inactive)", 10) + "\n"
      }
    }
    return text
  }

  /// With `--stats`. A connection counts as the six and five packets of a short TCP exchange.
  var statistics: String {
    var text =
      Self.title
      + "Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes\n"
      + "  -> RemoteAddress:Port\n"
    for server in servers {
      let total = server.destinations.map(\.load.total).reduce(0, +)
      text += padded(name(server), 33) + numbers(total, server.transport) + "\n"
      for destination in server.destinations {
        text += "  -> " + padded(end(destination), 28)
        text += numbers(destination.load.total, server.transport) + "\n"
      }
    }
    return text
  }

  private func numbers(_ connections: Int64, _ transport: TransportProtocol) -> String {
    let isTCP = transport != .udp
    let columns = [
      connections, connections * (isTCP ? 6 : 1), connections * (isTCP ? 5 : 1),
      connections * (isTCP ? 398 : 70), connections * (isTCP ? 431 : 120),
    ]
    return columns.map { number in
      let text = "\(number)"
      return String(repeating: " ", count: max(0, 9 - text.utf8.count)) + text
    }.joined()
  }

  private func name(_ server: VirtualServer) -> String {
    "\(server.transport.name)  " + PacketTrace.Packet.text(server.address, server.port)
  }

  private func end(_ destination: VirtualServer.Destination) -> String {
    PacketTrace.Packet.text(destination.address, destination.port)
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.utf8.count))
  }
}
