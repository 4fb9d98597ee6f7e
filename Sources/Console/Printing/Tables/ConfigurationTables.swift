import ClusterModel

extension TableMaker {
  /// The table of a kept kind that configures pods or the API; nil for other kinds.
  func configuration(_ resource: APIResource, _ objects: [KeptView]) -> Table? {
    switch (resource.group, resource.kind) {
    case ("", "ConfigMap"):
      Table(
        "NAME|DATA|AGE",
        rows: objects.map {
          let count = $0.body.fields("data").count + $0.body.fields("binaryData").count
          return [$0.name, "\(count)", age($0.metadata)]
        })
    case ("", "ComponentStatus"):
      Table("NAME|STATUS|MESSAGE|ERROR", rows: objects.map(component))
    case ("", "Secret"):
      Table("NAME|TYPE|DATA|AGE", rows: objects.map(secret))
    case ("", "ServiceAccount"):
      Table(
        "NAME|SECRETS|AGE",
        rows: objects.map { [$0.name, "\($0.body.items("secrets").count)", age($0.metadata)] })
    case ("coordination.k8s.io", "Lease"):
      Table(
        "NAME|HOLDER|AGE",
        rows: objects.map {
          [$0.name, $0.body.text("spec", "holderIdentity"), age($0.metadata)]
        })
    case ("", "LimitRange"), ("apiextensions.k8s.io", "CustomResourceDefinition"),
      ("rbac.authorization.k8s.io", "Role"), ("rbac.authorization.k8s.io", "ClusterRole"):
      Table(
        "NAME|CREATED AT",
        rows: objects.map {
          [$0.name, $0.metadata.creationTimestamp?.description ?? "<unknown>"]
        })
    case ("rbac.authorization.k8s.io", "RoleBinding"),
      ("rbac.authorization.k8s.io", "ClusterRoleBinding"):
      Table("NAME|ROLE|AGE", wide: "USERS|GROUPS|SERVICEACCOUNTS", rows: objects.map(binding))
    default: nil
    }
  }

  private func component(_ object: KeptView) -> [String] {
    let health = object.body.items("conditions").first { $0.text("type") == "Healthy" }
    let status = health.map { $0.text("status") == "True" ? "Healthy" : "Unhealthy" }
    return [
      object.name, status ?? "Unknown", health?.text("message") ?? "",
      health?.text("error") ?? "",
    ]
  }

  /// A manifest may carry its texts in `stringData`, which the API server moves to `data`.
  private func secret(_ object: KeptView) -> [String] {
    let data = object.body.fields("data")
    let more = object.body.fields("stringData").all.count { data[$0.name] == nil }
    return [
      object.name, object.body.optionalText("type") ?? "Opaque", "\(data.count + more)",
      age(object.metadata),
    ]
  }

  private func binding(_ object: KeptView) -> [String] {
    let subjects = object.body.items("subjects")
    func names(_ kind: String) -> String {
      subjects.filter { $0.text("kind") == kind }.map { subject in
        let namespace = kind == "ServiceAccount" ? "\(subject.text("namespace"))/" : ""
        return namespace + subject.text("name")
      }.joined(separator: ", ")
    }
    return [
      object.name,
      "\(object.body.text("roleRef", "kind"))/\(object.body.text("roleRef", "name"))",
      age(object.metadata), names("User"), names("Group"), names("ServiceAccount"),
    ]
  }
}
