import ClusterModel
import ControlPlane

/// What a stretch of the store's log touches.
struct Touched {
  /// Nodes that changed, or whose pods did.
  var nodes: Set<String> = []
  /// Services that changed, or whose slices did.
  var services: Set<NamespacedName> = []
  /// Services themselves, not only their slices.
  var hasServices = false
  var pods: [ObjectID] = []
  var deployments: [ObjectID] = []
  var events: [ObjectID] = []
  /// Nodes have come or gone.
  var hasOtherNodes = false
  var hasOtherServices = false
  var hasNamespaces = false

  mutating func add(_ change: Change, _ store: ObjectStore) {
    let isNew = change.operation != .updated
    switch change.kind {
    case .node:
      if isNew {
        hasOtherNodes = true
      } else if let node = store.nodes[change.id] {
        nodes.insert(node.metadata.name)
      }
    case .pod:
      pods.append(change.id)
      let node = store.pods[change.id]?.nodeName ?? change.nodeName
      if !node.isEmpty { nodes.insert(node) }
    case .service:
      hasServices = true
      if isNew {
        hasOtherServices = true
      } else if let service = store.services[change.id] {
        services.insert(NamespacedName(service.metadata))
      }
    case .endpointSlice:
      let metadata = store.endpointSlices[change.id]?.metadata ?? change.tombstone
      if let metadata, let name = metadata.labels[EndpointSlice.serviceNameLabel] {
        services.insert(NamespacedName(namespace: metadata.namespace, name: name))
      }
    case .event: if change.operation != .deleted { events.append(change.id) }
    case .namespace: hasNamespaces = true
    case .deployment: deployments.append(change.id)
    case .replicaSet, .kept: break
    }
  }
}
