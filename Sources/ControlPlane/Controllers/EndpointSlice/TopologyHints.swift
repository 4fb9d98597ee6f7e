import ClusterModel

/// Which zones the endpoints of a Service with `topology-mode: Auto` are for, in proportion to the
/// zones' CPU (staging/src/k8s.io/endpointslice/topologycache).
struct TopologyHints {
  /// How much more than its share of the load an endpoint may get.
  private static let overloadThreshold = 0.2

  private struct Allocation {
    var zone: String
    var minimum: Int
    var maximum = 0
    var desired: Double
  }

  /// Why there are no hints.
  struct Refusal: Error {
    var message: String
  }

  /// The slices with their endpoints as they are to be, those that are written first.
  var written: [[Endpoint]]
  var unchanged: [[Endpoint]]
  /// Which of the unchanged ones have to be written after all.
  private(set) var spoiled: [Int] = []

  init(written: [[Endpoint]], unchanged: [[Endpoint]]) {
    self.written = written
    self.unchanged = unchanged
  }

  /// Whether a Service asks for hints (utils.go hintsEnabled); the older annotation wins.
  static func isAsked(by service: Service) -> Bool {
    let annotations = service.metadata.annotations
    let value =
      annotations["service.kubernetes.io/topology-aware-hints"]
      ?? annotations["service.kubernetes.io/topology-mode"]
    return value == "Auto" || value == "auto"
  }

  /// Gives every ready endpoint a zone.
  ///
  /// - Returns: how many endpoints each zone got.
  mutating func allocate(_ shares: ZoneShares) throws(Refusal) -> [String: Int] {
    let allocations = try allocations(shares)
    var counts: [String: Int] = [:]
    for (index, endpoints) in unchanged.enumerated() {
      if let own = Self.hintsByZone(endpoints, counts, allocations) {
        for allocation in allocations {
          if let more = own[allocation.zone] { counts[allocation.zone, default: 0] += more }
        }
      } else {
        spoiled.append(index)
      }
    }
    written += spoiled.map { unchanged[$0] }
    for slice in written.indices {
      for place in written[slice].indices {
        written[slice][place].zoneHints = []
        written[slice][place].nodeHints = []
        guard written[slice][place].isReadyOrUnset else { continue }
        guard let zone = written[slice][place].zone, !zone.isEmpty else {
          throw Refusal(message: "One or more endpoints do not have a zone specified")
        }
        counts[zone, default: 0] += 1
        written[slice][place].zoneHints = [zone]
      }
    }
    redistribute(allocations, &counts)
    if counts.isEmpty { throw Refusal(message: "No hints allocated for zones") }
    return counts
  }

  private func allocations(_ shares: ZoneShares) throws(Refusal) -> [Allocation] {
    let count = (written + unchanged).joined().count { $0.isReadyOrUnset }
    guard let zones = shares.zones else {
      throw Refusal(
        message: "Insufficient Node information: allocatable CPU or zone not specified on one or "
          + "more nodes")
    }
    if zones.count < 2 { throw Refusal(message: "Nodes only ready in one zone") }
    let counted = "(\(count) endpoints, \(zones.count) zones)"
    if zones.count > count {
      throw Refusal(message: "Insufficient number of endpoints \(counted)")
    }
    var allocations: [Allocation] = []
    var least = 0
    for (zone, share) in zones {
      let desired = share * Double(count)
      let minimum = Int((desired * (1 / (1 + Self.overloadThreshold))).rounded(.up))
      allocations.append(
        Allocation(zone: zone, minimum: minimum, desired: max(desired, Double(minimum))))
      least += minimum
    }
    if least > count {
      throw Refusal(
        message: "Unable to allocate minimum required endpoints to each zone without exceeding "
          + "overload threshold \(counted)")
    }
    for index in allocations.indices {
      allocations[index].maximum = allocations[index].minimum + count - least
    }
    return allocations
  }

