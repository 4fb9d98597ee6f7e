import ControlPlane

/// The panels as sentences, one line for each object: no frames, no columns, no signs alone.
public enum PlainPanels {
  /// The words that ask for a panel.
  public static let words = ["nodes", "pods", "services", "events", "status"]

  /// The lines behind one of `words`; nil for another word.
  public static func lines(_ word: String, _ snapshot: DashboardSnapshot) -> [String]? {
    switch word {
    case "nodes": nodes(snapshot)
    case "pods": pods(snapshot)
    case "services": services(snapshot)
    case "events": events(snapshot)
    case "status": [status(snapshot)]
    default: nil
    }
  }

  private static func nodes(_ snapshot: DashboardSnapshot) -> [String] {
    ["Nodes, network \(snapshot.networks.nodes):"]
      + snapshot.nodes.map { node in
        let proxy = node.isProxyInSync.map { $0 ? ", proxy in sync" : ", proxy behind" } ?? ""
        return "\(node.name), \(node.status), address \(node.internalIP), pod network "
          + "\(node.podCIDR), \(node.podCount) of \(node.podCapacity) pods\(proxy)"
      }
  }

  private static func pods(_ snapshot: DashboardSnapshot) -> [String] {
    var lines = ["Pods, network \(snapshot.networks.pods), \(snapshot.networks.cni):"]
    for node in snapshot.nodes {
      lines += node.pods.map { "\($0.name.name), \(state($0)), \(address($0)), on \(node.name)" }
    }
    return lines + snapshot.unscheduled.map { "\($0.name.name), \(state($0)), on no node yet" }
  }

  private static func state(_ pod: PodRow) -> String {
    switch pod.sign {
    case .ready: "ready"
    case .starting: "not ready, \(pod.status)"
    case .failing: "failing, \(pod.status)"
    case .terminating: "terminating"
    case .over: pod.status
    }
  }

  private static func address(_ pod: PodRow) -> String {
    pod.address.isEmpty ? "no address yet" : "address \(pod.address)"
  }

  private static func services(_ snapshot: DashboardSnapshot) -> [String] {
    let proxy = "\(snapshot.header.proxiesInSync) of \(snapshot.header.proxyCount) nodes in sync"
    return [
      "Services, network \(snapshot.networks.services), \(snapshot.networks.proxy), \(proxy):"
    ]
      + snapshot.services.map { service in
        "\(service.name.name), \(service.type), address \(service.clusterIP), ports "
          + "\(service.ports), selector \(service.selectorText), \(service.readyEndpoints) of "
          + "\(service.endpoints) endpoints ready\(load(service.load))"
      }
  }

  private static func load(_ load: Load?) -> String {
    guard let load else { return "" }
    let p99 = load.p99.map { ", 99 percent within \(Format.duration($0))" } ?? ""
    return ", \(Format.rate(milli: load.milliRequestsPerSecond)) requests a second\(p99), "
      + "\(Format.percent(milli: load.milliPercentFailed)) failed"
  }

  private static func events(_ snapshot: DashboardSnapshot) -> [String] {
    ["Events, the newest last:"]
      + snapshot.events.suffix(20).map {
        "\(Format.shortClock($0.at)) \($0.reason) \($0.object): \($0.message)"
      }
  }

  private static func status(_ snapshot: DashboardSnapshot) -> String {
    let header = snapshot.header
    let speed = header.isPaused ? "paused" : "speed \(Format.speed(header.speed))"
    let p99 = header.p99.map { ", 99 percent within \(Format.duration($0))" } ?? ""
    return "\(header.clusterName) at \(Format.clock(header.now)), \(speed), "
      + "\(header.nodeCount) nodes, \(header.podCount) pods, \(header.serviceCount) services, "
      + "\(Format.rate(milli: header.milliRequestsPerSecond)) requests a second\(p99), "
      + "\(Format.percent(milli: header.milliPercentFailed)) failed"
  }
}
