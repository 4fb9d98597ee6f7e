import ClusterModel

/// What the API server refuses in a Service (pkg/apis/core/validation/validation.go
/// ValidateService), in its order.
struct ServiceSpecValidation {
  let spec: Field
  /// The object before the update; nil for a new one.
  let old: Value?

  init(_ object: Field, replacing old: Value?) {
    spec = object["spec"]
    self.old = old
  }

  private var type: String { spec["type"].text.isEmpty ? "ClusterIP" : spec["type"].text }
  private var isHeadless: Bool {
    clusterIPs.count == 1 && clusterIPs[0].text == "None"
  }

  /// `clusterIPs`, or the single `clusterIP` told of as the first of them.
  private var clusterIPs: [Field] {
    let list = spec["clusterIPs"].items
    let single = spec["clusterIP"]
    return list.isEmpty && !single.text.isEmpty
      ? [single.at(.alias(spec["clusterIPs"].path[0], written: single.path))] : list
  }

  func check() {
    if spec["ports"].items.isEmpty, !isHeadless, type != "ExternalName" {
      spec["ports"].required()
    }
    byType()
    ports()
    spec["selector"].labels()
    affinity()
    addresses()
    spec["type"].choice(["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"])
    if type == "ClusterIP" {
      for port in spec["ports"].items
      where port["nodePort"].integer ?? 0 != 0 && !isKept("type", of: port) {
        port["nodePort"].forbidden("may not be used when `type` is 'ClusterIP'")
      }
    }
    duplicatePorts()
    loadBalancer()
    externalPolicy()
    spec["internalTrafficPolicy"].choice(["Cluster", "Local"])
    spec["trafficDistribution"].choice(["PreferClose", "PreferSameNode", "PreferSameZone"])
  }

  /// What an update to another type leaves behind is dropped, not refused
  /// (pkg/registry/core/service/strategy.go dropTypeDependentFields).
  private func isKept(_ name: String, of port: Field) -> Bool {
    guard let old else { return false }
    return old["spec"]?["type"]?.string != type
      && (old["spec"]?["ports"]?.array ?? []).contains { $0["nodePort"] == port["nodePort"].value }
  }

  private func byType() {
    let first = clusterIPs.first ?? spec["clusterIPs"]
    switch type {
    case "LoadBalancer":
      for port in spec["ports"].items where port["port"].integer == 10250 {
        port.invalid(
          "may not expose port 10250 externally since it is used by kubelet", port["port"].value)
      }
      if isHeadless { first.invalid("may not be set to 'None' for LoadBalancer services") }
    case "NodePort":
      if isHeadless { first.invalid("may not be set to 'None' for NodePort services") }
    case "ExternalName":
      if !clusterIPs.isEmpty, old == nil {
        spec["clusterIPs"].forbidden("may not be set for ExternalName services")
      }
      var name = spec["externalName"].text
      if name.hasSuffix(".") { name.removeLast() }
      if name.isEmpty {
        spec["externalName"].required()
      } else {
        spec["externalName"].invalid(NameFormat.subdomain(name), .string(name))
      }
    default: break
    }
  }

  private func ports() {
    let ports = spec["ports"].items
    var names: Set<String> = []
    for port in ports {
      let name = port["name"]
      if name.text.isEmpty {
        if ports.count > 1 { name.required() }
      } else {
        name.invalid(NameFormat.label(name.text))
        if !names.insert(name.text).inserted { name.duplicate() }
      }
      port["port"].invalid(NameFormat.port(port["port"].integer ?? 0), port["port"].value ?? 0)
      port["protocol"].choice(["SCTP", "TCP", "UDP"])
      let target = port["targetPort"]
      // Zero and the empty text are absent: the port's own number takes their place.
      if target.isPresent, target.value != 0, target.value != "" { target.portNumberOrName() }
      let application = port["appProtocol"]
      if application.isPresent {
        application.invalid(NameFormat.qualifiedName(application.text))
      }
    }
  }

  private func affinity() {
    let affinity = spec["sessionAffinity"]
    affinity.choice(["ClientIP", "None"])
    let configuration = spec["sessionAffinityConfig"]
    if affinity.text == "ClientIP" {
      let timeout = configuration["clientIP"]["timeoutSeconds"]
      if let seconds = timeout.integer, seconds <= 0 || seconds > 86400 {
        timeout.invalid("must be greater than 0 and less than 86400")
      }
    } else if configuration.isPresent, affinity.text.isEmpty || affinity.text == "None",
      old == nil
    {
      configuration.forbidden("must not be set when session affinity is None")
    }
  }

