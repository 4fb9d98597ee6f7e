import ClusterModel

/// What the API server refuses in an EndpointSlice, a NetworkPolicy and an Ingress
/// (pkg/apis/discovery/validation, pkg/apis/networking/validation).
enum NetworkValidation {
  static func endpointSlice(_ slice: Field) {
    let type = slice["addressType"]
    type.choice(["FQDN", "IPv4", "IPv6"], isOptional: false)
    let endpoints = slice["endpoints"]
    if endpoints.items.count > 1000 { endpoints.tooMany(endpoints.items.count, 1000) }
    for endpoint in endpoints.items {
      let addresses = endpoint["addresses"]
      if addresses.items.isEmpty {
        addresses.required("must contain at least 1 address")
      } else if addresses.items.count > 100 {
        addresses.tooMany(addresses.items.count, 100)
      }
      for address in addresses.items { self.address(address, type.text) }
      let hostname = endpoint["hostname"]
      if hostname.isPresent { hostname.invalid(NameFormat.label(hostname.text)) }
      let node = endpoint["nodeName"]
      if node.isPresent { node.invalid(NameFormat.subdomain(node.text)) }
      if endpoint["hints"]["forZones"].items.count > 8 {
        endpoint["hints"]["forZones"].tooMany(endpoint["hints"]["forZones"].items.count, 8)
      }
    }
    slicePorts(slice["ports"])
  }

  private static func address(_ address: Field, _ type: String) {
    switch type {
    case "FQDN": address.invalid(NameFormat.subdomain(address.text))
    case "IPv4", "IPv6":
      if IPAddress(address.text).map({ $0.family == (type == "IPv4" ? .ipv4 : .ipv6) }) != true {
        address.invalid("must be a valid \(type) address")
      }
      if IPAddress(address.text) != nil { ServiceSpecValidation.endpointAddress(address) }
    default: break
    }
  }

  private static func slicePorts(_ list: Field) {
    if list.items.count > 20000 { list.tooMany(list.items.count, 20000) }
    var names: Set<String> = []
    for port in list.items {
      let name = port["name"]
      if !name.text.isEmpty { name.invalid(NameFormat.label(name.text)) }
      if !names.insert(name.text).inserted { name.duplicate(.string(name.text)) }
      port["protocol"].choice(["SCTP", "TCP", "UDP"])
      let application = port["appProtocol"]
      if application.isPresent {
        application.invalid(NameFormat.qualifiedName(application.text))
      }
    }
  }

  // MARK: NetworkPolicy

  static func policy(_ spec: Field) {
    spec["podSelector"].labelSelector()
    for (rules, peers) in [("ingress", "from"), ("egress", "to")] {
      for rule in spec[rules].items {
        for port in rule["ports"].items { policyPort(port) }
        for peer in rule[peers].items { policyPeer(peer) }
      }
    }
    let types = spec["policyTypes"]
    if types.items.count > 2 {
      return types.invalid("may not specify more than two policyTypes")
    }
    for type in types.items { type.choice(["Egress", "Ingress"], isOptional: false) }
  }

  private static func policyPort(_ entry: Field) {
    entry["protocol"].choice(["SCTP", "TCP", "UDP"])
    let (port, end) = (entry["port"], entry["endPort"])
    switch port.value {
    case .integer(let number):
      port.invalid(NameFormat.port(number))
      if let last = end.integer {
        if last < number { end.invalid("must be greater than or equal to `port`") }
        end.invalid(NameFormat.port(last))
      }
    case .string(let name):
      if end.isPresent { end.invalid("may not be specified when `port` is non-numeric") }
      port.invalid(NameFormat.portName(name))
    default:
      if end.isPresent { end.invalid("may not be specified when `port` is not specified") }
    }
  }

  private static func policyPeer(_ peer: Field) {
    var count = 0
    for name in ["podSelector", "namespaceSelector"] where peer[name].value?.fields != nil {
      count += 1
      peer[name].labelSelector()
    }
    let block = peer["ipBlock"]
    if block.isPresent {
      count += 1
      ipBlock(block)
    }
    if count == 0 {
      peer.required("must specify a peer")
    } else if count > 1, block.isPresent {
      peer.forbidden("may not specify both ipBlock and another peer")
    }
  }

