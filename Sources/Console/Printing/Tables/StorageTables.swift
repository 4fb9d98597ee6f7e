import ClusterModel

extension TableMaker {
  /// The table of a kept kind of storage; nil for other kinds.
  func storage(_ resource: APIResource, _ objects: [KeptView]) -> Table? {
    switch (resource.group, resource.kind) {
    case ("", "PersistentVolumeClaim"):
      Table(
        "NAME|STATUS|VOLUME|CAPACITY|ACCESS MODES|STORAGECLASS|VOLUMEATTRIBUTESCLASS|AGE",
        wide: "VOLUMEMODE", rows: objects.map(claim))
    case ("", "PersistentVolume"):
      Table(
        "NAME|CAPACITY|ACCESS MODES|RECLAIM POLICY|STATUS|CLAIM|STORAGECLASS"
          + "|VOLUMEATTRIBUTESCLASS|REASON|AGE",
        wide: "VOLUMEMODE", rows: objects.map(volume))
    case ("storage.k8s.io", "StorageClass"):
      Table(
        "NAME|PROVISIONER|RECLAIMPOLICY|VOLUMEBINDINGMODE|ALLOWVOLUMEEXPANSION|AGE",
        rows: objects.map(storageClass))
    default: nil
    }
  }

  private func claim(_ object: KeptView) -> [String] {
    let body = object.body
    let isBound = !body.text("spec", "volumeName").isEmpty
    let capacity = QuantityText.canonical(body.text("status", "capacity", "storage"))
    return [
      object.name,
      object.metadata.isTerminating
        ? "Terminating" : body.optionalText("status", "phase") ?? "Pending",
      body.text("spec", "volumeName"), isBound ? capacity : "",
      isBound ? Self.accessModes(body.texts("status", "accessModes")) : "",
      body.text("spec", "storageClassName"),
      body.text("spec", "volumeAttributesClassName").orUnset, age(object.metadata),
      body.text("spec", "volumeMode").orUnset,
    ]
  }

  private func volume(_ object: KeptView) -> [String] {
    let body = object.body
    let claim = body.value("spec", "claimRef").map { claim in
      "\(claim.text("namespace"))/\(claim.text("name"))"
    }
    return [
      object.name, QuantityText.canonical(body.text("spec", "capacity", "storage")),
      Self.accessModes(body.texts("spec", "accessModes")),
      body.optionalText("spec", "persistentVolumeReclaimPolicy") ?? "Retain",
      object.metadata.isTerminating
        ? "Terminating" : body.optionalText("status", "phase") ?? "Pending",
      claim ?? "", body.text("spec", "storageClassName"),
      body.text("spec", "volumeAttributesClassName").orUnset, body.text("status", "reason"),
      age(object.metadata), body.text("spec", "volumeMode").orUnset,
    ]
  }

  private func storageClass(_ object: KeptView) -> [String] {
    let isDefault =
      object.metadata.annotations["storageclass.kubernetes.io/is-default-class"] == "true"
    return [
      object.name + (isDefault ? " (default)" : ""), object.body.text("provisioner"),
      object.body.optionalText("reclaimPolicy") ?? "Delete",
      object.body.optionalText("volumeBindingMode") ?? "Immediate",
      object.body.flag("allowVolumeExpansion") ? "true" : "false", age(object.metadata),
    ]
  }

  /// `RWO,ROX` in the order of upstream, each once.
  private static func accessModes(_ modes: [String]) -> String {
    let short = [
      ("ReadWriteOnce", "RWO"), ("ReadOnlyMany", "ROX"), ("ReadWriteMany", "RWX"),
      ("ReadWriteOncePod", "RWOP"),
    ]
    return short.filter { modes.contains($0.0) }.map(\.1).joined(separator: ",")
  }
}
