import ClusterModel

extension Describer {
  mutating func volumes(_ volumes: [Value], indent: String = "") {
    guard !volumes.isEmpty else {
      return description.line(indent: indent, ["Volumes:", "<none>"])
    }
    description.line(indent: indent, ["Volumes:"])
    for volume in volumes {
      description.line(1, "\(indent.isEmpty ? "" : " ")\(volume.text("name")):")
      source(of: volume)
    }
  }

  private mutating func source(of volume: Value) {
    if let source = volume.value("hostPath") {
      type("HostPath (bare host directory volume)")
      field("Path", source.text("path"))
      field("HostPathType", source.optionalText("type") ?? "<none>")
    } else if let source = volume.value("emptyDir") {
      type("EmptyDir (a temporary directory that shares a pod's lifetime)")
      field("Medium", source.text("medium"))
      let limit = source.optionalText("sizeLimit").map(QuantityText.canonical)
      field("SizeLimit", limit ?? "<unset>")
    } else if let source = volume.value("secret") {
      type("Secret (a volume populated by a Secret)")
      field("SecretName", source.text("secretName"))
      field("Optional", "\(source.flag("optional"))")
    } else if let source = volume.value("configMap") {
      type("ConfigMap (a volume populated by a ConfigMap)")
      field("Name", source.text("name"))
      field("Optional", "\(source.flag("optional"))")
    } else if let source = volume.value("persistentVolumeClaim") {
      type(
        "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)")
      field("ClaimName", source.text("claimName"))
      field("ReadOnly", "\(source.flag("readOnly"))")
    } else if let source = volume.value("projected") {
      projected(source)
    } else {
      rareSource(of: volume)
    }
  }

  private mutating func projected(_ projected: Value) {
    type("Projected (a volume that contains injected data from multiple sources)")
    for source in projected.items("sources") {
      if let secret = source.value("secret") {
        field("SecretName", secret.text("name"))
        field("Optional", "\(secret.flag("optional"))")
      } else if source.has("downwardAPI") {
        field("DownwardAPI", "true")
      } else if let map = source.value("configMap") {
        field("ConfigMapName", map.text("name"))
        field("Optional", "\(map.flag("optional"))")
      } else if let token = source.value("serviceAccountToken") {
        field("TokenExpirationSeconds", "\(token.number("expirationSeconds") ?? 3600)")
      }
    }
  }

  private mutating func rareSource(of volume: Value) {
    if let source = volume.value("downwardAPI") {
      type("DownwardAPI (a volume populated by information about the pod)")
      description.line(2, "Items:")
      for item in source.items("items") {
        let path = item.optionalText("fieldRef", "fieldPath")
        let resource = item.text("resourceFieldRef", "resource")
        description.line(3, "\(path ?? resource) -> \(item.text("path"))")
      }
    } else if let source = volume.value("nfs") {
      type("NFS (an NFS mount that lasts the lifetime of a pod)")
      field("Server", source.text("server"))
      field("Path", source.text("path"))
      field("ReadOnly", "\(source.flag("readOnly"))")
    } else if let source = volume.value("csi") {
      type("CSI (a Container Storage Interface (CSI) volume source)")
      field("Driver", source.text("driver"))
      field("FSType", source.text("fsType"))
      field("ReadOnly", "\(source.flag("readOnly"))")
      description.labels(
        "VolumeAttributes", source.labels("volumeAttributes"), indent: "    ", inner: "    ")
    } else if let claim = volume.value("ephemeral", "volumeClaimTemplate") {
      type(
        "EphemeralVolume (an inline specification for a volume that gets created and deleted "
          + "with the pod)")
      field("StorageClass", claim.text("spec", "storageClassName"))
      field("Volume", claim.text("spec", "volumeName"))
      let deep = "    "
      description.labels(
        "Labels", claim.labels("metadata", "labels"), indent: deep, inner: deep)
      description.labels(
        "Annotations", claim.labels("metadata", "annotations"), indent: deep, inner: deep)
      // Known once there is a volume, which a template never has.
      field("Capacity", "")
      field("Access Modes", "")
    } else {
      description.line(1, "<unknown>")
    }
  }

  private mutating func type(_ text: String) { field("Type", text) }

  private mutating func field(_ name: String, _ value: String) {
    description.field(name, value, level: 2)
  }
}
