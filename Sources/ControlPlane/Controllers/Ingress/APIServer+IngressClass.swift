import ClusterModel

extension APIServer {
  /// Gives an Ingress that names no class the default one, if there is one
  /// (plugin/pkg/admission/network/defaultingressclass).
  mutating func assignIngressClass(_ object: inout KeptObject) {
    guard object.resource.kind == "Ingress", object.resource.group == "networking.k8s.io",
      object.metadata.annotations[Ingress.classAnnotation] == nil,
      var spec = object.body["spec"]?.fields, spec["ingressClassName"] == nil
    else { return }
    let classes = (store.kept[Ingress.classResource.qualifiedPlural]?.list() ?? []).filter {
      $0.metadata.annotations[Ingress.defaultClassAnnotation] == "true"
    }
    // The newest; of several of one second the first by name.
    let newest = classes.max { left, right in
      let times = (
        left.metadata.creationTimestamp?.seconds ?? 0,
        right.metadata.creationTimestamp?.seconds ?? 0
      )
      return times.0 == times.1 ? left.metadata.name > right.metadata.name : times.0 < times.1
    }
    guard let newest else { return }
    spec["ingressClassName"] = .string(newest.metadata.name)
    object.body["spec"] = .object(spec)
  }
}
