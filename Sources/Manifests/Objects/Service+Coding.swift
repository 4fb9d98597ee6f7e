import ClusterModel

extension Service {
  init(metadata: ObjectMeta, _ reader: inout FieldReader) {
    self.init(metadata: metadata)
    var spec = reader.object("spec")
    readSpec(&spec)
    var status = reader.object("status")
    var loadBalancer = status.object("loadBalancer")
    loadBalancerIngress = loadBalancer.objects("ingress").map { Ingress($0) }
    otherStatus = status.rest
  }

  private mutating func readSpec(_ spec: inout FieldReader) {
    let types: [ServiceType] = [.clusterIP, .nodePort, .loadBalancer, .externalName]
    let policies: [TrafficPolicy] = [.cluster, .local]
    type = spec.choice("type", of: types) ?? .clusterIP
    selector = spec.optionalLabels("selector")
    ports = spec.objects("ports").map { ServicePort($0) }
    readClusterIPs(&spec)
    readFamilies(&spec)
    externalIPs = spec.texts("externalIPs")
    externalName = spec.text("externalName")
    readAffinity(&spec)
    internalTrafficPolicy = spec.choice("internalTrafficPolicy", of: policies)
    externalTrafficPolicy = spec.choice("externalTrafficPolicy", of: policies)
    healthCheckNodePort = spec.integer("healthCheckNodePort")
    publishNotReadyAddresses = spec.flag("publishNotReadyAddresses")
    allocateLoadBalancerNodePorts = spec.optionalFlag("allocateLoadBalancerNodePorts")
    loadBalancerIP = spec.text("loadBalancerIP")
    loadBalancerClass = spec.optionalText("loadBalancerClass")
    loadBalancerSourceRanges = spec.texts("loadBalancerSourceRanges")
    trafficDistribution = spec.optionalText("trafficDistribution")
    otherSpec = spec.rest
  }

  private mutating func readClusterIPs(_ spec: inout FieldReader) {
    var texts = spec.texts("clusterIPs")
    let first = spec.text("clusterIP")
    let isSingle = texts.isEmpty
    if isSingle, !first.isEmpty { texts = [first] }
    if !first.isEmpty, let listed = texts.first, listed != first {
      spec.errors.add(
        spec.path["clusterIPs"][0],
        "Invalid value: \(listed.quoted): first value must match `clusterIP`")
    }
    if texts.first == "None" {
      isHeadless = true
      return
    }
    for (index, text) in texts.enumerated() {
      let path = isSingle ? spec.path["clusterIP"] : spec.path["clusterIPs"][index]
      if let address = FieldReader.address(text, path, spec.errors) { clusterIPs.append(address) }
    }
  }

  private mutating func readFamilies(_ spec: inout FieldReader) {
    let policies = ["SingleStack", "PreferDualStack", "RequireDualStack"]
    for (index, name) in spec.texts("ipFamilies").enumerated() {
      switch name {
      case "IPv4": ipFamilies.append(.ipv4)
      case "IPv6": ipFamilies.append(.ipv6)
      default:
        spec.errors.unsupported(
          spec.path["ipFamilies"][index], name, supported: ["IPv4", "IPv6"])
      }
    }
    ipFamilyPolicy = spec.text("ipFamilyPolicy")
    if !ipFamilyPolicy.isEmpty, !policies.contains(ipFamilyPolicy) {
      spec.errors.unsupported(spec.path["ipFamilyPolicy"], ipFamilyPolicy, supported: policies)
    }
  }

  private mutating func readAffinity(_ spec: inout FieldReader) {
    var config = spec.object("sessionAffinityConfig")
    var clientIP = config.object("clientIP")
    let affinity = spec.text("sessionAffinity")
    switch affinity {
    case "ClientIP": affinitySeconds = clientIP.integer("timeoutSeconds", default: 10_800)
    case "", "None": affinitySeconds = nil
    default:
      spec.errors.unsupported(
        spec.path["sessionAffinity"], affinity, supported: ["ClientIP", "None"])
    }
  }
}

extension Service {
  var encoded: Fields {
    var status = FieldWriter()
    var loadBalancer = FieldWriter()
    loadBalancer.set("ingress", loadBalancerIngress.map(\.encoded))
    status.always("loadBalancer", .object(loadBalancer.fields))
    status.add(otherStatus)
    return Fields([("spec", .object(encodedSpec)), ("status", .object(status.fields))])
  }

  private var encodedSpec: Fields {
    var spec = FieldWriter()
    spec.set("allocateLoadBalancerNodePorts", pointer: allocateLoadBalancerNodePorts)
    let addresses = isHeadless ? ["None"] : clusterIPs.map(\.description)
    spec.set("clusterIP", addresses.first ?? "")
    spec.set("clusterIPs", addresses)
    spec.set("externalIPs", externalIPs)
    spec.set("externalName", externalName)
    spec.set("externalTrafficPolicy", externalTrafficPolicy?.rawValue ?? "")
    spec.set("healthCheckNodePort", healthCheckNodePort)
    spec.set("internalTrafficPolicy", internalTrafficPolicy?.rawValue ?? "")
    spec.set("ipFamilies", ipFamilies.map(\.name))
    spec.set("ipFamilyPolicy", ipFamilyPolicy)
    spec.set("loadBalancerClass", pointer: loadBalancerClass)
    spec.set("loadBalancerIP", loadBalancerIP)
    spec.set("loadBalancerSourceRanges", loadBalancerSourceRanges)
    spec.set("ports", ports.map(\.encoded))
    spec.set("publishNotReadyAddresses", publishNotReadyAddresses)
    spec.set("selector", selector ?? Labels())
    spec.always("sessionAffinity", .string(affinitySeconds == nil ? "None" : "ClientIP"))
    if let affinitySeconds {
      let seconds = Value.integer(Int64(affinitySeconds))
      spec.always("sessionAffinityConfig", ["clientIP": ["timeoutSeconds": seconds]])
    }
    spec.set("trafficDistribution", pointer: trafficDistribution)
    spec.set("type", type.rawValue)
    spec.add(otherSpec)
    return spec.fields
  }
}

extension Service.Ingress {
  init(_ reader: FieldReader) {
    var reader = reader
    self.init(
      ip: reader.address("ip"), hostname: reader.text("hostname"),
      ipMode: reader.optionalText("ipMode"))
    other = reader.rest
  }

  var encoded: Fields {
    var writer = FieldWriter()
    writer.set("hostname", hostname)
    writer.set("ip", ip?.description ?? "")
    writer.set("ipMode", pointer: ipMode)
    writer.add(other)
    return writer.fields
  }
}

extension ServicePort {
  init(_ reader: FieldReader) {
    var reader = reader
    self.init(
      name: reader.text("name"), transport: reader.transport(), port: reader.integer("port"),
      targetPort: reader.intOrString("targetPort"), nodePort: reader.integer("nodePort"),
      appProtocol: reader.optionalText("appProtocol"))
    // The API takes 0 and the empty text for an absent target port.
    if targetPort == .integer(0) || targetPort == .string("") { targetPort = .integer(port) }
  }

  var encoded: Fields {
    var writer = FieldWriter()
    writer.set("appProtocol", pointer: appProtocol)
    writer.set("name", name)
    writer.set("nodePort", nodePort)
    writer.always("port", .integer(Int64(port)))
    writer.set("protocol", transport.name)
    writer.always("targetPort", targetPort.asValue)
    return writer.fields
  }
}
