import ClusterModel

extension ObjectStore {
  /// The name of what controls a pod: a Deployment rather than its ReplicaSet.
  public func workload(of pod: Pod) -> String {
    guard let owner = pod.metadata.controllerReference else { return pod.metadata.name }
    guard owner.kind == "ReplicaSet" else {
      return owner.kind == "Node" ? pod.metadata.name : owner.name
    }
    let replicaSet = replicaSets.metadata(namespace: pod.metadata.namespace, name: owner.name)
    return replicaSet?.controllerReference?.name ?? owner.name
  }
}
