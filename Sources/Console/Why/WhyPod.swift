import ClusterModel
import ControlPlane
import Simulation

/// `why pod/NAME`: why a pod is on its node, or on none: each node with the filter that refused
/// it, or with its scores.
struct WhyPod: WhyQuestion {
  let usage = "pod/NAME"
  let examples = ["why pod/web-0"]

  private static let prefixes = ["pod/", "pods/", "po/"]

  func isAsked(by words: [String]) -> Bool {
    words.count == 1 && Self.prefixes.contains { words[0].hasPrefix($0) }
  }

  func answer(_ call: Call, _ console: Console) throws(CommandFailure) -> String {
    let world = console.world
    let name = call.arguments[0].split(separator: "/", maxSplits: 1).last.map(String.init) ?? ""
    guard let id = world.store.pods.id(namespace: call.namespace, name: name),
      let pod = world.store.pods[id], let placement = world.controlPlane.placement(of: id)
    else { throw CommandFailure("Error from server (NotFound): pods \(name.goQuoted) not found") }
    return "\(Self.state(of: pod))\n\(Self.table(placement, pod))\(Self.remedy(placement, pod))"
  }

  private static func state(of pod: Pod) -> String {
    let name = "pod/\(pod.metadata.name)"
    if let owner = pod.metadata.controllerReference {
      if owner.kind == "Node" {
        return "\(name) is a static pod of \(pod.nodeName): its kubelet runs it, no scheduler is "
          + "asked. A scheduler would find now:"
      }
      if owner.kind == "DaemonSet", pod.isBound {
        return "\(name) is on \(pod.nodeName), for which the DaemonSet \(owner.name) made it:"
      }
    }
    if pod.isBound { return "\(name) is on \(pod.nodeName). If it were to be placed now:" }
    guard let condition = pod.status.conditions[type: "PodScheduled"] else {
      return "\(name) waits for the scheduler, which would find now:"
    }
    if condition.reason == "SchedulingGated" {
      return "\(name) has scheduling gates: nobody looks for a node. Without them:"
    }
    let nominated = pod.status.nominatedNodeName
    let waits = nominated.isEmpty ? "" : "\nIt waits for room on \(nominated)."
    return "\(name) is on no node: \(condition.message)\(waits)\nNow:"
  }

  private static func table(_ placement: Placement, _ pod: Pod) -> String {
    let fitting = placement.nodes.filter(\.fits).sorted { $0.total > $1.total }
    var text = ""
    if let first = fitting.first {
      let plugins = first.scores
      var rows = [["NODE"] + plugins.map { "\($0.plugin)×\($0.weight)" } + ["TOTAL"]]
      for node in fitting {
        let scores = node.scores.map { $0.value.map(String.init) ?? "-" }
        let sign = node.node == pod.nodeName ? " ←" : ""
        rows.append([node.node] + scores + ["\(node.total)\(sign)"])
      }
      text += TextColumns(padding: 2, minimum: 6).text(rows)
    }
    let refused = placement.nodes.filter { !$0.fits }
    if !refused.isEmpty {
      var rows = [["NODE", "REFUSED BY", "BECAUSE"]]
      for node in refused {
        let detail = node.detail.isEmpty ? "" : " (\(node.detail))"
        rows.append([node.node, node.filter, node.reasons.joined(separator: ", ") + detail])
      }
      if !text.isEmpty { text += "\n" }
      text += TextColumns(padding: 2, minimum: 6).text(rows)
    }
    return text
  }

  /// What decides, and the smallest change that would alter it.
  private static func remedy(_ placement: Placement, _ pod: Pod) -> String {
    let fitting = placement.nodes.filter(\.fits)
    if placement.nodes.isEmpty { return "There is no node. Add one: scale nodes --replicas=1\n" }
    if fitting.isEmpty { return "\nIt would fit if \(change(placement)).\n" }
    var lines = ""
    if let best = fitting.map(\.total).max() {
      let names = fitting.filter { $0.total == best }.map(\.node).sorted()
      if fitting.count == 1 {
        lines = "\nOnly \(names[0]) fits."
      } else if names.count == 1 {
        lines = "\n\(names[0]) has the highest total."
      } else {
        lines =
          "\n\(names.joined(separator: ", ")) share the highest total; one is drawn at random."
      }
    }
    if placement.sampleSize < placement.nodes.count {
      lines +=
        " A decision looks at no more than \(placement.sampleSize) nodes that fit, from where the "
        + "last one stopped."
    }
    return lines + "\n"
  }

  private static func change(_ placement: Placement) -> String {
    // What the fewest reasons speak against comes first; those of other pods' making before others.
    let easiest = placement.nodes.min {
      ($0.obstacles, $0.isResolvable ? 0 : 1, $0.reasons.count, $0.node)
        < ($1.obstacles, $1.isResolvable ? 0 : 1, $1.reasons.count, $1.node)
    }
    guard let node = easiest else { return "there were a node" }
    switch node.filter {
    case "NodeUnschedulable": return "\(node.node) were uncordoned"
    case "TaintToleration": return "it tolerated the taint \(node.detail) of \(node.node)"
    case "NodeAffinity": return "its node selector or affinity matched the labels of \(node.node)"
    case "NodePorts": return "its host ports were free on \(node.node)"
    case "NodeResourcesFit": return "\(node.node) had more room: \(node.detail)"
    case "PodTopologySpread": return "its spread constraints allowed \(node.node)"
    default: return "the affinity rules between pods allowed \(node.node)"
    }
  }
}
