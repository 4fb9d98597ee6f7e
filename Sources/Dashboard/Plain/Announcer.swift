import ControlPlane
import SimulationCore

/// Tells in sentences what has changed between two snapshots, for those who cannot look.
///
/// Every line stands for itself: what, and which object. Nothing is told by colour, sign or place.
public struct Announcer: Sendable {
  private var events: UInt64 = 0
  private var readiness: [NamespacedName: (ready: Int, all: Int)] = [:]
  private var nodes: [String: String] = [:]
  private var proxies: (inSync: Int, all: Int)?
  private var hasBegun = false

  /// More events than this in one breath are counted, and the newest told.
  private static let limit = 12

  public init() {}

  /// Returns the lines for what is new since the last call; none at the first.
  public mutating func announce(_ snapshot: DashboardSnapshot) -> [String] {
    let lines =
      newEvents(snapshot) + changedNodes(snapshot) + changedServices(snapshot)
      + changedProxies(snapshot)
    defer { hasBegun = true }
    return hasBegun ? lines : []
  }

  private mutating func newEvents(_ snapshot: DashboardSnapshot) -> [String] {
    let new = snapshot.events.filter { $0.number > events }
    events = max(events, snapshot.events.map(\.number).max() ?? 0)
    let skipped = new.count - Self.limit
    let start =
      skipped > 0 ? ["\(skipped) more events before these; 'kubectl events' lists them"] : []
    return start
      + new.suffix(Self.limit).map { event in
        let kind = event.isWarning ? "warning" : "event"
        let count = event.count > 1 ? " (\(event.count) times)" : ""
        return "\(kind) at \(Format.shortClock(event.at)): \(event.reason) \(event.object): "
          + "\(event.message)\(count)"
      }
  }

  private mutating func changedNodes(_ snapshot: DashboardSnapshot) -> [String] {
    var lines: [String] = []
    for node in snapshot.nodes where nodes[node.name] != node.status {
      lines.append("node \(node.name) is \(node.status)")
      nodes[node.name] = node.status
    }
    return lines
  }

  private mutating func changedServices(_ snapshot: DashboardSnapshot) -> [String] {
    var lines: [String] = []
    for service in snapshot.services {
      let now = (ready: service.readyEndpoints, all: service.endpoints)
      if let old = readiness[service.name], old == now { continue }
      readiness[service.name] = now
      lines.append("service \(service.name.name): \(now.ready) of \(now.all) endpoints ready")
    }
    return lines
  }

  private mutating func changedProxies(_ snapshot: DashboardSnapshot) -> [String] {
    let now = (inSync: snapshot.header.proxiesInSync, all: snapshot.header.proxyCount)
    if let proxies, proxies == now { return [] }
    proxies = now
    return now.all == 0 ? [] : ["kube-proxy: \(now.inSync) of \(now.all) nodes in sync"]
  }
}
