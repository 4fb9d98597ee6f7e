import ClusterModel
import SimulationCore

extension APIServer {
  func admit(_ namespace: inout Namespace) {
    namespace.metadata.labels["kubernetes.io/metadata.name"] = namespace.metadata.name
    if namespace.otherSpec["finalizers"] == nil {
      namespace.otherSpec["finalizers"] = ["kubernetes"]
    }
  }

  mutating func replace(_ old: Namespace, with new: Namespace, at time: Instant) {
    var new = new
    new.phase = old.phase
    new.otherStatus = old.otherStatus
    new.metadata.labels["kubernetes.io/metadata.name"] = old.metadata.name
    guard new != old, let id = store.namespaces.id(namespace: "", name: old.metadata.name) else {
      return
    }
    store.updateNamespace(id, .metadata, at: time) { $0 = new }
  }

  /// A Node that was made by hand has no status until a kubelet posts one.
  func admit(_ node: inout Node) {
    let name = node.metadata.name
    if node.metadata.labels["kubernetes.io/hostname"] == nil {
      node.metadata.labels["kubernetes.io/hostname"] = name
    }
  }

  mutating func replace(_ old: Node, with new: Node, at time: Instant) {
    var new = new
    new.addresses = old.addresses
    new.capacity = old.capacity
    new.allocatable = old.allocatable
    new.conditions = old.conditions
    new.info = old.info
    new.otherStatus = old.otherStatus
    new.hasStatus = old.hasStatus
    guard new != old, let id = store.nodes.id(namespace: "", name: old.metadata.name) else {
      return
    }
    var sameSpec = new
    sameSpec.metadata = old.metadata
    store.updateNode(id, sameSpec == old ? .metadata : [.spec, .metadata], at: time) { $0 = new }
  }

  mutating func replace(_ old: KeptObject, with new: KeptObject, at time: Instant) throws(APIError)
  {
    var new = new
    try admit(&new, replacing: old)
    let name = old.metadata
    guard new != old else { return }
    guard
      let id = store.kept[old.resource.qualifiedPlural]?.id(
        namespace: name.namespace, name: name.name)
    else {
      // What follows from other objects stays as it is; a ConfigMap somebody may add to.
      if old.resource.kind == "ConfigMap" { store.insert(new, at: time) }
      return
    }
    let touchesSpec = new.body != old.body && old.resource.countsGenerations
    store.updateKept(old.resource, id, at: time) { stored in
      stored = new
      if touchesSpec { stored.metadata.generation += 1 }
    }
  }

  mutating func replace(_ old: EndpointSlice, with new: EndpointSlice, at time: Instant) {
    guard new != old,
      let id = store.endpointSlices.id(namespace: old.metadata.namespace, name: old.metadata.name)
    else { return }
    let touchesSpec = new.endpoints != old.endpoints || new.ports != old.ports
    store.updateSlice(id, at: time) { stored in
      stored = new
      if touchesSpec { stored.metadata.generation += 1 }
    }
  }
}
