import ClusterModel

extension Namespace {
  init(metadata: ObjectMeta, _ reader: inout FieldReader) {
    self.init(metadata: metadata)
    otherSpec = reader.object("spec").rest
    var status = reader.object("status")
    phase = Phase(rawValue: status.text("phase")) ?? .active
    otherStatus = status.rest
  }

  var encoded: Fields {
    var status = FieldWriter()
    status.set("phase", phase.rawValue)
    status.add(otherStatus)
    return Fields([("spec", .object(otherSpec)), ("status", .object(status.fields))])
  }
}

extension Node {
  init(metadata: ObjectMeta, _ reader: inout FieldReader) {
    self.init(metadata: metadata)
    var spec = reader.object("spec")
    readSpec(&spec)
    guard reader.has("status") else { return }
    var status = reader.object("status")
    readStatus(&status)
  }

  private mutating func readSpec(_ spec: inout FieldReader) {
    var texts = spec.texts("podCIDRs")
    if let first = spec.optionalText("podCIDR"), texts.isEmpty { texts = [first] }
    for (index, text) in texts.enumerated() {
      if let block = CIDR(text) {
        podCIDRs.append(block)
      } else {
        spec.errors.add(
          spec.path["podCIDRs"][index],
          "Invalid value: \(text.quoted): must be a valid CIDR value, "
            + "(e.g. 10.9.8.0/24 or 2001:db8::/64)")
      }
    }
    isUnschedulable = spec.flag("unschedulable")
    taints = spec.objects("taints").compactMap { Taint($0) }
    providerID = spec.text("providerID")
    otherSpec = spec.rest
  }

  private mutating func readStatus(_ status: inout FieldReader) {
    addresses = status.objects("addresses").map { address in
      var address = address
      return Address(type: address.text("type"), address: address.text("address"))
    }
    capacity = status.resources("capacity")
    allocatable = status.resources("allocatable")
    conditions = status.objects("conditions").map {
      Condition($0, lastSeen: "lastHeartbeatTime")
    }
    if status.has("nodeInfo") { info = Info(status.object("nodeInfo")) }
    otherStatus = status.rest
    hasStatus = !(addresses.isEmpty && conditions.isEmpty && capacity.isEmpty)
  }

  var encoded: Fields {
    Fields([("spec", .object(encodedSpec)), ("status", .object(encodedStatus))])
  }

  private var encodedSpec: Fields {
    var spec = FieldWriter()
    spec.set("podCIDR", podCIDRs.first?.description ?? "")
    spec.set("podCIDRs", podCIDRs.map(\.description))
    spec.set("providerID", providerID)
    spec.set("taints", taints.map(\.encoded))
    spec.set("unschedulable", isUnschedulable)
    spec.add(otherSpec)
    return spec.fields
  }

  private var encodedStatus: Fields {
    var status = FieldWriter()
    status.set(
      "addresses",
      addresses.map {
        Fields([("address", .string($0.address)), ("type", .string($0.type))])
      })
    status.set("allocatable", allocatable)
    status.set("capacity", capacity)
    status.set("conditions", conditions.map { $0.encoded(lastSeen: "lastHeartbeatTime") })
    status.always("nodeInfo", .object(hasStatus ? info.encoded : Info.unreported.encoded))
    status.add(otherStatus)
    status.add(Fields([("daemonEndpoints", ["kubeletEndpoint": ["Port": 0]])]))
    return status.fields
  }
}

extension Node.Info {
  init(_ reader: FieldReader) {
    var reader = reader
    self.init()
    architecture = reader.text("architecture")
    containerRuntimeVersion = reader.text("containerRuntimeVersion")
    kernelVersion = reader.text("kernelVersion")
    kubeletVersion = reader.text("kubeletVersion")
    operatingSystem = reader.text("operatingSystem")
    osImage = reader.text("osImage")
    other = reader.rest
  }

  /// What a node shows before its kubelet has said anything.
  static var unreported: Node.Info { Node.Info(FieldReader(Fields(), errors: FieldErrors())) }

  var encoded: Fields {
    var writer = FieldWriter()
    writer.always("architecture", .string(architecture))
    writer.always("containerRuntimeVersion", .string(containerRuntimeVersion))
    writer.always("kernelVersion", .string(kernelVersion))
    writer.always("kubeletVersion", .string(kubeletVersion))
    writer.always("operatingSystem", .string(operatingSystem))
    writer.always("osImage", .string(osImage))
    writer.add(other)
    for name in ["bootID", "kubeProxyVersion", "machineID", "systemUUID"]
    where other[name] == nil {
      writer.always(name, "")
    }
    return writer.fields
  }
}

extension Taint {
  init?(_ reader: FieldReader) {
    var reader = reader
    let effects: [Effect] = [.noSchedule, .preferNoSchedule, .noExecute]
    if reader.rest["effect"]?.string ?? "" == "" {
      reader.errors.add(reader.path["effect"], "Required value")
    }
    guard let effect = reader.choice("effect", of: effects) else { return nil }
    self.init(
      key: reader.text("key"), value: reader.text("value"), effect: effect,
      timeAdded: reader.time("timeAdded"))
  }

  var encoded: Fields {
    var writer = FieldWriter()
    writer.always("effect", .string(effect.rawValue))
    writer.always("key", .string(key))
    writer.set("timeAdded", timeAdded)
    writer.set("value", value)
    return writer.fields
  }
}

extension Toleration {
  init(_ reader: FieldReader) {
    var reader = reader
    let effects: [Taint.Effect] = [.noSchedule, .preferNoSchedule, .noExecute]
    self.init(
      key: reader.text("key"), value: reader.text("value"),
      effect: reader.choice("effect", of: effects),
      tolerationSeconds: reader.optionalInteger("tolerationSeconds"))
    `operator` = reader.text("operator")
    if !["", "Equal", "Exists"].contains(`operator`) {
      reader.errors.unsupported(
        reader.path["operator"], `operator`, supported: ["Equal", "Exists"])
    }
  }

  var encoded: Fields {
    var writer = FieldWriter()
    writer.set("effect", effect?.rawValue ?? "")
    writer.set("key", key)
    writer.set("operator", `operator`)
    writer.set("tolerationSeconds", pointer: tolerationSeconds)
    writer.set("value", value)
    return writer.fields
  }
}
