import ClusterModel

extension Pod {
  init(metadata: ObjectMeta, _ reader: inout FieldReader) {
    var spec = reader.object("spec")
    let nodeName = spec.text("nodeName")
    let podSpec = PodSpec(&spec).withoutToken(of: metadata.uid)
    var status = reader.object("status")
    self.init(
      metadata: metadata, spec: Shared(podSpec), nodeName: nodeName, status: PodStatus(&status))
  }

  var encoded: Fields {
    var spec = FieldWriter()
    spec.set("nodeName", nodeName)
    spec.add(visibleSpec.encoded)
    var status = self.status
    for index in status.initContainerStatuses.indices {
      identify(&status.initContainerStatuses[index])
    }
    for index in status.containerStatuses.indices { identify(&status.containerStatuses[index]) }
    return Fields([("spec", .object(spec.fields)), ("status", .object(status.encoded))])
  }
}

extension PodSpec {
  init(_ reader: inout FieldReader) {
    self.init(containers: reader.objects("containers").map { Container($0) })
    initContainers = reader.objects("initContainers").map { Container($0) }
    restartPolicy = reader.optionalText("restartPolicy") ?? restartPolicy
    terminationGracePeriodSeconds = reader.integer(
      "terminationGracePeriodSeconds", default: terminationGracePeriodSeconds)
    dnsPolicy = reader.optionalText("dnsPolicy") ?? dnsPolicy
    dnsConfig = reader.take("dnsConfig")
    hostNetwork = reader.flag("hostNetwork")
    hostname = reader.text("hostname")
    subdomain = reader.text("subdomain")
    nodeSelector = reader.labels("nodeSelector")
    affinity = reader.take("affinity")
    topologySpreadConstraints = reader.take("topologySpreadConstraints")
    tolerations = reader.objects("tolerations").map { Toleration($0) }
    readinessGates = reader.objects("readinessGates").map {
      $0.rest["conditionType"]?.string ?? ""
    }
    schedulerName = reader.optionalText("schedulerName") ?? schedulerName
    readAccount(&reader)
    priority = reader.optionalInteger("priority")
    priorityClassName = reader.text("priorityClassName")
    checkChoices(reader)
    other = reader.rest
  }

  /// `serviceAccount` is the older name of the same field: each sets the other.
  private mutating func readAccount(_ reader: inout FieldReader) {
    serviceAccountName = reader.text("serviceAccountName")
    if serviceAccountName.isEmpty {
      serviceAccountName = reader.rest["serviceAccount"]?.string ?? ""
    }
  }

  private func checkChoices(_ reader: FieldReader) {
    let restartPolicies = ["Always", "OnFailure", "Never"]
    if !restartPolicies.contains(restartPolicy) {
      reader.errors.unsupported(
        reader.path["restartPolicy"], restartPolicy, supported: restartPolicies)
    }
    let dnsPolicies = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"]
    if !dnsPolicies.contains(dnsPolicy) {
      reader.errors.unsupported(reader.path["dnsPolicy"], dnsPolicy, supported: dnsPolicies)
    }
  }

  var encoded: Fields {
    var writer = FieldWriter()
    writer.set("affinity", affinity)
    writer.always("containers", .array(containers.map { .object($0.encoded) }))
    writer.set("dnsConfig", dnsConfig)
    writer.set("dnsPolicy", dnsPolicy)
    writer.set("hostNetwork", hostNetwork)
    writer.set("hostname", hostname)
    writer.set("initContainers", initContainers.map(\.encoded))
    writer.set("nodeSelector", nodeSelector)
    writer.set("priority", pointer: priority)
    writer.set("priorityClassName", priorityClassName)
    writer.set("readinessGates", readinessGates.map { Fields([("conditionType", .string($0))]) })
    writer.set("restartPolicy", restartPolicy)
    writer.set("schedulerName", schedulerName)
    writer.set("serviceAccountName", serviceAccountName)
    writer.set("subdomain", subdomain)
    writer.set("terminationGracePeriodSeconds", pointer: terminationGracePeriodSeconds)
    writer.set("tolerations", tolerations.map(\.encoded))
    writer.set("topologySpreadConstraints", topologySpreadConstraints)
    writer.add(other)
    return writer.fields
  }
}
