import ClusterModel

/// Which IP families a Service has (pkg/registry/core/service/storage/alloc.go
/// initIPFamilyFields).
struct ServiceFamilies {
  /// The families of the Service ranges, the cluster's primary one first.
  let configured: [IPAddress.Family]

  private var isDualStack: Bool { configured.count > 1 }

  /// Fills in policy and families, and cuts what a change to SingleStack gives up.
  ///
  /// - Returns: what is wrong with them.
  func settle(_ service: inout Service, replacing old: Service?) -> [String] {
    guard service.type != .externalName else {
      service.ipFamilies = []
      service.ipFamilyPolicy = ""
      return []
    }
    // A cluster that has become dual-stack changes nothing by itself.
    if let old, old.ipFamilyPolicy == "PreferDualStack",
      service.ipFamilyPolicy == old.ipFamilyPolicy, service.ipFamilies == old.ipFamilies,
      service.clusterIPs == old.clusterIPs, !service.ipFamilies.isEmpty
    {
      return []
    }
    if let old, service.ipFamilyPolicy == "SingleStack", old.ipFamilyPolicy != "SingleStack" {
      if service.clusterIPs == old.clusterIPs {
        service.clusterIPs = Array(service.clusterIPs.prefix(1))
      }
      if service.ipFamilies == old.ipFamilies {
        service.ipFamilies = Array(service.ipFamilies.prefix(1))
      }
    }
    if service.ipFamilyPolicy.isEmpty { service.ipFamilyPolicy = "SingleStack" }
    let shape = shapeProblems(service)
    if !shape.isEmpty { return shape }
    for (index, address) in service.clusterIPs.enumerated()
    where index >= service.ipFamilies.count {
      guard configured.contains(address.family) else {
        return [
          "spec.clusterIPs[\(index)]: Invalid value: \(Self.list(service.clusterIPs)): "
            + "\(address.family.name) is not configured on this cluster"
        ]
      }
      service.ipFamilies.append(address.family)
    }
    let primary = configured.first ?? .ipv4
    if service.isHeadless, service.selector?.isEmpty ?? true {
      if service.ipFamilies.isEmpty { service.ipFamilies = [primary] }
      if service.ipFamilies.count < 2, service.ipFamilyPolicy != "SingleStack" {
        service.ipFamilies.append(service.ipFamilies[0] == .ipv4 ? .ipv6 : .ipv4)
      }
      return []
    }
    var problems: [String] = []
    if service.ipFamilyPolicy == "RequireDualStack", !isDualStack {
      problems.append(
        "spec.ipFamilyPolicy: Invalid value: \"RequireDualStack\": this cluster is not configured "
          + "for dual-stack services")
    }
    for (index, family) in service.ipFamilies.enumerated() where !configured.contains(family) {
      problems.append(
        "spec.ipFamilies[\(index)]: Invalid value: \"\(family.name)\": not configured on this "
          + "cluster")
    }
    if !problems.isEmpty { return problems }
    if service.ipFamilies.isEmpty { service.ipFamilies = [primary] }
    if service.ipFamilyPolicy != "SingleStack", service.ipFamilies.count == 1, isDualStack {
      service.ipFamilies.append(service.ipFamilies[0] == .ipv4 ? .ipv6 : .ipv4)
    }
    return []
  }

  /// Too many of anything, twice the same, or families that do not fit the addresses
  /// (validation.go ValidateServiceClusterIPsRelatedFields).
  private func shapeProblems(_ service: Service) -> [String] {
    var problems: [String] = []
    let families = service.ipFamilies
    if families.count > 2 {
      let list = families.map { "\"\($0.name)\"" }.joined(separator: ",")
      problems.append("spec.ipFamilies: Invalid value: [\(list)]: may only hold up to 2 values")
    } else if families.count == 2, families[0] == families[1] {
      problems.append("spec.ipFamilies[1]: Duplicate value: \"\(families[1].name)\"")
    }
    let addresses = service.clusterIPs
    if addresses.count > 2 {
      problems.append(
        "spec.clusterIPs: Invalid value: \(Self.list(addresses)): may only hold up to 2 values")
    } else if addresses.count == 2, addresses[0].family == addresses[1].family {
      problems.append(
        "spec.clusterIPs: Invalid value: \(Self.list(addresses)): may specify no more than one IP "
          + "for each IP family")
    }
    for (index, (address, family)) in zip(addresses, families).enumerated()
    where address.family != family {
      problems.append(
        "spec.clusterIPs[\(index)]: Invalid value: \"\(address)\": expected an \(family.name) value "
          + "as indicated by `ipFamilies[\(index)]`")
    }
    if problems.isEmpty, service.ipFamilyPolicy == "SingleStack" {
      for (count, what) in [(addresses.count, "clusterIPs"), (families.count, "ipFamilies")]
      where count == 2 {
        problems.append(
          "spec.ipFamilyPolicy: Invalid value: \"SingleStack\": must be RequireDualStack or "
            + "PreferDualStack when multiple \(what) are specified")
      }
    }
    return problems
  }

  static func list(_ addresses: [IPAddress]) -> String {
    "[\(addresses.map { "\"\($0)\"" }.joined(separator: ","))]"
  }
}
