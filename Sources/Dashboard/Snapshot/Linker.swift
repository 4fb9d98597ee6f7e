import ClusterModel
import ControlPlane
import Simulation

/// Finds what hangs together with a choice.
struct Linker {
  let world: World

  var store: ObjectStore { world.store }

  func links(of choice: Choice) -> Links {
    switch choice.source {
    case .nodes: choice.node.map(links(ofNode:)) ?? Links()
    case .pods: choice.pod.map(links(ofPod:)) ?? Links()
    case .services, .events, .commands: choice.service.map(links(ofService:)) ?? Links()
    }
  }

  private func links(ofNode name: String) -> Links {
    var links = Links()
    for id in store.pods(onNode: name) {
      if let pod = store.pods[id] { links.pods.insert(NamespacedName(pod.metadata)) }
    }
    return links
  }

  private func links(ofPod name: NamespacedName) -> Links {
    guard let pod = store.pods[name.namespace, name.name] else { return Links() }
    var links = Links(nodes: pod.isBound ? [pod.nodeName] : [])
    store.services.forEach { _, service in
      guard service.metadata.namespace == name.namespace, let selector = service.selector,
        !selector.isEmpty, LabelSelector(matchLabels: selector).matches(pod.metadata.labels)
      else { return }
      links.services.insert(NamespacedName(service.metadata))
    }
    return links
  }

  private func links(ofService name: NamespacedName) -> Links {
    var links = Links()
    for id in pods(ofService: name) {
      guard let pod = store.pods[id] else { continue }
      links.pods.insert(NamespacedName(pod.metadata))
      if pod.isBound { links.nodes.insert(pod.nodeName) }
    }
    return links
  }

  /// Above this many pods in a namespace those in the slices have to do: they are found at once.
  private static let scanLimit = 5_000

  /// The pods that the selector matches.
  private func pods(ofService name: NamespacedName) -> [ObjectID] {
    guard let service = store.services[name.namespace, name.name],
      let selector = service.selector, !selector.isEmpty
    else { return [] }
    let all = store.pods(inNamespace: name.namespace)
    guard all.count > Self.scanLimit else {
      let matcher = LabelSelector(matchLabels: selector)
      return all.filter { store.pods[$0].map { matcher.matches($0.metadata.labels) } ?? false }
    }
    return store.slices(of: name).flatMap { store.endpointSlices[$0]?.endpoints ?? [] }
      .compactMap { endpoint in
        endpoint.targetRef.flatMap { store.pods.id(namespace: name.namespace, name: $0.name) }
      }
  }

  // MARK: The Deployment behind

  func workload(behind choice: Choice) -> WorkloadFigures? {
    switch choice.source {
    case .pods: choice.pod.flatMap(workload(ofPod:))
    case .services: choice.service.flatMap(workload(ofService:))
    case .nodes, .events, .commands: nil
    }
  }

  private func workload(ofPod name: NamespacedName) -> WorkloadFigures? {
    store.pods[name.namespace, name.name].flatMap(workload(of:))
  }

  private func workload(of pod: Pod) -> WorkloadFigures? {
    let namespace = pod.metadata.namespace
    guard let owner = pod.metadata.controllerReference, owner.kind == "ReplicaSet",
      let replicaSet = store.replicaSets[namespace, owner.name],
      let deployment = replicaSet.metadata.controllerReference, deployment.kind == "Deployment"
    else { return nil }
    return store.deployments[namespace, deployment.name].map(figures)
  }

  /// The first Deployment by name whose pods the Service selects, though it may have none now.
  private func workload(ofService name: NamespacedName) -> WorkloadFigures? {
    guard let service = store.services[name.namespace, name.name],
      let selector = service.selector, !selector.isEmpty
    else { return nil }
    let matcher = LabelSelector(matchLabels: selector)
    var first: Deployment?
    store.deployments.forEach { _, deployment in
      guard deployment.metadata.namespace == name.namespace,
        matcher.matches(deployment.template.labels)
      else { return }
      if let known = first, known.metadata.name < deployment.metadata.name { return }
      first = copy deployment
    }
    return first.map(figures)
  }

  private func figures(_ deployment: Deployment) -> WorkloadFigures {
    WorkloadFigures(
      NamespacedName(deployment.metadata), replicas: deployment.replicas,
      readyReplicas: deployment.status.readyReplicas)
  }
}
