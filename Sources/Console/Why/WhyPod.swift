import ClusterModel
import ControlPlane
import Simulation

/// `why pod/NAME`: why a pod is on its node, or on none.
struct WhyPod: WhyQuestion {
  let usage = "pod/NAME"
  let examples = ["why pod/web-0"]

  private static let prefixes = ["pod/", "pods/", "po/"]

  func isAsked(by words: [String]) -> Bool {
    words.count == 1 && Self.prefixes.contains { words[0].hasPrefix($0) }
  }

  func answer(_ call: Call, _ console: Console) throws(CommandFailure) -> String {
    let name = call.arguments[0].split(separator: "/", maxSplits: 1).last.map(String.init) ?? ""
    guard let pod = console.world.store.pods[call.namespace, name] else {
      throw CommandFailure("Error from server (NotFound): pods \(name.goQuoted) not found")
    }
    if pod.isBound { return "pod/\(name) is on \(pod.nodeName).\n" }
    let message = pod.status.conditions[type: "PodScheduled"]?.message ?? ""
    return "pod/\(name) is on no node. \(message)\n"
  }
}
