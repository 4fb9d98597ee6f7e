import ClusterModel
import ControlPlane
import DataPlane

/// What the policy agents hear of: NetworkPolicies, and the labels of pods and namespaces.
///
/// The data plane delays it for each node. While there has never been a policy nobody asks about
/// labels, so nothing is carried.
extension World {
  mutating func carryToPolicies(_ change: Change) {
    switch change.kind {
    case .kept where change.resource == NetworkPolicy.resource.qualifiedPlural:
      carryPolicy(change)
    case .pod where dataPlane.knowsPolicies && change.previousLabels != nil:
      guard let pod = store.pods[change.id] else { return }
      tellLabels(of: pod)
    case .namespace where dataPlane.knowsPolicies: carryNamespace(change)
    default: break
    }
  }

  private mutating func carryPolicy(_ change: Change) {
    let table = store.kept[change.resource]
    guard let metadata = change.tombstone ?? table?[change.id]?.metadata else { return }
    if !dataPlane.knowsPolicies { beginPolicies() }
    let present = table?[metadata.namespace, metadata.name]
    dataPlane.policyChanged(
      namespace: metadata.namespace, name: metadata.name,
      to: present.map { NetworkPolicy(body: $0.body) }, at: now)
  }

  private mutating func carryNamespace(_ change: Change) {
    guard let namespace = store.namespaces[change.id] else { return }
    let name = namespace.metadata.name
    guard dataPlane.namespaceChanged(name, labels: labels(of: namespace)) else { return }
    for id in store.pods(inNamespace: name).sorted() {
      if let pod = store.pods[id] { tellLabels(of: pod) }
    }
  }

  private mutating func beginPolicies() {
    dataPlane.beginPolicies()
    for namespace in store.namespaces.list() {
      _ = dataPlane.namespaceChanged(namespace.metadata.name, labels: labels(of: namespace))
    }
    for id in store.pods.ids {
      if let pod = store.pods[id] { tellLabels(of: pod) }
    }
  }

  /// Tells the labels of a pod that is on the network.
  private mutating func tellLabels(of pod: Pod) {
    let name = pod.metadata
    guard !dataPlane.addresses(ofPod: name.name, in: name.namespace).isEmpty else { return }
    dataPlane.podLabelled(pod, at: now)
  }

  /// Every namespace has a label with its name, also where a dump does not show it.
  private func labels(of namespace: Namespace) -> Labels {
    var labels = namespace.metadata.labels
    labels["kubernetes.io/metadata.name"] = namespace.metadata.name
    return labels
  }
}
