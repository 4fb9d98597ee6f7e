import ClusterModel

extension EndpointSlice {
  init(metadata: ObjectMeta, _ reader: inout FieldReader) {
    self.init(metadata: metadata, addressType: reader.text("addressType"))
    let types = ["FQDN", "IPv4", "IPv6"]
    if addressType.isEmpty {
      reader.errors.add(reader.path["addressType"], "Required value")
    } else if !types.contains(addressType) {
      reader.errors.unsupported(reader.path["addressType"], addressType, supported: types)
    }
    ports = reader.objects("ports").map { Port($0) }
    let isNames = addressType == "FQDN"
    endpoints = reader.objects("endpoints").map { Endpoint($0, isNames: isNames) }
    other = reader.rest
  }

  var encoded: Fields {
    var writer = FieldWriter()
    writer.always("addressType", .string(addressType))
    // Empty lists come back from the API server as null.
    writer.always(
      "endpoints", endpoints.isEmpty ? .null : .array(endpoints.map { .object($0.encoded) }))
    writer.always("ports", ports.isEmpty ? .null : .array(ports.map { .object($0.encoded) }))
    writer.add(other)
    return writer.fields
  }
}

extension EndpointSlice.Port {
  init(_ reader: FieldReader) {
    var reader = reader
    self.init(
      name: reader.optionalText("name"), transport: reader.transport(),
      port: reader.optionalInteger("port"), appProtocol: reader.optionalText("appProtocol"))
  }

  var encoded: Fields {
    var writer = FieldWriter()
    writer.set("appProtocol", pointer: appProtocol)
    writer.set("name", pointer: name)
    writer.set("port", pointer: port)
    writer.set("protocol", transport.name)
    return writer.fields
  }
}

extension Endpoint {
  init(_ reader: FieldReader, isNames: Bool) {
    var reader = reader
    self.init(address: .unspecified)
    readAddresses(&reader, isNames: isNames)
    var conditions = reader.object("conditions")
    isReady = conditions.optionalFlag("ready")
    isServing = conditions.optionalFlag("serving")
    isTerminating = conditions.optionalFlag("terminating")
    hostname = reader.optionalText("hostname")
    nodeName = reader.optionalText("nodeName")
    zone = reader.optionalText("zone")
    if reader.has("targetRef") { targetRef = ObjectReference(reader.object("targetRef")) }
    var hints = reader.object("hints")
    zoneHints = hints.objects("forZones").map { $0.rest["name"]?.string ?? "" }
    nodeHints = hints.objects("forNodes").map { $0.rest["name"]?.string ?? "" }
    other = reader.rest
  }

  private mutating func readAddresses(_ reader: inout FieldReader, isNames: Bool) {
    let path = reader.path["addresses"]
    var texts = reader.texts("addresses")
    if texts.isEmpty {
      reader.errors.add(path, "Required value: must contain at least 1 address")
      return
    }
    if !isNames {
      let first = texts.removeFirst()
      address = FieldReader.address(first, path[0], reader.errors) ?? .unspecified
    }
    moreAddresses = texts
  }

  var encoded: Fields {
    var writer = FieldWriter()
    writer.set("addresses", addressTexts)
    var conditions = FieldWriter()
    conditions.set("ready", pointer: isReady)
    conditions.set("serving", pointer: isServing)
    conditions.set("terminating", pointer: isTerminating)
    writer.always("conditions", .object(conditions.fields))
    writer.set("hostname", pointer: hostname)
    writer.set("nodeName", pointer: nodeName)
    writer.set("zone", pointer: zone)
    if let targetRef { writer.always("targetRef", .object(targetRef.encoded)) }
    var hints = FieldWriter()
    hints.set("forZones", zoneHints.map { Fields([("name", .string($0))]) })
    hints.set("forNodes", nodeHints.map { Fields([("name", .string($0))]) })
    writer.set("hints", hints.fields)
    writer.add(other)
    return writer.fields
  }
}