  /// The hints of a slice that may stay as it is; nil when they no longer fit.
  private static func hintsByZone(
    _ endpoints: [Endpoint], _ counts: [String: Int], _ allocations: [Allocation]
  ) -> [String: Int]? {
    var own: [String: Int] = [:]
    for endpoint in endpoints where endpoint.isReadyOrUnset {
      if endpoint.zoneHints.isEmpty { return nil }
      for zone in endpoint.zoneHints {
        guard allocations.contains(where: { $0.zone == zone }) else { return nil }
        own[zone, default: 0] += 1
      }
    }
    for allocation in allocations {
      guard let more = own[allocation.zone] else { continue }
      if more + (counts[allocation.zone] ?? 0) > allocation.maximum { return nil }
    }
    return own
  }

  /// Moves endpoints from zones that have more than they want to zones that have fewer.
  private mutating func redistribute(
    _ allocations: [Allocation], _ counts: inout [String: Int]
  ) {
    var surplus: [(zone: String, amount: Double)] = []
    var deficit: [(zone: String, amount: Double)] = []
    for allocation in allocations {
      let difference = Double(counts[allocation.zone] ?? 0) - allocation.desired
      if difference > 0 { surplus.append((allocation.zone, difference)) }
      if difference < 0 { deficit.append((allocation.zone, -difference)) }
    }
    var giving: [(zone: String, count: Int)] = surplus.map { ($0.zone, 0) }
    var receiving: [(zone: String, count: Int)] = deficit.map { ($0.zone, 0) }
    while let from = Self.most(surplus), let to = Self.most(deficit),
      surplus[from].amount >= 0.5, deficit[to].amount >= 0.5,
      surplus[from].amount >= 1 || deficit[to].amount >= 1
    {
      giving[from].count += 1
      surplus[from].amount -= 1
      receiving[to].count += 1
      deficit[to].amount -= 1
    }
    for slice in written.indices {
      for place in written[slice].indices where written[slice][place].isReadyOrUnset {
        guard let from = giving.firstIndex(where: { $0.zone == written[slice][place].zone }),
          giving[from].count > 0, let to = receiving.firstIndex(where: { $0.count > 0 })
        else { continue }
        written[slice][place].zoneHints = [receiving[to].zone]
        giving[from].count -= 1
        receiving[to].count -= 1
        counts[giving[from].zone, default: 0] -= 1
        counts[receiving[to].zone, default: 0] += 1
      }
    }
  }

  private static func most(_ list: [(zone: String, amount: Double)]) -> Int? {
    list.indices.max { (list[$0].amount, $1) < (list[$1].amount, $0) }
  }
}

/// Each zone's share of the CPU of the ready nodes.
struct ZoneShares: Sendable, Equatable {
  /// Sorted by zone; nil when a node has no zone or no CPU.
  private(set) var zones: [(zone: String, share: Double)]?

  static func == (left: ZoneShares, right: ZoneShares) -> Bool {
    left.zones?.map(\.zone) == right.zones?.map(\.zone)
      && left.zones?.map(\.share) == right.zones?.map(\.share)
  }

  init() {}

  init(_ store: ObjectStore) {
    var cpu: [String: Int64] = [:]
    var isComplete = true
    store.nodes.forEach { _, node in
      let labels = node.metadata.labels
      let isExcluded = ["control-plane", "master"].contains {
        labels["node-role.kubernetes.io/\($0)"] != nil
      }
      if isExcluded || !node.isReady { return }
      guard let zone = node.zone, !zone.isEmpty, node.allocatable.milliCPU > 0 else {
        isComplete = false
        return
      }
      cpu[zone, default: 0] += node.allocatable.milliCPU
    }
    guard isComplete, !cpu.isEmpty else { return }
    let total = cpu.values.reduce(0, +)  // order-free: a sum
    zones = cpu.keys.sorted().map { ($0, Double(cpu[$0] ?? 0) / Double(total)) }
  }

  /// Whether a Service with so many hints for each zone needs them made anew.
  func isOverloaded(_ counts: [String: Int]) -> Bool {
    if counts.isEmpty { return false }
    guard let zones else { return true }
    let total = Double(counts.values.reduce(0, +))  // order-free: a sum
    return zones.contains { zone, share in
      guard let own = counts[zone] else { return true }
      return Double(own) < (total * share * (1 / 1.2)).rounded(.up)
    }
  }
}
