import ClusterModel

/// What the API server finds out about the other components when it is asked
/// (pkg/registry/core/componentstatus).
enum ComponentHealth {
  private static let resource = APIResource.of(apiVersion: "v1", kind: "ComponentStatus")

  static let components = ["controller-manager", "etcd-0", "scheduler"].map { name in
    KeptObject(
      resource: resource, metadata: ObjectMeta(name: name),
      body: ["conditions": [["message": "ok", "status": "True", "type": "Healthy"]]])
  }
}
