import ClusterModel
import DataPlane
import Simulation

/// One trace through several networks, side by side; the cluster stays as it is.
struct TraceComparison {
  enum Axis: String { case modes, cni }

  struct Row {
    var name: String
    var report: TraceReport
    /// The rules that were compared with the packet.
    var walked: Int
    var isOwn: Bool
  }

  let axis: Axis
  private(set) var rows: [Row] = []

  init(_ axis: Axis, _ query: TraceQuery, in world: World) throws(CommandFailure) {
    self.axis = axis
    let own = world.dataPlane.configuration
    switch axis {
    case .modes:
      for mode in ProxyMode.allCases {
        try add(
          mode.rawValue, world.dataPlane.variant(proxyMode: mode), query, world,
          isOwn: mode == own.proxyMode)
      }
    case .cni:
      for cni in CNI.allCases {
        try add(
          cni.rawValue, world.dataPlane.variant(cni: cni), query, world, isOwn: cni == own.cni)
      }
    }
  }

  private mutating func add(
    _ name: String, _ plane: DataPlane, _ query: TraceQuery, _ world: World, isOwn: Bool
  ) throws(CommandFailure) {
    let report = try query.answer(in: world, through: plane)
    rows.append(
      Row(
        name: name, report: report,
        walked: report.trace.map { RuleCount(plane).walked(by: $0) } ?? 0, isOwn: isOwn))
  }

  // MARK: Data

  var value: Value {
    .array(
      rows.map { row in
        [
          axis == .modes ? "proxyMode" : "cni": .string(row.name),
          "rulesWalked": .integer(Int64(row.walked)), "trace": row.report.value,
        ]
      })
  }

  // MARK: Text

  var text: String {
    let titles = [
      axis == .modes ? "PROXY MODE" : "CNI", "VERDICT", "ENDPOINTS", "SOURCE SEEN", "NAT",
      "RULES", "ENCAPSULATION", "TTL", "MTU",
    ]
    let cells = rows.map(cells)
    var text = TextColumns(padding: 2).text([titles] + cells)
    let differing = titles.indices.dropFirst().filter { column in
      cells.contains { $0[column] != cells[0][column] }
    }
    text +=
      differing.isEmpty
      ? "no difference\n"
      : "they differ in: \(differing.map { titles[$0].lowercased() }.joined(separator: ", "))\n"
    let ways = rows.map(Self.devices)
    if ways.contains(where: { $0 != ways[0] }) {
      text += TextColumns(padding: 2).text(zip(rows, ways).map { [$0.name, $1] })
    }
    let reasons = rows.map(\.report.reason)
    if reasons.contains(where: { $0 != reasons[0] }) {
      for row in rows { text += "\(row.name): \(row.report.verdict): \(row.report.reason)\n" }
    } else if let reason = reasons.first {
      text += "\(rows[0].report.verdict): \(reason)\n"
    }
    return text
  }

  private func cells(_ row: Row) -> [String] {
    let trace = row.report.trace
    let hops = trace?.hops ?? []
    let outer = hops.compactMap(\.outer).first.map { outer in
      outer.kind + (outer.identifier.map { " \($0)" } ?? "")
        + (outer.destinationPort.map { " udp/\($0)" } ?? "")
    }
    return [
      row.name + (row.isOwn ? " *" : ""), row.report.verdict,
      "\(max(trace?.candidates.count ?? 0, trace?.endpoint == nil ? 0 : 1))",
      trace?.sourceSeen?.description ?? "-", Self.translations(hops), "\(row.walked)",
      outer ?? "none", hops.last.map { "\($0.packet.ttl)" } ?? "-",
      hops.filter { !$0.node.isEmpty }.map(\.mtu).min().map { "\($0)" } ?? "-",
    ]
  }

  /// The devices on the way, in order.
  private static func devices(_ row: Row) -> String {
    var devices: [String] = []
    for hop in row.report.trace?.hops ?? [] where !hop.device.isEmpty {
      if hop.device != devices.last { devices.append(hop.device) }
    }
    return devices.joined(separator: " > ")
  }

  /// Where addresses are rewritten: `DNAT PREROUTING, SNAT POSTROUTING`.
  private static func translations(_ hops: [PacketTrace.Hop]) -> String {
    var found: [String] = []
    for hop in hops {
      if hop.packet.destination != hop.after.destination {
        found.append(hop.point.hasPrefix("connect") ? "socket" : "DNAT")
      }
      if hop.packet.source != hop.after.source { found.append("SNAT") }
    }
    return found.isEmpty ? "none" : found.joined(separator: "+")
  }
}

/// How many rules a packet is compared with before the one that decides.
struct RuleCount {
  let plane: DataPlane

  init(_ plane: DataPlane) { self.plane = plane }

  /// In iptables mode a chain is walked from its start; elsewhere one look-up leads to the entry.
  func walked(by trace: PacketTrace) -> Int {
    let ways = ["ROUTING", "EGRESS", "INGRESS", "BRIDGE", "LOCAL"]
    let deciding = trace.hops.filter { hop in
      !hop.rule.isEmpty && !hop.point.hasPrefix("pod ") && !ways.contains(hop.point)
    }
    guard plane.configuration.proxyMode == .iptables,
      let first = deciding.first, let node = plane.nodeIndex(named: first.node),
      let text = plane.iptablesSave(on: node, first.packet.source.family)
    else { return deciding.count }
    let lines = text.split(separator: "\n").filter { $0.hasPrefix("-A ") }
    return deciding.reduce(0) { count, hop in
      guard let chain = hop.chain else { return count + 1 }
      let rules = lines.filter { $0.hasPrefix("-A \(chain) ") }
      return count + (rules.firstIndex { $0 == hop.rule }.map { $0 + 1 } ?? 1)
    }
  }
}
