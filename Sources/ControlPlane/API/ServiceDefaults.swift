import ClusterModel

/// The defaults of a Service (pkg/apis/core/v1/defaults.go).
enum ServiceDefaults {
  static func set(_ service: inout Service) {
    if service.type == .externalName {
      service.internalTrafficPolicy = nil
      service.externalTrafficPolicy = nil
      return
    }
    if service.internalTrafficPolicy == nil { service.internalTrafficPolicy = .cluster }
    let isExternal =
      service.type == .nodePort || service.type == .loadBalancer || !service.externalIPs.isEmpty
    if isExternal {
      if service.externalTrafficPolicy == nil { service.externalTrafficPolicy = .cluster }
    } else {
      service.externalTrafficPolicy = nil
    }
    if service.type == .loadBalancer, service.allocateLoadBalancerNodePorts == nil {
      service.allocateLoadBalancerNodePorts = true
    }
  }

  /// What only load balancers have goes with the type, unless the update speaks of it
  /// (pkg/registry/core/service/strategy.go dropTypeDependentFields).
  private static func dropLoadBalancer(of old: Service, in new: inout Service) {
    if new.allocateLoadBalancerNodePorts == old.allocateLoadBalancerNodePorts {
      new.allocateLoadBalancerNodePorts = nil
    }
    if new.loadBalancerClass == old.loadBalancerClass { new.loadBalancerClass = nil }
  }

  /// An update that does not speak of addresses and ports keeps those it has.
  static func keepAddresses(of old: Service, in new: inout Service) {
    if new.type != .externalName, old.isHeadless == new.isHeadless, new.clusterIPs.isEmpty {
      new.clusterIPs = old.clusterIPs
    }
    if new.ipFamilies.isEmpty { new.ipFamilies = old.ipFamilies }
    if new.ipFamilyPolicy.isEmpty { new.ipFamilyPolicy = old.ipFamilyPolicy }
    if old.type == .loadBalancer, new.type != .loadBalancer { dropLoadBalancer(of: old, in: &new) }
    guard new.type == .nodePort || new.type == .loadBalancer else { return }
    var free = Set(old.ports.map(\.nodePort).filter { $0 != 0 })
    for port in new.ports { free.remove(port.nodePort) }
    for index in new.ports.indices where new.ports[index].nodePort == 0 {
      let port = new.ports[index]
      let previous = old.ports.first { $0.port == port.port && $0.transport == port.transport }
      if let number = previous?.nodePort, free.remove(number) != nil {
        new.ports[index].nodePort = number
      }
    }
  }
}
