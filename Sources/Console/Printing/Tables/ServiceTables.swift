import ClusterModel

extension TableMaker {
  func services(_ services: [Service]) -> Table {
    Table(
      "NAME|TYPE|CLUSTER-IP|EXTERNAL-IP|PORT(S)|AGE", wide: "SELECTOR",
      rows: services.map { service in
        [
          service.metadata.name, service.type.rawValue, Self.clusterIP(service),
          Self.externalIP(service), Self.ports(service), age(service.metadata),
          (service.selector ?? Labels()).textOrNone,
        ]
      })
  }

  private static func clusterIP(_ service: Service) -> String {
    service.isHeadless ? "None" : service.clusterIP?.description ?? "<none>"
  }

  private static func externalIP(_ service: Service) -> String {
    switch service.type {
    case .clusterIP, .nodePort: return service.externalIPs.joined(separator: ",").orNone
    case .externalName: return service.externalName
    case .loadBalancer:
      let addresses = service.loadBalancerIngress
        .map { $0.ip?.description ?? $0.hostname }.filter { !$0.isEmpty }
      let all = sortedOnce(addresses) + service.externalIPs
      return all.isEmpty ? "<pending>" : all.joined(separator: ",")
    }
  }

  private static func ports(_ service: Service) -> String {
    service.ports.map { port in
      let node = port.nodePort > 0 ? ":\(port.nodePort)" : ""
      return "\(port.port)\(node)/\(port.transport.name)"
    }.joined(separator: ",").orNone
  }

  /// By name, each once.
  static func sortedOnce(_ texts: [String]) -> [String] {
    var result: [String] = []
    for text in texts.sorted() where text != result.last { result.append(text) }
    return result
  }

  func endpointSlices(_ slices: [EndpointSlice]) -> Table {
    Table(
      "NAME|ADDRESSTYPE|PORTS|ENDPOINTS|AGE",
      rows: slices.map { slice in
        let ports = slice.ports.map { $0.port.map { "\($0)" } ?? $0.name ?? "*" }
        let addresses = slice.endpoints.flatMap(\.addressTexts)
        return [
          slice.metadata.name, slice.addressType,
          Self.atMostThree(ports, of: ports.count, none: "<unset>"),
          Self.atMostThree(addresses, of: addresses.count, none: "<unset>"), age(slice.metadata),
        ]
      })
  }

  /// The table of a kept kind of the network; nil for other kinds.
  func networking(_ resource: APIResource, _ objects: [KeptView]) -> Table? {
    switch (resource.group, resource.kind) {
    case ("", "Endpoints"):
      Table(
        "NAME|ENDPOINTS|AGE",
        rows: objects.map { [$0.name, EndpointsText.all($0.body), age($0.metadata)] })
    case ("networking.k8s.io", "NetworkPolicy"):
      Table(
        "NAME|POD-SELECTOR|AGE",
        rows: objects.map {
          [$0.name, SelectorText.of($0.body.value("spec", "podSelector")), age($0.metadata)]
        })
    case ("networking.k8s.io", "Ingress"): ingresses(objects)
    case ("networking.k8s.io", "IngressClass"):
      Table(
        "NAME|CONTROLLER|PARAMETERS|AGE",
        rows: objects.map {
          [
            $0.name, $0.body.text("spec", "controller"), Self.parameters($0.body),
            age($0.metadata),
          ]
        })
    case ("networking.k8s.io", "IPAddress"):
      Table(
        "NAME|PARENTREF|AGE",
        rows: objects.map { [$0.name, Self.parent($0.body), age($0.metadata)] })
    case ("networking.k8s.io", "ServiceCIDR"):
      Table(
        "NAME|CIDRS|AGE",
        rows: objects.map {
          [$0.name, $0.body.texts("spec", "cidrs").joined(separator: ","), age($0.metadata)]
        })
    default: nil
    }
  }

  private func ingresses(_ objects: [KeptView]) -> Table {
    Table(
      "NAME|CLASS|HOSTS|ADDRESS|PORTS|AGE",
      rows: objects.map { ingress in
        let addresses = ingress.body.items("status", "loadBalancer", "ingress")
          .map { $0.optionalText("ip") ?? $0.text("hostname") }.filter { !$0.isEmpty }
        return [
          ingress.name, ingress.body.optionalText("spec", "ingressClassName") ?? "<none>",
          Self.hosts(ingress.body.items("spec", "rules")),
          Self.sortedOnce(addresses).joined(separator: ","),
          ingress.body.items("spec", "tls").isEmpty ? "80" : "80, 443", age(ingress.metadata),
        ]
      })
  }

  /// Rules without a host count among those that are not shown, as upstream counts them.
  private static func hosts(_ rules: [Value]) -> String {
    var hosts: [String] = []
    var hasMore = false
    for rule in rules {
      if hosts.count == 3 { hasMore = true }
      let host = rule.text("host")
      if !hasMore, !host.isEmpty { hosts.append(host) }
    }
    if hosts.isEmpty { return "*" }
    let shown = hosts.joined(separator: ",")
    return hasMore ? "\(shown) + \(rules.count - 3) more..." : shown
  }

  private static func parameters(_ body: Value) -> String {
    guard let parameters = body.value("spec", "parameters") else { return "<none>" }
    let group = parameters.optionalText("apiGroup").map { ".\($0)" } ?? ""
    return "\(parameters.text("kind"))\(group)/\(parameters.text("name"))"
  }

  /// `services/default/web`; the group follows the resource where there is one.
  private static func parent(_ body: Value) -> String {
    guard let parent = body.value("spec", "parentRef") else { return "<none>" }
    let group = parent.text("group")
    let namespace = parent.text("namespace")
    return parent.text("resource") + (group.isEmpty ? "" : ".\(group)")
      + (namespace.isEmpty ? "/" : "/\(namespace)/") + parent.text("name")
  }
}
