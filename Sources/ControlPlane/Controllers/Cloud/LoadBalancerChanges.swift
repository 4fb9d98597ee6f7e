import ClusterModel

/// Which changes of a Service the cloud has to hear of (service/controller.go needsUpdate).
enum LoadBalancerChanges {
  /// What is said about the changes; nil when the cloud need not be asked again.
  static func events(from old: Service, to new: Service) -> [(reason: String, message: String)]? {
    if old.loadBalancerSourceRanges != new.loadBalancerSourceRanges {
      return [
        (
          "LoadBalancerSourceRanges",
          "\(list(old.loadBalancerSourceRanges)) -> \(list(new.loadBalancerSourceRanges))"
        )
      ]
    }
    if ports(old) != ports(new) || old.affinitySeconds != new.affinitySeconds { return [] }
    if old.loadBalancerIP != new.loadBalancerIP {
      return [("LoadbalancerIP", "\(old.loadBalancerIP) -> \(new.loadBalancerIP)")]
    }
    if old.externalIPs.count != new.externalIPs.count {
      return [("ExternalIP", "Count: \(old.externalIPs.count) -> \(new.externalIPs.count)")]
    }
    for (held, wanted) in zip(old.externalIPs, new.externalIPs) where held != wanted {
      return [("ExternalIP", "Added: \(wanted)")]
    }
    if old.metadata.annotations != new.metadata.annotations { return [] }
    if old.externalTrafficPolicy != new.externalTrafficPolicy {
      return [("ExternalTrafficPolicy", "\(policy(old)) -> \(policy(new))")]
    }
    if old.healthCheckNodePort != new.healthCheckNodePort {
      return [
        ("HealthCheckNodePort", "\(old.healthCheckNodePort) -> \(new.healthCheckNodePort)")
      ]
    }
    return old.ipFamilies.count == new.ipFamilies.count ? nil : []
  }

  private static func ports(_ service: Service) -> [ServicePort] {
    // The target does not concern the cloud.
    service.ports.map { port in
      var port = port
      port.targetPort = .integer(0)
      return port
    }
  }

  private static func policy(_ service: Service) -> String {
    service.externalTrafficPolicy?.rawValue ?? ""
  }

  private static func list(_ texts: [String]) -> String { "[\(texts.joined(separator: " "))]" }
}
