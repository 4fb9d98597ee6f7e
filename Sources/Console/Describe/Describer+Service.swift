import ClusterModel
import ControlPlane

extension Describer {
  mutating func service(_ service: Service) {
    nameAndNamespace()
    labelsAndAnnotations()
    description.field("Selector", (service.selector ?? Labels()).textOrNone)
    description.field("Type", service.type.rawValue)
    addresses(of: service)
    let slices = slices(of: service)
    for port in service.ports { self.port(port, slices) }
    description.field("Session Affinity", service.affinitySeconds == nil ? "None" : "ClientIP")
    description.optionalField("External Traffic Policy", service.externalTrafficPolicy?.rawValue)
    description.optionalField("Internal Traffic Policy", service.internalTrafficPolicy?.rawValue)
    if service.healthCheckNodePort != 0 {
      description.field("HealthCheck NodePort", "\(service.healthCheckNodePort)")
    }
    if !service.loadBalancerSourceRanges.isEmpty {
      description.field(
        "LoadBalancer Source Ranges", service.loadBalancerSourceRanges.joined(separator: ","))
    }
    description.optionalField("Traffic Distribution", service.trafficDistribution)
    events()
  }

  private mutating func addresses(of service: Service) {
    description.optionalField("IP Family Policy", service.ipFamilyPolicy)
    let families = service.ipFamilies.map(\.name)
    description.field("IP Families", families.joined(separator: ",").orNone)
    let addresses = service.isHeadless ? ["None"] : service.clusterIPs.map(\.description)
    description.field("IP", addresses.first ?? "")
    description.field("IPs", addresses.joined(separator: ",").orNone)
    if !service.externalIPs.isEmpty {
      description.field("External IPs", service.externalIPs.joined(separator: ","))
    }
    description.optionalField("Desired LoadBalancer IP", service.loadBalancerIP)
    description.optionalField("External Name", service.externalName)
    if !service.loadBalancerIngress.isEmpty {
      let list = service.loadBalancerIngress.map { ingress in
        (ingress.ip?.description ?? ingress.hostname)
          + (ingress.ipMode.map { " (\($0))" } ?? "")
      }
      description.field("LoadBalancer Ingress", list.joined(separator: ", "))
    }
  }

  private mutating func port(_ port: ServicePort, _ slices: [EndpointSlice]) {
    let name = port.name.orUnset
    description.line(0, "Port:", name, "\(port.port)/\(port.transport.name)")
    description.field("TargetPort", "\(port.targetPort)/\(port.transport.name)")
    description.optionalField("AppProtocol", port.appProtocol)
    if port.nodePort != 0 {
      description.line(0, "NodePort:", name, "\(port.nodePort)/\(port.transport.name)")
    }
    description.field("Endpoints", Self.endpoints(slices, port: port.name))
  }

  /// The Service's slices in the order in which the API lists them.
  func slices(of service: Service) -> [EndpointSlice] {
    context.store.slices(of: NamespacedName(service.metadata))
      .compactMap { context.store.endpointSlices[$0] }
      .sorted { $0.metadata.name < $1.metadata.name }
  }

  /// At most three ready endpoints of a port (describe.go formatEndpointSlices).
  ///
  /// Upstream notices that there is more as soon as a fourth endpoint follows, but counts ready ones
  /// only, so it can say ` + 0 more...`.
  static func endpoints(_ slices: [EndpointSlice], port name: String) -> String {
    guard !slices.isEmpty else { return "<none>" }
    var list: [String] = []
    var count = 0
    var hasMore = false
    for slice in slices {
      // Headless services may have no ports.
      let ports =
        slice.ports.isEmpty
        ? [nil] : slice.ports.filter { ($0.name ?? "") == name }.map { $0.port ?? 0 }
      for port in ports {
        for endpoint in slice.endpoints {
          if list.count == 3 { hasMore = true }
          guard endpoint.isReadyOrUnset else { continue }
          count += 1
          guard list.count < 3 else { continue }
          let address = endpoint.addressTexts.first ?? ""
          list.append(port.map { EndpointsText.hostAndPort(address, "\($0)") } ?? address)
        }
      }
    }
    let text = list.joined(separator: ",")
    return hasMore ? "\(text) + \(count - 3) more..." : text
  }

  mutating func endpointSlice(_ slice: EndpointSlice) {
    nameAndNamespace()
    labelsAndAnnotations()
    description.field("AddressType", slice.addressType)
    if slice.ports.isEmpty {
      description.line(0, "Ports: <unset>")
    } else {
      description.line(0, "Ports:")
      description.line(1, "Name", "Port", "Protocol")
      description.line(1, "----", "----", "--------")
      for port in slice.ports {
        description.line(
          1, (port.name ?? "").orUnset, port.port.map { "\($0)" } ?? "<unset>",
          port.transport.name)
      }
    }
    if slice.endpoints.isEmpty {
      description.line(0, "Endpoints: <none>")
    } else {
      description.line(0, "Endpoints:")
      for endpoint in slice.endpoints { self.endpoint(endpoint) }
    }
    events()
  }

  private mutating func endpoint(_ endpoint: Endpoint) {
    let addresses = endpoint.addressTexts.joined(separator: ",")
    description.field("- Addresses", addresses.orNone, level: 1)
    description.line(2, "Conditions:")
    description.field("Ready", endpoint.isReady.map { "\($0)" } ?? "<unset>", level: 3)
    description.field("Hostname", endpoint.hostname ?? "<unset>", level: 2)
    if let target = endpoint.targetRef {
      description.field("TargetRef", "\(target.kind)/\(target.name)", level: 2)
    }
    description.field("NodeName", endpoint.nodeName ?? "<unset>", level: 2)
    description.field("Zone", endpoint.zone ?? "<unset>", level: 2)
  }
}
