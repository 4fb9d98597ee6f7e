import ClusterModel

/// The volumes that are made for claims, and what binding writes
/// (pkg/controller/volume/persistentvolume/pv_controller.go).
enum Provisioning {
  static func volume(for claim: KeptObject, _ storageClass: KeptObject?) -> KeptObject {
    let wanted = claim.body["spec"]
    var metadata = ObjectMeta(name: "pvc-\(claim.metadata.uid)")
    if let provisioner = storageClass?.body["provisioner"]?.string {
      metadata.annotations["pv.kubernetes.io/provisioned-by"] = provisioner
    }
    var spec: Fields = [
      "capacity": ["storage": wanted?["resources"]?["requests"]?["storage"] ?? "1Gi"],
      "claimRef": reference(to: claim),
      "hostPath": [
        "path": .string("/var/local/\(claim.metadata.namespace)/\(claim.metadata.name)"),
        "type": "DirectoryOrCreate",
      ],
      "persistentVolumeReclaimPolicy": storageClass?.body["reclaimPolicy"] ?? "Delete",
    ]
    spec["accessModes"] = wanted?["accessModes"]
    spec["storageClassName"] = wanted?["storageClassName"]
    spec["volumeMode"] = wanted?["volumeMode"]
    return KeptObject(
      resource: Claims.volume, metadata: metadata, body: ["spec": .object(spec)])
  }

  static func reference(to claim: KeptObject) -> Value {
    [
      "apiVersion": "v1", "kind": "PersistentVolumeClaim",
      "name": .string(claim.metadata.name), "namespace": .string(claim.metadata.namespace),
      "resourceVersion": .string("\(claim.metadata.resourceVersion)"),
      "uid": .string("\(claim.metadata.uid)"),
    ]
  }

  /// What the claim says from now on.
  static func binding(of claim: KeptObject, _ id: ObjectID, to volume: KeptObject) -> [Write] {
    var bound = claim
    var spec = claim.body["spec"]?.fields ?? Fields()
    spec["volumeName"] = .string(volume.metadata.name)
    bound.body["spec"] = .object(spec)
    bound.metadata.annotations["pv.kubernetes.io/bind-completed"] = "yes"
    bound.metadata.annotations["pv.kubernetes.io/bound-by-controller"] = "yes"
    var status: Fields = ["phase": "Bound"]
    status["accessModes"] = volume.body["spec"]?["accessModes"]
    status["capacity"] = volume.body["spec"]?["capacity"]
    return [Write(.replace(.kept(bound))), Write(.keptStatus(Claims.claim, id, status))]
  }
}