  private static func ipBlock(_ block: Field) {
    let cidr = block["cidr"]
    if cidr.text.isEmpty { return cidr.required() }
    guard let range = CIDR(cidr.text) else { return cidr.invalid(NameFormat.range(cidr.text)) }
    for except in block["except"].items {
      guard let inner = CIDR(except.text) else {
        except.invalid(NameFormat.range(except.text))
        continue
      }
      if !range.contains(inner.network) || range.prefixLength >= inner.prefixLength {
        except.invalid("must be a strict subset of `cidr`")
      }
    }
  }

  // MARK: Ingress

  static func ingress(_ spec: Field) {
    let (rules, backend) = (spec["rules"], spec["defaultBackend"])
    if rules.items.isEmpty, !backend.isPresent {
      spec.invalid("either `defaultBackend` or `rules` must be specified", rules.value ?? .null)
    }
    if backend.isPresent { ingressBackend(backend) }
    for rule in rules.items { ingressRule(rule) }
    for entry in spec["tls"].items {
      for host in entry["hosts"].items {
        host.invalid(
          host.text.contains("*")
            ? NameFormat.wildcardSubdomain(host.text) : NameFormat.subdomain(host.text))
      }
    }
    let className = spec["ingressClassName"]
    if className.isPresent { className.invalid(NameFormat.subdomain(className.text)) }
  }

  private static func ingressRule(_ rule: Field) {
    let host = rule["host"]
    if !host.text.isEmpty {
      if IPAddress(host.text) != nil {
        host.invalid("must be a DNS name, not an IP address")
      }
      host.invalid(
        host.text.contains("*")
          ? NameFormat.wildcardSubdomain(host.text) : NameFormat.subdomain(host.text))
    }
    guard rule["http"].isPresent else { return }
    let paths = rule["http"]["paths"]
    if paths.items.isEmpty { return paths.required() }
    for path in paths.items { ingressPath(path) }
  }

  private static func ingressPath(_ path: Field) {
    let (type, text) = (path["pathType"], path["path"])
    switch type.text {
    case "" where !type.isPresent: type.required("pathType must be specified")
    case "Exact", "Prefix":
      if !text.text.hasPrefix("/") { text.invalid("must be an absolute path", .string(text.text)) }
      for sequence in ["//", "/./", "/../", "%2f", "%2F"] where text.text.contains(sequence) {
        text.invalid("must not contain '\(sequence)'")
      }
      for suffix in ["/..", "/."] where text.text.hasSuffix(suffix) {
        text.invalid("cannot end with '\(suffix)'")
      }
    case "ImplementationSpecific":
      if !text.text.isEmpty, !text.text.hasPrefix("/") { text.invalid("must be an absolute path") }
    default: type.unsupported(["Exact", "ImplementationSpecific", "Prefix"])
    }
    ingressBackend(path["backend"])
  }

  private static func ingressBackend(_ backend: Field) {
    let service = backend["service"]
    switch (backend["resource"].isPresent, service.isPresent) {
    case (true, true): backend.invalid("cannot set both resource and service backends", "")
    case (true, false): break
    case (false, false): backend.invalid("resource or service backend is required", "")
    case (false, true):
      let name = service["name"]
      if name.text.isEmpty { name.required() } else { name.invalid(NameFormat.label(name.text)) }
      let (portName, number) = (service["port"]["name"], service["port"]["number"])
      switch (!portName.text.isEmpty, number.integer ?? 0 != 0) {
      case (true, true): backend.invalid("cannot set both port name & port number", "")
      case (true, false): portName.invalid(NameFormat.portName(portName.text))
      case (false, true): number.invalid(NameFormat.port(number.integer ?? 0))
      case (false, false): backend.required("port name or number is required")
      }
    }
  }
}
