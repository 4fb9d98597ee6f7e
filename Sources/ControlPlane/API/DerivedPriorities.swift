import ClusterModel

/// The PriorityClasses that the API server makes when it starts
/// (pkg/apis/scheduling/v1/helpers.go).
enum DerivedPriorities {
  static let resource = APIResource.of(
    apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass")

  static func classes(_ store: ObjectStore) -> [KeptObject] {
    guard let first = store.services["default", "kubernetes"]?.metadata else { return [] }
    return [
      make(
        "system-cluster-critical", 2_000_000_000,
        "Used for system critical pods that must run in the cluster, but can be moved to another "
          + "node if necessary.", first),
      make(
        "system-node-critical", 2_000_001_000,
        "Used for system critical pods that must not be moved from their current node.", first),
    ]
  }

  private static func make(
    _ name: String, _ value: Int64, _ description: String, _ first: ObjectMeta
  ) -> KeptObject {
    var metadata = ObjectMeta(name: name)
    metadata.uid = UID(
      randomHigh: first.uid.high ^ UInt64(value), randomLow: first.uid.low ^ 0x9C_0001)
    metadata.creationTimestamp = first.creationTimestamp
    metadata.generation = 1
    metadata.resourceVersion = first.resourceVersion
    return KeptObject(
      resource: resource, metadata: metadata,
      body: [
        "description": .string(description), "preemptionPolicy": "PreemptLowerPriority",
        "value": .integer(value),
      ])
  }
}
