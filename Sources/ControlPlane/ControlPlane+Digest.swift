import ClusterModel
import SimulationCore

extension ControlPlane {
  /// Adds every object of the store, and when the next event happens.
  public func digest(into hasher: inout StateHasher) {
    hasher.combine(store.revision)
    hasher.combine(eventCount)
    hasher.combine(nextEventTime ?? .zero)
    for fault in faults {
      hasher.combine(fault.node)
      hasher.combine(fault.fault.rawValue)
      hasher.combine(fault.since)
    }
    for resource in APIResource.wellKnown + store.keptResources {
      for object in store.list(resource) { combine(object, &hasher) }
    }
  }

  private func combine(_ object: StoredObject, _ hasher: inout StateHasher) {
    let metadata = object.metadata
    hasher.combine(object.resource.qualifiedPlural)
    hasher.combine(metadata.namespace)
    hasher.combine(metadata.name)
    hasher.combine(metadata.uid.high)
    hasher.combine(metadata.resourceVersion)
    hasher.combine(metadata.labels.text)
    hasher.combine(metadata.deletionTimestamp?.seconds ?? 0)
    switch object {
    case .pod(let pod):
      hasher.combine(pod.nodeName)
      hasher.combine(pod.status.phase.rawValue)
      hasher.combine(pod.status.podIPs.map(\.description).joined(separator: ","))
      for condition in pod.status.conditions {
        hasher.combine(condition.type)
        hasher.combine(condition.status.rawValue)
        hasher.combine(condition.lastTransitionTime?.seconds ?? 0)
      }
    case .service(let service):
      hasher.combine(service.clusterIPs.map(\.description).joined(separator: ","))
      for port in service.ports { hasher.combine(port.nodePort) }
    case .endpointSlice(let slice):
      for endpoint in slice.endpoints {
        hasher.combine(endpoint.address.low)
        hasher.combine(endpoint.isReadyOrUnset)
        hasher.combine(endpoint.isServingOrUnset)
        hasher.combine(endpoint.isTerminatingOrUnset)
      }
    case .event(let event):
      hasher.combine(event.message)
      hasher.combine(event.count)
    case .deployment(let deployment): hasher.combine(deployment.replicas)
    case .replicaSet(let replicaSet): hasher.combine(replicaSet.replicas)
    case .node(let node):
      hasher.combine(node.podCIDRs.map(\.description).joined(separator: ","))
      for condition in node.conditions { hasher.combine(condition.status.rawValue) }
      for taint in node.taints { hasher.combine(taint.text) }
    case .namespace, .kept: break
    }
  }
}
