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

  /// An update that does not speak of addresses and ports keeps those it has.
  static func keepAddresses(of old: Service, in new: inout Service) {
    if new.type != .externalName, old.isHeadless == new.isHeadless, new.clusterIPs.isEmpty {
      new.clusterIPs = old.clusterIPs
    }
    if new.ipFamilies.isEmpty { new.ipFamilies = old.ipFamilies }
    if new.ipFamilyPolicy.isEmpty { new.ipFamilyPolicy = old.ipFamilyPolicy }
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

/// What the API server refuses in a Service (pkg/apis/core/validation ValidateService).
enum ServiceValidation {
  static func problems(with service: Service, replacing old: Service?) -> [String] {
    var problems: [String] = []
    if service.type == .externalName {
      if service.externalName.isEmpty { problems.append("spec.externalName: Required value") }
    } else if service.ports.isEmpty, !service.isHeadless {
      problems.append("spec.ports: Required value")
    }
    if let old, service.type != .externalName, old.type != .externalName,
      let address = service.clusterIP, let held = old.clusterIP, address != held
    {
      problems.append(
        "spec.clusterIPs[0]: Invalid value: [\"\(address)\"]: may not change once set")
    }
    problems += problemsWithPorts(of: service)
    return problems
  }

  private static func problemsWithPorts(of service: Service) -> [String] {
    var problems: [String] = []
    var names: Set<String> = []
    var numbers: Set<[Int]> = []
    for (index, port) in service.ports.enumerated() {
      let place = "spec.ports[\(index)]"
      if service.ports.count > 1, port.name.isEmpty {
        problems.append("\(place).name: Required value")
      } else if !port.name.isEmpty {
        if let problem = NameRule.label.problem(with: port.name) {
          problems.append("\(place).name: Invalid value: \"\(port.name)\": \(problem)")
        } else if !names.insert(port.name).inserted {
          problems.append("\(place).name: Duplicate value: \"\(port.name)\"")
        }
      }
      if let problem = PortRule.problem(with: port.port) {
        problems.append("\(place).port: \(problem)")
      }
      // The API server lets targetPort 0 pass.
      if case .integer(let number) = port.targetPort, number != 0,
        let problem = PortRule.problem(with: number)
      {
        problems.append("\(place).targetPort: \(problem)")
      }
      if !numbers.insert([port.port, Int(port.transport.rawValue)]).inserted {
        problems.append(
          "\(place): Duplicate value: {\"protocol\":\"\(port.transport.name)\",\"port\":\(port.port)}"
        )
      }
    }
    return problems
  }
}
