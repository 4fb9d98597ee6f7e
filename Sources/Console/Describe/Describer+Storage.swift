import ClusterModel
import ControlPlane

extension Describer {
  /// describe.go describePVC.
  mutating func volumeClaim() {
    nameAndNamespace()
    description.field("StorageClass", value.text("spec", "storageClassName"))
    if let deleted = metadata.deletionTimestamp {
      description.field("Status", "Terminating (lasts \(context.age(deleted)))")
    } else {
      description.field("Status", value.text("status", "phase"))
    }
    let volume = value.text("spec", "volumeName")
    description.field("Volume", volume)
    labelsAndAnnotations()
    finalizers()
    let capacity = volume.isEmpty ? "" : value.text("status", "capacity", "storage")
    description.field("Capacity", QuantityText.canonical(capacity))
    description.field(
      "Access Modes", volume.isEmpty ? "" : Self.modes(value.texts("status", "accessModes")))
    description.optionalField("VolumeMode", value.text("spec", "volumeMode"))
    let users = context.store.pods.list(namespace: metadata.namespace).filter { pod in
      (pod.spec.value.other["volumes"]?.array ?? []).contains {
        $0["persistentVolumeClaim"]?["claimName"] == .string(metadata.name)
      }
    }
    for (index, pod) in users.enumerated() {
      description.line(0, index == 0 ? "Used By:" : "", pod.metadata.name)
    }
    if users.isEmpty { description.field("Used By", "<none>") }
    events()
  }

  /// describe.go describePV, with the commonest source in full.
  mutating func volume() {
    description.field("Name", metadata.name)
    labelsAndAnnotations()
    finalizers()
    description.field("StorageClass", value.text("spec", "storageClassName"))
    description.field("Status", value.text("status", "phase"))
    let claim = value.value("spec", "claimRef")
    description.field("Claim", claim.map { "\($0.text("namespace"))/\($0.text("name"))" } ?? "")
    description.field("Reclaim Policy", value.text("spec", "persistentVolumeReclaimPolicy"))
    description.field("Access Modes", Self.modes(value.texts("spec", "accessModes")))
    description.optionalField("VolumeMode", value.text("spec", "volumeMode"))
    description.field(
      "Capacity", QuantityText.canonical(value.text("spec", "capacity", "storage")))
    description.field("Node Affinity", value.has("spec", "nodeAffinity") ? "<set>" : "<none>")
    description.field("Message", value.text("status", "message"))
    description.line(0, "Source:")
    if let path = value.value("spec", "hostPath") {
      description.field("Type", "HostPath (bare host directory volume)", level: 2)
      description.field("Path", path.text("path"), level: 2)
      description.field("HostPathType", path.text("type"), level: 2)
    } else {
      description.line(2, "<unknown>")
    }
    events()
  }

  private mutating func finalizers() {
    description.field("Finalizers", "[\(metadata.finalizers.joined(separator: " "))]")
  }

  private static func modes(_ modes: [String]) -> String {
    modes.map { mode in
      switch mode {
      case "ReadWriteOnce": "RWO"
      case "ReadOnlyMany": "ROX"
      case "ReadWriteMany": "RWX"
      case "ReadWriteOncePod": "RWOP"
      default: mode
      }
    }.joined(separator: ",")
  }

  /// describe.go StorageClassDescriber.
  mutating func storageClass() {
    description.field("Name", metadata.name)
    let isDefault = metadata.annotations["storageclass.kubernetes.io/is-default-class"] == "true"
    description.field("IsDefaultClass", isDefault ? "Yes" : "No")
    description.field("Annotations", metadata.annotations.textOrNone)
    description.field("Provisioner", value.text("provisioner"))
    description.field("Parameters", value.labels("parameters").textOrNone)
    description.field("AllowVolumeExpansion", Self.truth(value.value("allowVolumeExpansion")))
    let options = value.texts("mountOptions")
    if options.isEmpty {
      description.field("MountOptions", "<none>")
    } else {
      description.line(0, "MountOptions:")
      for option in options { description.line(1, option) }
    }
    description.optionalField("ReclaimPolicy", value.text("reclaimPolicy"))
    description.optionalField("VolumeBindingMode", value.text("volumeBindingMode"))
    events()
  }
}
