import ClusterModel

extension PodStatus {
  init(_ reader: inout FieldReader) {
    self.init()
    phase = Phase(rawValue: reader.text("phase")) ?? .pending
    reason = reader.text("reason")
    message = reader.text("message")
    conditions = reader.objects("conditions").map { Condition($0, lastSeen: "lastProbeTime") }
    hostIP = reader.address("hostIP")
    readPodIPs(&reader)
    startTime = reader.time("startTime")
    initContainerStatuses = reader.objects("initContainerStatuses").map { ContainerStatus($0) }
    containerStatuses = reader.objects("containerStatuses").map { ContainerStatus($0) }
    nominatedNodeName = reader.text("nominatedNodeName")
    qosClass = reader.text("qosClass")
    other = reader.rest
    if let hostIPs = other["hostIPs"], hostIPs == encodedHostIPs { other["hostIPs"] = nil }
  }

  private mutating func readPodIPs(_ reader: inout FieldReader) {
    let first = reader.address("podIP")
    podIPs = reader.objects("podIPs").compactMap { entry in
      var entry = entry
      return entry.address("ip")
    }
    if podIPs.isEmpty, let first { podIPs = [first] }
  }

  private var encodedHostIPs: Value? {
    hostIP.map { .array([.object(Fields([("ip", .string($0.description))]))]) }
  }

  var encoded: Fields {
    var writer = FieldWriter()
    writer.set("conditions", conditions.map { $0.encoded(lastSeen: "lastProbeTime") })
    writer.set("containerStatuses", containerStatuses.map(\.encoded))
    writer.set("hostIP", hostIP?.description ?? "")
    writer.set("hostIPs", other["hostIPs"] ?? encodedHostIPs)
    writer.set("initContainerStatuses", initContainerStatuses.map(\.encoded))
    writer.set("message", message)
    writer.set("nominatedNodeName", nominatedNodeName)
    writer.set("phase", phase.rawValue)
    writer.set("podIP", podIP?.description ?? "")
    writer.set("podIPs", podIPs.map { Fields([("ip", .string($0.description))]) })
    writer.set("qosClass", qosClass)
    writer.set("reason", reason)
    writer.set("startTime", startTime)
    writer.add(other)
    return writer.fields
  }
}

extension ContainerStatus {
  init(_ reader: FieldReader) {
    var reader = reader
    self.init(name: reader.text("name"), image: reader.text("image"))
    state = State(reader.object("state"))
    lastState = State(reader.object("lastState"))
    isReady = reader.flag("ready")
    hasStarted = reader.optionalFlag("started")
    restartCount = reader.integer("restartCount")
    other = reader.rest
  }

  var encoded: Fields {
    var writer = FieldWriter()
    writer.always("image", .string(image))
    writer.always("lastState", .object(lastState.encoded))
    writer.always("name", .string(name))
    writer.always("ready", .bool(isReady))
    writer.always("restartCount", .integer(Int64(restartCount)))
    writer.set("started", pointer: hasStarted)
    writer.always("state", .object(state.encoded))
    writer.add(other)
    if other["imageID"] == nil { writer.always("imageID", "") }
    return writer.fields
  }
}

extension ContainerStatus.State {
  init(_ reader: FieldReader) {
    var reader = reader
    if reader.has("running") {
      var running = reader.object("running")
      self = .running(startedAt: running.time("startedAt"))
    } else if reader.has("terminated") {
      self = .terminated(ContainerStatus.Termination(reader.object("terminated")))
    } else if reader.has("waiting") {
      var waiting = reader.object("waiting")
      self = .waiting(reason: waiting.text("reason"), message: waiting.text("message"))
    } else {
      self = .none
    }
  }

  var encoded: Fields {
    var writer = FieldWriter()
    switch self {
    case .waiting(let reason, let message):
      var waiting = FieldWriter()
      waiting.set("message", message)
      waiting.set("reason", reason)
      writer.always("waiting", .object(waiting.fields))
    case .running(let startedAt):
      var running = FieldWriter()
      running.always("startedAt", startedAt)
      writer.always("running", .object(running.fields))
    case .terminated(let termination):
      writer.always("terminated", .object(termination.encoded))
    case .none: break
    }
    return writer.fields
  }
}

extension ContainerStatus.Termination {
  init(_ reader: FieldReader) {
    var reader = reader
    self.init(
      exitCode: reader.integer("exitCode"), signal: reader.integer("signal"),
      reason: reader.text("reason"), message: reader.text("message"),
      startedAt: reader.time("startedAt"), finishedAt: reader.time("finishedAt"),
      containerID: reader.text("containerID"))
  }

  var encoded: Fields {
    var writer = FieldWriter()
    writer.set("containerID", containerID)
    writer.always("exitCode", .integer(Int64(exitCode)))
    writer.always("finishedAt", finishedAt)
    writer.set("message", message)
    writer.set("reason", reason)
    writer.set("signal", signal)
    writer.always("startedAt", startedAt)
    return writer.fields
  }
}
