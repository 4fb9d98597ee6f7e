import ClusterModel
import ControlPlane
import Manifests

/// The kinds that make pods from a template, seen alike.
extension StoredObject {
  /// Nil for kinds without replicas.
  var replicas: Int? {
    get {
      switch self {
      case .deployment(let object): object.replicas
      case .replicaSet(let object): object.replicas
      case .kept(let object):
        ["StatefulSet", "ReplicationController"].contains(object.resource.kind)
          ? object.body["spec"]?["replicas"]?.integer.map { Int($0) } ?? 1 : nil
      case .namespace, .node, .pod, .service, .endpointSlice, .event: nil
      }
    }
    set {
      guard let newValue else { return }
      switch self {
      case .deployment(var object):
        object.replicas = newValue
        self = .deployment(object)
      case .replicaSet(var object):
        object.replicas = newValue
        self = .replicaSet(object)
      case .kept(var object):
        var spec = object.body["spec"]?.fields ?? Fields()
        spec["replicas"] = .integer(Int64(newValue))
        object.body["spec"] = .object(spec)
        self = .kept(object)
      case .namespace, .node, .pod, .service, .endpointSlice, .event: break
      }
    }
  }

  /// Nil for kinds that make no pods of a template.
  var template: PodTemplate? {
    get {
      switch self {
      case .deployment(let object): object.template
      case .replicaSet(let object): object.template
      case .kept(let object): object.template
      case .namespace, .node, .pod, .service, .endpointSlice, .event: nil
      }
    }
    set {
      guard let newValue else { return }
      switch self {
      case .deployment(var object):
        object.template = newValue
        self = .deployment(object)
      case .replicaSet(var object):
        object.template = newValue
        self = .replicaSet(object)
      case .kept(var object):
        guard object.template != nil else { return }
        object.template = newValue
        var spec = object.body["spec"]?.fields ?? Fields()
        spec["template"] = ManifestEncoder.value(of: newValue)
        object.body["spec"] = .object(spec)
        self = .kept(object)
      case .namespace, .node, .pod, .service, .endpointSlice, .event: break
      }
    }
  }

  /// The spec of a pod, or of the pods that a template makes.
  var podSpec: PodSpec? {
    get {
      if case .pod(let pod) = self { return pod.spec.value }
      return template?.spec.value
    }
    set {
      guard let newValue else { return }
      if case .pod(var pod) = self {
        pod.spec = Shared(newValue)
        self = .pod(pod)
      } else {
        template?.spec = Shared(newValue)
      }
    }
  }

  private func selector(of object: KeptObject) -> Value? {
    let selector = object.body["spec"]?["selector"]
    return object.resource.kind == "ReplicationController" ? selector : selector?["matchLabels"]
  }

  /// What selects the pods of a workload or a Service; nil when nothing does.
  var podLabels: Labels? {
    switch self {
    case .deployment(let object): object.selector.matchLabels
    case .replicaSet(let object): object.selector.matchLabels
    case .service(let object): object.selector
    case .pod(let object): object.metadata.labels
    case .kept(let object):
      object.template == nil
        ? nil
        : Labels(
          (selector(of: object)?.fields ?? Fields()).all.map {
            ($0.name, $0.value.string ?? "")
          })
    case .namespace, .node, .endpointSlice, .event: nil
    }
  }
}
