import ClusterModel
import SimulationCore

extension APIServer {
  /// `PUT` of the scale subresource: nothing else of the object changes.
  mutating func scale(
    _ resource: APIResource, _ id: ObjectID, to replicas: Int, at time: Instant
  ) {
    switch resource.living {
    case .deployment:
      store.updateDeployment(id, [.spec, .metadata], at: time) { deployment in
        deployment.replicas = replicas
        deployment.metadata.generation += 1
      }
    case .replicaSet:
      store.updateReplicaSet(id, [.spec, .metadata], at: time) { replicaSet in
        replicaSet.replicas = replicas
        replicaSet.metadata.generation += 1
      }
    case .kept:
      store.updateKept(resource, id, at: time) { object in
        var spec = object.body["spec"]?.fields ?? Fields()
        spec["replicas"] = .integer(Int64(replicas))
        object.body["spec"] = .object(spec)
        object.metadata.generation += 1
      }
    case .namespace, .node, .pod, .service, .endpointSlice, .event: break
    }
  }
}
