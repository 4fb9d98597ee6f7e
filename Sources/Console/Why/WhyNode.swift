import ClusterModel
import DataPlane
import Simulation
import SimulationCore

/// `why node/NAME`: whether the node's rules are those of the API, and what they are behind by.
struct WhyNode: WhyQuestion {
  let usage = "node/NAME"
  let examples = ["why node/node-1"]

  private static let prefixes = ["node/", "nodes/", "no/"]

  func isAsked(by words: [String]) -> Bool {
    words.count == 1 && Self.prefixes.contains { words[0].hasPrefix($0) }
  }

  func answer(_ call: Call, _ console: Console) throws(CommandFailure) -> String {
    let name = call.arguments[0].split(separator: "/", maxSplits: 1).last.map(String.init) ?? ""
    let world = console.world
    guard world.store.nodes["", name] != nil else {
      throw CommandFailure("Error from server (NotFound): nodes \(name.goQuoted) not found")
    }
    guard let index = world.dataPlane.nodeIndex(named: name) else {
      return "node/\(name) is off the network: nothing gets in or out. 'heal node/\(name)'.\n"
    }
    let lag = world.dataPlane.lag(of: index, at: world.now)
    if lag.isInSync {
      return lag.isRunning
        ? "node/\(name) has all changes in its rules.\n"
        : "node/\(name) has all changes in its rules, but kube-proxy is stopped: the next change "
          + "will not reach it. 'heal node/\(name)' starts it again.\n"
    }
    let changes = lag.pendingChanges == 1 ? "1 change" : "\(lag.pendingChanges) changes"
    var text = "node/\(name) is \(changes) behind, for \(Self.text(lag.lag)): "
    text +=
      lag.isRunning
      ? "kube-proxy has not programmed them yet.\n"
      : "kube-proxy is stopped. 'heal node/\(name)' starts it again.\n"
    for service in lag.pendingServices { text += "  service \(service)\n" }
    return text
  }

  /// `12.5 s`.
  private static func text(_ duration: Duration) -> String {
    let tenths = duration.nanoseconds / 100_000_000
    return "\(tenths / 10).\(tenths % 10) s"
  }
}
