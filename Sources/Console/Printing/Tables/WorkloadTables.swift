import ClusterModel

extension TableMaker {
  func deployments(_ deployments: [Deployment]) -> Table {
    Table(
      "NAME|READY|UP-TO-DATE|AVAILABLE|AGE", wide: "CONTAINERS|IMAGES|SELECTOR",
      rows: deployments.map { object in
        let status = object.status
        return [
          object.metadata.name, "\(status.readyReplicas)/\(object.replicas)",
          "\(status.updatedReplicas)", "\(status.availableReplicas)", age(object.metadata),
        ] + Self.containers(object.template) + [SelectorText.of(object.selector)]
      })
  }

  func replicaSets(_ replicaSets: [ReplicaSet]) -> Table {
    Table(
      "NAME|DESIRED|CURRENT|READY|AGE", wide: "CONTAINERS|IMAGES|SELECTOR",
      rows: replicaSets.map { object in
        [
          object.metadata.name, "\(object.replicas)", "\(object.status.replicas)",
          "\(object.status.readyReplicas)", age(object.metadata),
        ] + Self.containers(object.template) + [SelectorText.of(object.selector)]
      })
  }

  private static func containers(_ template: PodTemplate) -> [String] {
    let containers = template.spec.value.containers
    return [
      containers.map(\.name).joined(separator: ","), containers.map(\.image).joined(separator: ","),
    ]
  }

  private static func containers(_ template: Value?) -> [String] {
    let containers = template?.items("spec", "containers") ?? []
    return [
      containers.map { $0.text("name") }.joined(separator: ","),
      containers.map { $0.text("image") }.joined(separator: ","),
    ]
  }

  /// The table of a kept kind that makes pods; nil for other kinds.
  func workloads(_ resource: APIResource, _ objects: [KeptView]) -> Table? {
    switch (resource.group, resource.kind) {
    case ("apps", "StatefulSet"):
      Table("NAME|READY|AGE", wide: "CONTAINERS|IMAGES", rows: objects.map(statefulSet))
    case ("apps", "DaemonSet"):
      Table(
        "NAME|DESIRED|CURRENT|READY|UP-TO-DATE|AVAILABLE|NODE SELECTOR|AGE",
        wide: "CONTAINERS|IMAGES|SELECTOR", rows: objects.map(daemonSet))
    case ("batch", "Job"):
      Table(
        "NAME|STATUS|COMPLETIONS|DURATION|AGE", wide: "CONTAINERS|IMAGES|SELECTOR",
        rows: objects.map(job))
    case ("batch", "CronJob"):
      Table(
        "NAME|SCHEDULE|TIMEZONE|SUSPEND|ACTIVE|LAST SCHEDULE|AGE",
        wide: "CONTAINERS|IMAGES|SELECTOR", rows: objects.map(cronJob))
    case ("", "ReplicationController"):
      Table(
        "NAME|DESIRED|CURRENT|READY|AGE", wide: "CONTAINERS|IMAGES|SELECTOR",
        rows: objects.map(replicationController))
    case ("apps", "ControllerRevision"):
      Table("NAME|CONTROLLER|REVISION|AGE", rows: objects.map(controllerRevision))
    case ("", "PodTemplate"):
      Table("NAME|CONTAINERS|IMAGES|POD LABELS", rows: objects.map(podTemplate))
    case ("autoscaling", "HorizontalPodAutoscaler"):
      Table(
        "NAME|REFERENCE|TARGETS|MINPODS|MAXPODS|REPLICAS|AGE", rows: objects.map(autoscaler))
    default: nil
    }
  }

  private func statefulSet(_ object: KeptView) -> [String] {
    let desired = object.body.number("spec", "replicas") ?? 1
    let ready = object.body.number("status", "readyReplicas") ?? 0
    return [object.name, "\(ready)/\(desired)", age(object.metadata)]
      + Self.containers(object.body.value("spec", "template"))
  }

  private func daemonSet(_ object: KeptView) -> [String] {
    let counts = [
      "desiredNumberScheduled", "currentNumberScheduled", "numberReady", "updatedNumberScheduled",
      "numberAvailable",
    ].map { "\(object.body.number("status", $0) ?? 0)" }
    let selector = object.body.labels("spec", "template", "spec", "nodeSelector")
    return [object.name] + counts + [selector.textOrNone, age(object.metadata)]
      + Self.containers(object.body.value("spec", "template"))
      + [SelectorText.of(object.body.value("spec", "selector"))]
  }

  private func replicationController(_ object: KeptView) -> [String] {
    [
      object.name, "\(object.body.number("spec", "replicas") ?? 1)",
      "\(object.body.number("status", "replicas") ?? 0)",
      "\(object.body.number("status", "readyReplicas") ?? 0)", age(object.metadata),
    ] + Self.containers(object.body.value("spec", "template"))
      + [object.body.labels("spec", "selector").textOrNone]
  }

  private func controllerRevision(_ object: KeptView) -> [String] {
    let owner = object.metadata.controllerReference.map { owner in
      let resource = APIResource.of(apiVersion: owner.apiVersion, kind: owner.kind)
      return "\(resource.qualifiedSingular)/\(owner.name)"
    }
    return [
      object.name, owner ?? "<none>", "\(object.body.number("revision") ?? 0)",
      age(object.metadata),
    ]
  }

  private func podTemplate(_ object: KeptView) -> [String] {
    [object.name] + Self.containers(object.body.value("template"))
      + [object.body.labels("template", "metadata", "labels").textOrNone]
  }

  private func cronJob(_ object: KeptView) -> [String] {
    let last = object.body.time("status", "lastScheduleTime")
    let suspended = object.body.value("spec", "suspend")?.bool
    return [
      object.name, object.body.text("spec", "schedule"),
      object.body.text("spec", "timeZone").orNone,
      suspended.map { $0 ? "True" : "False" } ?? "<unset>",
      "\(object.body.items("status", "active").count)",
      last.map(context.age) ?? "<none>", age(object.metadata),
    ] + Self.containers(object.body.value("spec", "jobTemplate", "spec", "template"))
      + [SelectorText.of(object.body.value("spec", "jobTemplate", "spec", "selector"))]
  }
}
