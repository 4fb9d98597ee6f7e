import ClusterModel

/// What kube-proxy of one address family makes of one port of a Service (pkg/proxy/serviceport.go).
struct PortDefinition: Hashable, Sendable {
  var portName: String
  var transport: TransportProtocol
  var family: IPAddress.Family
  var port: UInt16
  /// Zero when unset.
  var nodePort: UInt16
  var clusterIP: IPAddress
  var externalIPs: [IPAddress]
  /// Ingress addresses with ipMode VIP.
  var loadBalancerIPs: [IPAddress]
  /// Empty: from everywhere.
  var sourceRanges: [CIDR]
  var affinitySeconds: Int
  /// Zero for none.
  var healthCheckNodePort: UInt16
  var policy: PolicyFlags

  /// Every way to address the port.
  var addresses: [(key: ServiceAddressKey, kind: ServiceAddressKind)] {
    var all = [(ServiceAddressKey(clusterIP, port, transport), ServiceAddressKind.clusterIP)]
    all += externalIPs.map { (ServiceAddressKey($0, port, transport), .externalIP) }
    all += loadBalancerIPs.map { (ServiceAddressKey($0, port, transport), .loadBalancer) }
    if nodePort != 0 {
      all.append((ServiceAddressKey(nodePort: nodePort, transport, family), .nodePort))
    }
    all.append((ServiceAddressKey(anyPortOf: clusterIP), .clusterIP))
    all += externalIPs.map { (ServiceAddressKey(anyPortOf: $0), .externalIP) }
    all += loadBalancerIPs.map { (ServiceAddressKey(anyPortOf: $0), .loadBalancer) }
    return all
  }

  /// The ports of `service`, family by family; none when kube-proxy leaves the Service alone
  /// (pkg/proxy/util/utils.go ShouldSkipService).
  static func all(of service: Service) -> [PortDefinition] {
    if service.isHeadless || service.type == .externalName { return [] }
    if service.metadata.labels["service.kubernetes.io/service-proxy-name"] != nil { return [] }
    var definitions: [PortDefinition] = []
    for clusterIP in service.clusterIPs
    where !definitions.contains(where: { $0.family == clusterIP.family }) {
      for port in service.ports {
        if let definition = PortDefinition(port, of: service, clusterIP) {
          definitions.append(definition)
        }
      }
    }
    return definitions
  }

  private init?(_ servicePort: ServicePort, of service: Service, _ clusterIP: IPAddress) {
    guard let port = UInt16(exactly: servicePort.port), port > 0 else { return nil }
    let family = clusterIP.family
    portName = servicePort.name
    transport = servicePort.transport
    self.family = family
    self.port = port
    nodePort = UInt16(exactly: servicePort.nodePort) ?? 0
    self.clusterIP = clusterIP
    externalIPs = Self.unique(service.externalIPs.compactMap { IPAddress($0) }, family)
    loadBalancerIPs = Self.unique(
      service.loadBalancerIngress.filter { $0.ipMode ?? "VIP" == "VIP" }.compactMap(\.ip), family)
    sourceRanges = Self.sourceRanges(of: service, family)
    affinitySeconds = min(max(service.affinitySeconds ?? 0, 0), 86_400)
    healthCheckNodePort =
      service.externalTrafficPolicy == .local
      ? UInt16(exactly: service.healthCheckNodePort) ?? 0 : 0
    policy = Self.policy(
      of: service,
      isAccessible: nodePort != 0 || !externalIPs.isEmpty || !loadBalancerIPs.isEmpty)
  }

  private static func policy(of service: Service, isAccessible: Bool) -> PolicyFlags {
    var policy = PolicyFlags()
    if service.internalTrafficPolicy == .local { policy.insert(.internalLocal) }
    let mayBeLocal =
      service.type == .nodePort || service.type == .loadBalancer || !service.externalIPs.isEmpty
    if mayBeLocal, service.externalTrafficPolicy == .local { policy.insert(.externalLocal) }
    if isAccessible { policy.insert(.externallyAccessible) }
    return policy
  }

  /// A range that holds everything lifts the restriction.
  private static func sourceRanges(of service: Service, _ family: IPAddress.Family) -> [CIDR] {
    let ranges = service.loadBalancerSourceRanges.compactMap { text -> CIDR? in
      let isBlank: (Character) -> Bool = { $0.isWhitespace }
      let trimmed = text.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
      return CIDR(String(trimmed))
    }.filter { $0.family == family }
    return ranges.contains { $0.prefixLength == 0 } ? [] : ranges
  }

  private static func unique(
    _ addresses: [IPAddress], _ family: IPAddress.Family
  ) -> [IPAddress] {
    var unique: [IPAddress] = []
    for address in addresses where address.family == family && !unique.contains(address) {
      unique.append(address)
    }
    return unique
  }
}