  private func addresses() {
    spec["ipFamilyPolicy"].choice(["PreferDualStack", "RequireDualStack", "SingleStack"])
    let families = spec["ipFamilies"]
    if families.items.count > 2 { families.invalid("may only hold up to 2 values") }
    var seen: Set<String> = []
    for family in families.items {
      family.choice(["IPv4", "IPv6"], isOptional: false)
      if !seen.insert(family.text).inserted { family.duplicate() }
    }
    let list = spec["clusterIPs"]
    let single = spec["clusterIP"].text
    if let first = list.items.first, !single.isEmpty, first.text != single {
      list.invalid("first value must match `clusterIP`")
    }
    if list.items.count > 2 { list.invalid("may only hold up to 2 values") }
    for (index, address) in clusterIPs.enumerated() {
      if index == 0, address.text == "None" {
        if clusterIPs.count > 1 { list.invalid("'None' must be the first and only value") }
        continue
      }
      address.invalid(NameFormat.address(address.text))
    }
    for address in spec["externalIPs"].items { Self.endpointAddress(address) }
  }

  /// An address that packets can be sent to (ValidateEndpointIP).
  static func endpointAddress(_ field: Field) {
    guard let address = IPAddress(field.text) else {
      return field.invalid(NameFormat.address(field.text))
    }
    if address.isUnspecified { field.invalid("may not be unspecified (0.0.0.0 or ::)") }
    if isIn(address, "127.0.0.0/8", "::1/128") {
      field.invalid("may not be in the loopback range (127.0.0.0/8, ::1/128)")
    }
    if isIn(address, "169.254.0.0/16", "fe80::/10") {
      field.invalid("may not be in the link-local range (169.254.0.0/16, fe80::/10)")
    }
    if isIn(address, "224.0.0.0/24", "ff02::/16") {
      field.invalid("may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)")
    }
  }

  private static func isIn(_ address: IPAddress, _ ranges: String...) -> Bool {
    ranges.contains { CIDR($0)?.contains(address) ?? false }
  }

  private func duplicatePorts() {
    var nodePorts: Set<[String]> = []
    var numbers: Set<[String]> = []
    for port in spec["ports"].items {
      let transport = port["protocol"].text.isEmpty ? "TCP" : port["protocol"].text
      guard let number = port["nodePort"].integer, number != 0 else { continue }
      if !nodePorts.insert([transport, "\(number)"]).inserted { port["nodePort"].duplicate() }
    }
    for port in spec["ports"].items {
      let transport = port["protocol"].text.isEmpty ? "TCP" : port["protocol"].text
      let number = port["port"].integer ?? 0
      if !numbers.insert([transport, "\(number)"]).inserted {
        port.add(
          "Duplicate value: {\"Name\":\"\",\"Protocol\":\"\(transport)\",\"AppProtocol\":null,"
            + "\"Port\":\(number),\"TargetPort\":0,\"NodePort\":0}")
      }
    }
  }

  private func loadBalancer() {
    let ranges = spec["loadBalancerSourceRanges"]
    if !ranges.items.isEmpty {
      if type != "LoadBalancer" {
        if old == nil { ranges.forbidden("may only be used when `type` is 'LoadBalancer'") }
      } else {
        for range in ranges.items { range.invalid(NameFormat.range(range.text)) }
      }
    }
    let allocates = spec["allocateLoadBalancerNodePorts"]
    if allocates.isPresent, type != "LoadBalancer", old == nil {
      allocates.forbidden("may only be used when `type` is 'LoadBalancer'")
    }
    let balancerClass = spec["loadBalancerClass"]
    if balancerClass.isPresent {
      if type != "LoadBalancer" {
        if old == nil {
          balancerClass.forbidden("may only be used when `type` is 'LoadBalancer'")
        }
      } else {
        balancerClass.invalid(NameFormat.qualifiedName(balancerClass.text))
      }
    }
  }

  private func externalPolicy() {
    let policy = spec["externalTrafficPolicy"]
    let isExternal =
      ["NodePort", "LoadBalancer"].contains(type)
      || (type == "ClusterIP" && !spec["externalIPs"].items.isEmpty)
    if isExternal {
      policy.choice(["Cluster", "Local"])
    } else if !policy.text.isEmpty,
      old == nil || old?["spec"]?["externalTrafficPolicy"] != policy.value
    {
      policy.invalid("may only be set for externally-accessible services")
    }
    let health = spec["healthCheckNodePort"]
    guard let number = health.integer, number != 0 else { return }
    if type == "LoadBalancer", policy.text == "Local" {
      health.invalid(NameFormat.port(number))
    } else if old == nil {
      health.invalid(
        "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'")
    }
  }
}
