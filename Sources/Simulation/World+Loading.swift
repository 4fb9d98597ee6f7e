import ClusterModel
import ControlPlane
import SimulationCore

extension World {
  /// Puts up the cluster of a new world with the objects that carry their status.
  mutating func load(_ objects: [StoredObject]) {
    let hasNodes = objects.contains { if case .node = $0 { true } else { false } }
    if !hasNodes { controlPlane.bootstrap(configuration.plan) }
    // Owners before what they own, nodes before pods: as the API would have got them.
    for kind in ResourceKind.allCases {
      for object in objects where object.resource.living == kind {
        let name = object.name
        // Not what is made when somebody looks, such as Endpoints.
        if !store.contains(object.resource, namespace: name.namespace, name: name.name) {
          controlPlane.load(complete(object))
        }
      }
      if kind == .namespace { ensureNamespaces(of: objects) }
      if kind == .node, hasNodes { controlPlane.assignPodCIDRs() }
    }
    let time = timestamp
    for name in ["default", "kube-system"] { controlPlane.ensureNamespace(name, at: time) }
    hasImpliedDNS = hasNodes && store.services["kube-system", "kube-dns"] == nil
    controlPlane.ensureServices(at: time)
    settle()
  }

  /// What is created between `beginSettling` and `endSettling` has been there for a long while at
  /// time zero: everything is at rest. Only before anything has happened.
  public mutating func beginSettling() {
    controlPlane.beginSettling(age: .seconds(configuration.plan.age - 600))
  }

  /// Lets the controllers finish what has been created, and everybody know of it.
  public mutating func endSettling() {
    // What has been decided is carried on at once, so that not all of it has to be kept.
    while controlPlane.settleFurther() { carryChanges() }
    controlPlane.endSettling()
    settle()
  }

  /// A dump of a cluster rarely has its namespaces: they are as old as what is in them.
  private mutating func ensureNamespaces(of objects: [StoredObject]) {
    for object in objects where object.resource.isNamespaced {
      controlPlane.ensureNamespace(
        object.metadata.namespace, at: object.metadata.creationTimestamp ?? timestamp)
    }
  }

  /// A Node that a file only names is a healthy one with an address of the node subnet.
  private func complete(_ object: StoredObject) -> StoredObject {
    guard case .node(let node) = object, !node.hasStatus else { return object }
    return .node(controlPlane.registered(node, in: configuration.plan.nodeSubnet))
  }

  /// Whether `object` is to be taken as it stands rather than created.
  public static func carriesState(_ object: StoredObject) -> Bool {
    if object.metadata.uid != .none || object.metadata.creationTimestamp != nil { return true }
    switch object {
    case .node: return true
    case .pod(let pod): return pod.status != PodStatus()
    case .deployment(let deployment): return deployment.status != DeploymentStatus()
    case .replicaSet(let replicaSet): return replicaSet.status != ReplicaSetStatus()
    case .service(let service): return !service.loadBalancerIngress.isEmpty
    case .namespace, .endpointSlice, .event, .kept: return false
    }
  }

  /// Makes everybody know the loaded state: nothing at time zero is on its way.
  private mutating func settle() {
    carryChanges()
    dataPlane.settle(at: now)
    controlPlane.announceLoaded()
  }
}
