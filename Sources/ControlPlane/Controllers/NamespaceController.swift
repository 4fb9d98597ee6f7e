import ClusterModel
import SimulationCore

/// Empties a namespace that is being deleted, then lets it go (pkg/controller/namespace).
struct NamespaceController: Controller {
  let name = "namespace-controller"
  let watches = ResourceKinds.of(.namespace)

  init() {}

  mutating func observe(_ change: Change, in store: ObjectStore, _ keys: inout [WorkKey]) {
    guard change.kind == .namespace, change.operation != .deleted,
      store.namespaces[change.id]?.metadata.isTerminating == true
    else { return }
    keys.append(WorkKey(.namespace, change.id))
  }

  mutating func reconcile(_ key: WorkKey, _ context: inout ReconcileContext) -> Reconciliation {
    let store = context.store
    guard let namespace = store.namespaces[key.id], namespace.metadata.isTerminating else {
      return .nothing
    }
    let name = namespace.metadata.name
    var result = Reconciliation()
    var isEmpty = true
    for resource in APIResource.wellKnown + store.keptResources where resource.isNamespaced {
      for object in store.list(resource, namespace: name) {
        isEmpty = false
        if case .pod(let pod) = object {
          guard !pod.metadata.isTerminating,
            let id = store.pods.id(namespace: name, name: pod.metadata.name)
          else { continue }
          result.writes.append(Write(.deletePod(id)))
        } else {
          result.writes.append(Write(.delete(object)))
        }
      }
    }
    if isEmpty {
      result.writes = [Write(.delete(.namespace(namespace)))]
    } else {
      // Pods need their grace period; upstream estimates it and looks again.
      result.requeueAfter = .seconds(1)
    }
    return result
  }
}
