import ClusterModel
import ControlPlane

/// What is selected in the panels with links.
struct Choice: Hashable, Sendable {
  var source = PanelID.services
  var node: String?
  var pod: NamespacedName?
  var service: NamespacedName?

  init() {}

  init(_ state: DashboardState) {
    source = state.linkSource
    node = state.selection.node
    pod = state.selection.pod
    service = state.selection.service
  }
}

extension Choice {
  /// Whether changes of the store may alter what hangs together with the choice.
  ///
  /// - Complexity: linear in the number of changes.
  func isTouched(by touched: Touched, _ store: ObjectStore) -> Bool {
    if touched.hasServices || touched.hasOtherNodes { return true }
    if let node, touched.nodes.contains(node) { return true }
    if let pod, !touched.pods.isEmpty {
      guard let id = store.pods.id(namespace: pod.namespace, name: pod.name) else { return true }
      if touched.pods.contains(id) { return true }
    }
    guard !touched.pods.isEmpty || !touched.deployments.isEmpty, let service else { return false }
    let selector = store.services[service.namespace, service.name]?.selector ?? [:]
    let matcher = LabelSelector(matchLabels: selector)
    func isMember(_ metadata: ObjectMeta?, _ labels: Labels?) -> Bool {
      // What is gone may have been one.
      guard let metadata, let labels else { return true }
      return metadata.namespace == service.namespace && matcher.matches(labels)
    }
    return touched.pods.contains { id in
      isMember(store.pods[id]?.metadata, store.pods[id]?.metadata.labels)
    }
      || touched.deployments.contains { id in
        let deployment = store.deployments[id]
        return isMember(deployment?.metadata, deployment?.template.labels) || source == .pods
      }
  }
}
