import ClusterModel
import SimulationCore

/// Counts what ResourceQuotas limit (pkg/controller/resourcequota).
///
/// New objects are charged when they are admitted; what is left is to count anew when a quota
/// changes or something that counts goes or ends.
struct ResourceQuotaController: Controller {
  let name = "resourcequota-controller"
  let watches = ResourceKinds.of(.pod, .service, .replicaSet, .deployment, .kept)
  let podAspects: Change.Aspects = .standing
  private let resource = APIResource.of(apiVersion: "v1", kind: "ResourceQuota")
  /// Nothing is looked at as long as there has been no quota.
  private var hasQuotas = false

  init() {}

  mutating func observe(_ change: Change, in store: ObjectStore, _ keys: inout [WorkKey]) {
    if change.kind == .kept, change.resource == resource.qualifiedPlural,
      change.operation != .deleted
    {
      hasQuotas = true
      keys.append(WorkKey(.kept, change.id))
      return
    }
    guard hasQuotas, let namespace = Self.namespace(freedBy: change, in: store),
      let table = store.kept[resource.qualifiedPlural]
    else { return }
    for id in table.ids where table[id]?.metadata.namespace == namespace {
      keys.append(WorkKey(.kept, id))
    }
  }

  /// Where a change lets go of something; nil when it does not.
  private static func namespace(freedBy change: Change, in store: ObjectStore) -> String? {
    if change.kind == .event || change.kind == .node { return nil }
    if change.operation == .deleted { return change.tombstone?.namespace }
    guard change.operation == .updated else { return nil }
    switch change.kind {
    case .pod:
      guard let pod = store.pods[change.id], pod.isTerminal else { return nil }
      return pod.metadata.namespace
    case .service: return store.services[change.id]?.metadata.namespace
    case .namespace, .node, .replicaSet, .deployment, .endpointSlice, .event, .kept: return nil
    }
  }

  mutating func reconcile(_ key: WorkKey, _ context: inout ReconcileContext) -> Reconciliation {
    guard let quota = context.store.kept[resource.qualifiedPlural]?[key.id] else {
      return .nothing
    }
    let hard = ResourceAmounts(quota.body["spec"]?["hard"]?.fields)
    var status = quota.body["status"]?.fields ?? Fields()
    status["hard"] = .object(hard.fields)
    status["used"] = .object(QuotaUsage.total(of: quota, in: context.store).fields)
    guard .object(status) != quota.body["status"] else { return .nothing }
    var result = Reconciliation()
    result.writes = [Write(.keptStatus(resource, key.id, status))]
    return result
  }
}
