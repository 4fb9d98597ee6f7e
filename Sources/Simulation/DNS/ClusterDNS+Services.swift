import ClusterModel
import ControlPlane

/// The records of Services and their endpoints (coredns plugin/kubernetes findServices).
extension ClusterDNS {
  /// An endpoint of a headless Service, as the DNS has it.
  private struct Host {
    var name: String
    var address: IPAddress
    var ports: [EndpointSlice.Port]
  }

  /// Everything there is under a Service's name, or under one of its ports; nil for no such name.
  func service(
    _ name: String, _ namespace: String, _ question: DNSQuestion,
    port: (name: String, transport: String)? = nil
  ) -> [DNSRecord]? {
    guard let service = store.services[namespace, name] else { return nil }
    let full = "\(name).\(namespace).svc.\(Self.zone)."
    if service.type == .externalName {
      guard port == nil, !service.externalName.isEmpty else { return nil }
      let target = service.externalName
      let dotted = target.hasSuffix(".") ? target : target + "."
      return [record(question.name, .canonicalName(dotted))]
    }
    if service.isHeadless {
      let hosts = hosts(of: service).filter { host in
        port == nil || host.ports.contains { Self.matches($0.name ?? "", $0.transport, port) }
      }
      return hosts.isEmpty ? nil : records(hosts, under: full, question, port)
    }
    let ports = service.ports.filter { Self.matches($0.name, $0.transport, port) }
    guard !service.clusterIPs.isEmpty, port == nil || !ports.isEmpty else { return nil }
    let addresses = service.clusterIPs.map(DNSRecord.Data.address)
    guard question.type == .srv else { return addresses.map { record(question.name, $0) } }
    return ports.map { one in
      record(
        question.name,
        .service(priority: 0, weight: weight(ports.count), port: one.port, target: full))
    } + addresses.map { record(full, $0) }
  }

  /// `HOST.SVC.NS.svc`.
  func endpoint(
    _ host: String, _ name: String, _ namespace: String, _ question: DNSQuestion
  ) -> [DNSRecord]? {
    guard let service = store.services[namespace, name], service.isHeadless else { return nil }
    let found = hosts(of: service).filter { $0.name == host }
    guard !found.isEmpty else { return nil }
    return records(found, under: "\(name).\(namespace).svc.\(Self.zone).", question, nil)
  }

  private func records(
    _ hosts: [Host], under service: String, _ question: DNSQuestion,
    _ port: (name: String, transport: String)?
  ) -> [DNSRecord] {
    guard question.type == .srv else {
      return hosts.map { record(question.name, .address($0.address)) }
    }
    let pairs = hosts.flatMap { host in
      host.ports.filter { Self.matches($0.name ?? "", $0.transport, port) }
        .map { (host: host, number: $0.port ?? 0) }
    }
    return pairs.map { pair in
      record(
        question.name,
        .service(
          priority: 0, weight: weight(pairs.count), port: pair.number,
          target: "\(pair.host.name).\(service)"))
    } + hosts.map { record("\($0.name).\(service)", .address($0.address)) }
  }

  /// A hundred is shared out among the records (coredns plugin/backend_lookup.go SRV).
  private func weight(_ count: Int) -> Int { max(1, 100 / max(1, count)) }

  private static func matches(
    _ name: String, _ transport: TransportProtocol, _ wanted: (name: String, transport: String)?
  ) -> Bool {
    guard let wanted else { return true }
    return name.lowercased() == wanted.name && transport.lowercaseName == wanted.transport
  }

  /// Endpoints that are ready, or all where the Service says so, each address once.
  private func hosts(of service: Service) -> [Host] {
    var hosts: [Host] = []
    for id in store.slices(of: NamespacedName(service.metadata)) {
      guard let slice = store.endpointSlices[id] else { continue }
      for endpoint in slice.endpoints where !endpoint.address.isUnspecified {
        guard endpoint.isReadyOrUnset || service.publishNotReadyAddresses,
          !hosts.contains(where: { $0.address == endpoint.address })
        else { continue }
        hosts.append(
          Host(
            name: endpoint.hostname ?? Self.dashed(endpoint.address), address: endpoint.address,
            ports: slice.ports))
      }
    }
    return hosts.sorted { $0.address < $1.address }
  }

  /// `10-244-1-5`; a name does not end with a dash (coredns endpointHostname).
  static func dashed(_ address: IPAddress) -> String {
    let text = String(address.description.map { $0 == "." || $0 == ":" ? "-" : $0 })
    return text.hasSuffix("-") ? text + "0" : text
  }

  /// The names of a cluster IP, or of a headless Service's endpoint; nil for other addresses.
  func pointers(to address: IPAddress, _ name: String) -> [DNSRecord]? {
    for service in store.services.list() {
      let full = "\(service.metadata.name).\(service.metadata.namespace).svc.\(Self.zone)."
      if service.clusterIPs.contains(address) { return [record(name, .pointer(full))] }
      guard service.isHeadless else { continue }
      if let host = hosts(of: service).first(where: { $0.address == address }) {
        return [record(name, .pointer("\(host.name).\(full)"))]
      }
    }
    return nil
  }
}
