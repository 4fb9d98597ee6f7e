import ClusterModel

/// What objects count for in a ResourceQuota (pkg/quota/v1/evaluator/core).
enum QuotaUsage {
  static let plural = "resourcequotas"

  /// What the object counts for in `quota`; nothing when that is about others.
  static func of(_ object: StoredObject, in quota: KeptObject) -> ResourceAmounts {
    let scopes = QuotaScopes(quota)
    if case .pod(let pod) = object {
      return scopes.include(pod) ? PodAmounts.of(pod) : ResourceAmounts()
    }
    guard scopes.isEmpty else { return ResourceAmounts() }
    var amounts = ResourceAmounts()
    switch object {
    case .service(let service): amounts = self.service(service)
    case .kept(let claim) where claim.resource.plural == "persistentvolumeclaims":
      amounts = self.claim(claim)
    case .kept(let kept) where kept.resource.group.isEmpty && hasOldName(kept.resource):
      amounts[kept.resource.plural] = QuantityText(1)
    default: break
    }
    amounts["count/\(object.resource.qualifiedPlural)"] = QuantityText(1)
    return amounts
  }

  /// Kinds that are also counted by their plain names (evaluator/core/registry.go legacyObjectCountAliases).
  private static func hasOldName(_ resource: APIResource) -> Bool {
    ["configmaps", "resourcequotas", "replicationcontrollers", "secrets"].contains(resource.plural)
  }

  /// Ports count as they are wanted: their numbers are given out later (services.go).
  private static func service(_ service: Service) -> ResourceAmounts {
    var amounts = ResourceAmounts()
    amounts["services"] = QuantityText(1)
    amounts["services.loadbalancers"] = QuantityText(service.type == .loadBalancer ? 1 : 0)
    let ports: Int =
      switch service.type {
      case .nodePort: service.ports.count
      case .loadBalancer:
        service.allocateLoadBalancerNodePorts == false
          ? service.ports.count { $0.nodePort != 0 } : service.ports.count
      case .clusterIP, .externalName: 0
      }
    amounts["services.nodeports"] = QuantityText(ports)
    return amounts
  }

  private static func claim(_ claim: KeptObject) -> ResourceAmounts {
    var amounts = ResourceAmounts()
    let spec = claim.body["spec"]
    let storage = QuantityText(spec?["resources"]?["requests"]?["storage"])
    amounts["persistentvolumeclaims"] = QuantityText(1)
    amounts["requests.storage"] = storage
    if let name = spec?["storageClassName"]?.string, !name.isEmpty {
      let prefix = "\(name).storageclass.storage.k8s.io"
      amounts["\(prefix)/persistentvolumeclaims"] = QuantityText(1)
      amounts["\(prefix)/requests.storage"] = storage
    }
    return amounts
  }

  /// What everything in the quota's namespace counts for, of each resource that it limits.
  static func total(of quota: KeptObject, in store: ObjectStore) -> ResourceAmounts {
    let hard = ResourceAmounts(quota.body["spec"]?["hard"]?.fields)
    let namespace = quota.metadata.namespace
    var total = ResourceAmounts()
    for name in hard.names { total[name] = QuantityText(0) }
    for resource in counted(hard.names) {
      if resource.living == .pod {
        for id in store.pods(inNamespace: namespace) {
          guard let pod = store.pods[id] else { continue }
          total.add(of(.pod(pod), in: quota).masked(by: hard.names))
        }
        continue
      }
      for object in store.list(resource, namespace: namespace) {
        total.add(of(object, in: quota).masked(by: hard.names))
      }
    }
    return total
  }

  /// The kinds that these names are about, each once.
  private static func counted(_ names: [String]) -> [APIResource] {
    var resources: [APIResource] = []
    for name in names {
      guard let resource = resource(of: name), !resources.contains(resource) else { continue }
      resources.append(resource)
    }
    return resources
  }

  private static func resource(of name: String) -> APIResource? {
    if name.hasPrefix("count/") { return APIResource.named(String(name.dropFirst(6))) }
    if name.hasPrefix("services") { return .services }
    if name == "requests.storage" || name.hasSuffix("persistentvolumeclaims")
      || name.contains(".storageclass.storage.k8s.io/")
    {
      return APIResource.named("persistentvolumeclaims")
    }
    let aliases = ["configmaps", "resourcequotas", "replicationcontrollers", "secrets"]
    return aliases.contains(name) ? APIResource.named(name) : .pods
  }
}
