import ClusterModel

extension ClusterTopology {
  init(_ reader: inout FieldReader) {
    self.init()
    name = reader.text("name")
    nodeGroups = reader.objects("nodes").map { NodeGroup($0) }
    checkCount(reader)
    var networking = reader.object("networking")
    readNetworking(&networking)
    readTimings(reader.object("timings"))
    clientQPS = reader.positiveCount("clientQPS")
    clientBurst = reader.positiveCount("clientBurst")
  }

  private func checkCount(_ reader: FieldReader) {
    if nodeCount > Self.mostNodes {
      reader.errors.add(
        reader.path["nodes"], "\(nodeCount) nodes; at most \(Self.mostNodes) are simulated")
    }
    if !nodeGroups.isEmpty, !nodeGroups.contains(where: { $0.role == .controlPlane }) {
      reader.errors.add(
        reader.path["nodes"], "no control-plane node; give one node the role control-plane")
    }
  }

  private mutating func readNetworking(_ reader: inout FieldReader) {
    ipFamily = reader.known("ipFamily", IPFamily.self) ?? .ipv4
    podSubnets = reader.ranges("podSubnet")
    serviceSubnets = reader.ranges("serviceSubnet")
    nodeSubnet = reader.ranges("nodeSubnet").first
    // Without kube-proxy something else makes Services work; the one we know is eBPF.
    proxyMode = reader.known("kubeProxyMode", ProxyMode.self, also: ["none": .ebpf])
    cni = reader.known("cni", CNI.self)
    cloud = reader.known("cloud", Cloud.self)
    encapsulation = reader.known("encapsulation", Encapsulation.self) ?? .always
    loadBalancerMode = reader.known("loadBalancerMode", LoadBalancerMode.self)
    checkLoadBalancerMode(reader)
    disableDefaultCNI = reader.flag("disableDefaultCNI")
    checkOverlaps(reader)
    checkFamilies(reader)
  }

  /// The option that carries the service's address does not fit into Cilium's VXLAN.
  private func checkLoadBalancerMode(_ reader: FieldReader) {
    if let mode = loadBalancerMode, mode != .snat, cni == .cilium {
      reader.errors.add(
        reader.path["loadBalancerMode"],
        "loadBalancerMode \(mode.rawValue) needs routing without a tunnel; "
          + "set 'cni: cilium-native'")
    }
  }

  private func checkOverlaps(_ reader: FieldReader) {
    let named =
      podSubnets.map { ("podSubnet", $0) } + serviceSubnets.map { ("serviceSubnet", $0) }
      + (nodeSubnet.map { [("nodeSubnet", $0)] } ?? [])
    for (index, later) in named.enumerated() {
      for earlier in named[..<index] where later.1.overlaps(earlier.1) {
        reader.errors.add(
          reader.path[later.0],
          "\(later.0) \(later.1) overlaps \(earlier.0) \(earlier.1); choose separate ranges")
      }
    }
  }

  private func checkFamilies(_ reader: FieldReader) {
    let families: [IPAddress.Family] =
      switch ipFamily {
      case .ipv4: [.ipv4]
      case .ipv6: [.ipv6]
      case .dual: [.ipv4, .ipv6]
      }
    for (name, ranges) in [("podSubnet", podSubnets), ("serviceSubnet", serviceSubnets)] {
      for range in ranges where !families.contains(range.family) {
        reader.errors.add(
          reader.path[name],
          "\(name) \(range) is \(range.family.name) and ipFamily is \(ipFamily.rawValue); "
            + "set 'ipFamily: \(range.family == .ipv4 ? "ipv4" : "ipv6")' or 'dual'")
      }
    }
  }

  private mutating func readTimings(_ reader: FieldReader) {
    for field in reader.rest.all {
      switch field.value {
      case .integer(let number) where number >= 0:
        timings.append(Timing(name: field.name, amount: .number(number)))
      case .string(let text):
        if let nanoseconds = DurationText.nanoseconds(text), nanoseconds >= 0 {
          timings.append(Timing(name: field.name, amount: .nanoseconds(nanoseconds)))
          continue
        }
        fallthrough
      default:
        reader.errors.add(
          reader.path[field.name],
          "timing \(field.name) must be a duration such as 500ms or 10s, or a whole number")
      }
    }
  }
}

extension ClusterTopology.NodeGroup {
  init(_ reader: FieldReader) {
    var reader = reader
    let role = reader.known("role", ClusterTopology.Role.self) ?? .worker
    self.init(role: role)
    let most = ClusterTopology.mostNodes
    count = reader.integer("count", default: 1)
    if !(0...most).contains(count) {
      reader.errors.add(reader.path["count"], "count \(count) is not between 0 and \(most)")
      count = 1
    }
    name = reader.optionalText("name")
    zone = reader.optionalText("zone")
    capacity = reader.resources("capacity")
    labels = reader.labels("labels")
  }
}

extension FieldReader {
  fileprivate mutating func positiveCount(_ name: String) -> Int? {
    guard let number = optionalInteger(name) else { return nil }
    if number > 0 { return number }
    errors.add(path[name], "\(name) must be above zero")
    return nil
  }
}
