import ClusterModel
import ControlPlane
import Simulation

/// `crictl pods` and `crictl ps [-a]`: what the container runtime of a node has
/// (cri-tools cmd/crictl/sandbox.go, container.go).
struct CrictlTool: Tool {
  let name = "crictl"

  func run(_ arguments: [String], at place: ToolPlace) -> ToolResult {
    let words = arguments.filter { !$0.hasPrefix("-") }
    switch words.first {
    case "pods": return ToolResult(output: pods(place))
    case "ps":
      let isAll = arguments.contains("-a") || arguments.contains("--all")
      return ToolResult(output: containers(place, isAll: isAll))
    default: return .failure("crictl: only 'crictl pods' and 'crictl ps [-a]' are simulated")
    }
  }

  /// The newest first.
  private func pods(on place: ToolPlace) -> [Pod] {
    place.world.store.pods.list().filter { $0.nodeName == place.nodeName && $0.isBound }
      .sorted { left, right in
        let (first, second) = (left.status.startTime, right.status.startTime)
        if let first, let second, first != second { return second < first }
        return left.metadata.name < right.metadata.name
      }
  }

  private func pods(_ place: ToolPlace) -> String {
    let header = [
      "POD ID", "CREATED", "STATE", "NAME", "NAMESPACE", "ATTEMPT", "RUNTIME",
    ]
    let rows = pods(on: place).map { pod in
      [
        RuntimeIdentifier.short(RuntimeIdentifier.sandbox(pod.metadata)), age(pod, place),
        pod.isTerminal ? "NotReady" : "Ready", pod.metadata.name, pod.metadata.namespace, "0",
        "(default)",
      ]
    }
    return TextColumns(padding: 3, minimum: 20).text([header] + rows)
  }

  private func containers(_ place: ToolPlace, isAll: Bool) -> String {
    let header = [
      "CONTAINER", "IMAGE", "CREATED", "STATE", "NAME", "ATTEMPT", "POD ID", "POD", "NAMESPACE",
    ]
    var rows: [[String]] = []
    for pod in pods(on: place) {
      for status in pod.status.containerStatuses {
        let state: String
        switch status.state {
        case .running: state = "Running"
        case .terminated: state = "Exited"
        case .waiting, .none: continue
        }
        guard isAll || state == "Running" else { continue }
        rows.append([
          RuntimeIdentifier.short(
            RuntimeIdentifier.container(
              pod.metadata, status.name, restarts: status.restartCount)),
          RuntimeIdentifier.short(RuntimeIdentifier.image(status.image)), age(pod, place), state,
          status.name,
          "\(status.restartCount)",
          RuntimeIdentifier.short(RuntimeIdentifier.sandbox(pod.metadata)),
          pod.metadata.name, pod.metadata.namespace,
        ])
      }
    }
    return TextColumns(padding: 3, minimum: 20).text([header] + rows)
  }

  private func age(_ pod: Pod, _ place: ToolPlace) -> String {
    let start = pod.status.startTime ?? place.world.timestamp
    return Self.ago(place.world.timestamp.seconds - start.seconds)
  }

  /// docker/go-units HumanDuration.
  static func ago(_ seconds: Int64) -> String {
    let text: String
    switch seconds {
    case ..<1: text = "Less than a second"
    case 1: text = "1 second"
    case ..<60: text = "\(seconds) seconds"
    case ..<120: text = "About a minute"
    case ..<3600: text = "\(seconds / 60) minutes"
    case ..<5400: text = "About an hour"
    case ..<172_800: text = "\((seconds + 1800) / 3600) hours"
    case ..<1_209_600: text = "\(seconds / 86_400) days"
    case ..<5_184_000: text = "\(seconds / 604_800) weeks"
    case ..<63_072_000: text = "\(seconds / 2_592_000) months"
    default: text = "\(seconds / 31_536_000) years"
    }
    return text + " ago"
  }
}
