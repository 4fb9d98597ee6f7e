import ClusterModel
import SimulationCore

/// Cluster IPs out of the Service ranges (pkg/registry/core/service/storage/alloc.go
/// allocClusterIPs, ipallocator/cidrallocator.go).
extension APIServer {
  mutating func allocateAddresses(_ service: inout Service, replacing old: Service?)
    throws(APIError)
  {
    let needsAddress = service.type != .externalName && !service.isHeadless
    if let old, !old.clusterIPs.isEmpty, !needsAddress {
      for address in old.clusterIPs { release(address) }
      service.clusterIPs = []
    }
    var families: [IPAddress.Family] = []
    for range in serviceAddresses.map(\.range) where !families.contains(range.family) {
      families.append(range.family)
    }
    let causes = ServiceFamilies(configured: families).settle(&service, replacing: old)
    if !causes.isEmpty {
      throw .invalid(kind: "Service", name: service.metadata.name, causes: causes)
    }
    guard needsAddress else { return }
    let held = old?.clusterIPs ?? []
    for (index, family) in service.ipFamilies.enumerated() {
      if index < service.clusterIPs.count {
        let address = service.clusterIPs[index]
        if !held.contains(address) { try take(address, of: service) }
      } else {
        service.clusterIPs.append(try anyAddress(family))
      }
    }
    // What a change to a single family gives up.
    for address in held where !service.clusterIPs.contains(address) { release(address) }
  }

  private mutating func take(_ address: IPAddress, of service: Service) throws(APIError) {
    let ranges = serviceAddresses.indices.filter { serviceAddresses[$0].range.contains(address) }
    var reason: String?
    if ranges.isEmpty {
      reason = "the provided network does not match the current range"
    }
    for index in ranges {
      switch serviceAddresses[index].take(address) {
      case .outOfRange:
        // The first and the last address of the range are nobody's.
        reason =
          "the provided IP (\(address)) is not in the valid range. The range of valid IPs is "
          + "\(serviceAddresses[index].range)"
      case .taken: reason = "provided IP is already allocated"
      case nil: break
      }
    }
    guard let reason else { return }
    throw .invalid(
      kind: "Service", name: service.metadata.name,
      causes: [
        "spec.clusterIPs: Invalid value: [\"\(address)\"]: failed to allocate IP \(address): "
          + reason
      ])
  }

  private mutating func anyAddress(_ family: IPAddress.Family) throws(APIError) -> IPAddress {
    // First which, then take: a range that is looked at while it is written to is copied whole.
    let own = serviceAddresses.indices.filter { serviceAddresses[$0].range.family == family }
    for index in own {
      guard let address = serviceAddresses[index].takeAny(&random) else { continue }
      for other in serviceAddresses.indices where other != index {
        _ = serviceAddresses[other].take(address)
      }
      return address
    }
    throw APIError(
      .internalError, "Internal error occurred: failed to allocate a serviceIP: range is full")
  }

  mutating func release(_ address: IPAddress) {
    for index in serviceAddresses.indices { serviceAddresses[index].release(address) }
  }

  /// A new ServiceCIDR is ready at once (pkg/controller/servicecidrs), and so is a new kind.
  func markReady(_ object: inout KeptObject, at time: Instant) {
    if object.resource.kind == "CustomResourceDefinition" {
      return DefinitionStatus.set(&object, at: timestamp(at: time))
    }
    guard object.resource == DerivedObjects.ranges else { return }
    object.metadata.finalizers = ["networking.k8s.io/service-cidr-finalizer"]
    object.body["status"] = [
      "conditions": [
        [
          "lastTransitionTime": .string("\(timestamp(at: time))"),
          "message": "Kubernetes Service CIDR is ready", "reason": "", "status": "True",
          "type": "Ready",
        ]
      ]
    ]
  }

  /// ServiceCIDR objects have come or gone: there are allocators for what they say.
  mutating func followServiceCIDRs(at time: Instant) {
    var ranges = settings.serviceSubnets
    for object in store.kept["servicecidrs.networking.k8s.io"]?.list() ?? [] {
      for text in object.body["spec"]?["cidrs"]?.array?.compactMap(\.string) ?? [] {
        if let range = CIDR(text), !ranges.contains(range) { ranges.append(range) }
      }
    }
    serviceAddresses.removeAll { !ranges.contains($0.range) }
    for range in ranges where !serviceAddresses.contains(where: { $0.range == range }) {
      var allocator = ServiceAddressAllocator(range: range)
      store.services.forEach { _, service in
        for address in service.clusterIPs { _ = allocator.take(address) }
      }
      serviceAddresses.append(allocator)
    }
  }
}
