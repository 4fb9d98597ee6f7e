import ClusterModel
import SimulationCore

/// Sees to it that each namespace has its `default` ServiceAccount
/// (pkg/controller/serviceaccount/serviceaccounts_controller.go).
struct ServiceAccountsController: Controller {
  static let resource = APIResource.of(apiVersion: "v1", kind: "ServiceAccount")

  let name = "serviceaccount-controller"
  let watches = ResourceKinds.of(.namespace, .kept)

  init() {}

  mutating func observe(_ change: Change, in store: ObjectStore, _ keys: inout [WorkKey]) {
    switch change.kind {
    case .namespace where change.operation != .deleted:
      keys.append(WorkKey(.namespace, change.id))
    case .kept where change.operation == .deleted:
      guard change.resource == Self.resource.qualifiedPlural,
        let space = change.tombstone?.namespace,
        let id = store.namespaces.id(namespace: "", name: space)
      else { return }
      keys.append(WorkKey(.namespace, id))
    default: break
    }
  }

  mutating func reconcile(_ key: WorkKey, _ context: inout ReconcileContext) -> Reconciliation {
    guard let namespace = context.store.namespaces[key.id], !namespace.metadata.isTerminating,
      !context.store.contains(
        Self.resource, namespace: namespace.metadata.name, name: "default")
    else { return .nothing }
    var result = Reconciliation()
    result.writes = [Write(.create(.kept(Self.account(in: namespace.metadata.name))))]
    return result
  }

  static func account(in namespace: String) -> KeptObject {
    KeptObject(
      resource: resource, metadata: ObjectMeta(name: "default", namespace: namespace), body: [:])
  }
}
