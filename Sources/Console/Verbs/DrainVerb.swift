import ClusterModel
import ControlPlane
import Simulation

/// `drain`: cordons nodes and evicts their pods (kubectl pkg/drain). It does not wait for the pods
/// to end: time stands still.
struct DrainVerb: Verb {
  let name = "drain"
  let summary = "Drain node in preparation for maintenance"
  let usage = "NODE [--ignore-daemonsets] [--delete-emptydir-data] [--force]"
  let operands = Operands.nodes
  let examples = ["kubectl drain node-1 --ignore-daemonsets"]
  let flags: [Flag] = [
    Flag("ignore-daemonsets", .toggle, "Leave the pods of DaemonSets alone"),
    Flag("delete-emptydir-data", .toggle, "Go on although pods use emptyDir"),
    Flag("force", .toggle, "Go on although pods have no controller"),
    Flag("disable-eviction", .toggle, "Delete instead of evicting"),
    Flag("grace-period", .number, "Seconds for each pod to end by itself"),
    Flag("pod-selector", "Only pods with these labels"), .selector, .timeout, .dryRun,
    Flag("skip-wait-for-delete-timeout", .number, "Changes nothing here"),
  ]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let mutation = try Mutation(call)
    let nodes = try NodeTargets.fetch(call, console.world, &transcript)
    let cordoning = Cordoning(mutation: mutation, isCordon: true)
    for node in nodes { try cordoning.apply(to: node, &console, &transcript) }
    var failures: [(node: String, errors: [String])] = []
    for node in nodes {
      let errors = try drain(node, call, mutation, &console, &transcript)
      if errors.isEmpty {
        try mutation.tell(.node(node), "drained", &transcript)
      } else {
        failures.append((node.metadata.name, errors))
      }
    }
    try Self.report(failures, &transcript)
  }

  private static func report(
    _ failures: [(node: String, errors: [String])], _ transcript: inout Transcript
  ) throws(CommandFailure) {
    guard !failures.isEmpty else { return }
    for (node, errors) in failures {
      let list = errors.count == 1 ? errors[0] : "[\(errors.joined(separator: ", "))]"
      transcript.warn(
        "error: unable to drain node \(node.goQuoted) due to error: \(list), continuing command...")
    }
    transcript.warn("There are pending nodes to be drained:")
    for (node, _) in failures { transcript.warn(" \(node)") }
    // What is told together has no "error: " in front (cmdutil checkErr).
    throw CommandFailure(failures.flatMap(\.errors).joined(separator: "\n"))
  }

  /// - Returns: what keeps the node from being drained.
  private func drain(
    _ node: Node, _ call: Call, _ mutation: Mutation, _ console: inout Console,
    _ transcript: inout Transcript
  ) throws(CommandFailure) -> [String] {
    let filter = try DrainFilter(call)
    let store = console.world.store
    let pods = store.pods(onNode: node.metadata.name).compactMap { store.pods[$0] }
      .sorted { NamespacedName($0.metadata) < NamespacedName($1.metadata) }
    let sorted = filter.sort(pods)
    if !sorted.errors.isEmpty { return sorted.errors }
    if !sorted.warnings.isEmpty {
      transcript.warn("Warning: \(sorted.warnings.joined(separator: "; "))")
    }
    let deletes = call.values.flag("disable-eviction")
    let verb = deletes ? "deleting" : "evicting"
    for pod in sorted.leaving where mutation.dryRun == .none {
      transcript.print("\(verb) pod \(pod.metadata.namespace)/\(pod.metadata.name)")
    }
    return evict(sorted.leaving, deletes, call, mutation, &console, &transcript)
  }

  private func evict(
    _ pods: [Pod], _ deletes: Bool, _ call: Call, _ mutation: Mutation,
    _ console: inout Console, _ transcript: inout Transcript
  ) -> [String] {
    var errors: [String] = []
    var gone: [Pod] = []
    let grace = call.values.number("grace-period").flatMap { $0 < 0 ? nil : $0 }
    for pod in pods {
      let name = pod.metadata.name
      let namespace = pod.metadata.namespace
      let command: Command =
        deletes
        ? .delete(
          .pods, namespace: namespace, name: name, DeleteOptions(gracePeriodSeconds: grace))
        : .evict(namespace: namespace, name: name)
      let problem = "error when evicting pods/\(name.goQuoted) -n \(namespace.goQuoted)"
      do throws(APIError) {
        try console.world.perform(command, dryRun: mutation.dryRun != .none)
        gone.append(pod)
      } catch {
        // It would try again and again; time stands still, so the first try is the last one.
        if error.reason == .tooManyRequests {
          transcript.warn("\(problem) (will retry after 5s): \(error.message)")
        }
        errors.append("\(problem): \(error.message)")
      }
    }
    for pod in gone {
      let done = deletes ? "deleted" : "evicted"
      do throws(CommandFailure) {
        try mutation.tell(.pod(pod), done, &transcript)
      } catch {
        errors.append(error.message)
      }
    }
    return errors
  }
}

/// Which pods leave a node that is drained (kubectl pkg/drain/filters.go).
struct DrainFilter {
  struct Sorted {
    var leaving: [Pod] = []
    var warnings: [String] = []
    var errors: [String] = []
  }

  private let selector: LabelSelector
  private let ignoresDaemonSets: Bool
  private let deletesLocalData: Bool
  private let isForced: Bool

  init(_ call: Call) throws(CommandFailure) {
    selector = try LabelSelectorText.parse(call.values.text("pod-selector") ?? "")
    ignoresDaemonSets = call.values.flag("ignore-daemonsets")
    deletesLocalData = call.values.flag("delete-emptydir-data")
    isForced = call.values.flag("force")
  }

  private enum Verdict {
    case leaves
    case stays
    case warns(String, leaves: Bool)
    case fails(String)
  }

  func sort(_ pods: [Pod]) -> Sorted {
    var sorted = Sorted()
    var warnings: [(message: String, pods: [String])] = []
    var errors: [(message: String, pods: [String])] = []
    for pod in pods where selector.matches(pod.metadata.labels) {
      let name = "\(pod.metadata.namespace)/\(pod.metadata.name)"
      switch verdict(on: pod) {
      case .leaves: sorted.leaving.append(pod)
      case .stays: break
      case .warns(let message, let leaves):
        Self.add(name, to: &warnings, message)
        if leaves { sorted.leaving.append(pod) }
      case .fails(let message): Self.add(name, to: &errors, message)
      }
    }
    sorted.warnings = warnings.map { "\($0.message): \($0.pods.joined(separator: ", "))" }
    sorted.errors = errors.map {
      "cannot delete \($0.message): \($0.pods.joined(separator: ", "))"
    }
    return sorted
  }

  private static func add(
    _ name: String, to list: inout [(message: String, pods: [String])], _ message: String
  ) {
    if let index = list.firstIndex(where: { $0.message == message }) {
      list[index].pods.append(name)
    } else {
      list.append((message, [name]))
    }
  }

  /// The filters in their order: DaemonSets, mirror pods, local storage, pods without a controller.
  private func verdict(on pod: Pod) -> Verdict {
    var warning: String?
    if pod.metadata.controllerReference?.kind == "DaemonSet", !pod.isTerminal {
      return ignoresDaemonSets
        ? .warns("ignoring DaemonSet-managed Pods", leaves: false)
        : .fails("DaemonSet-managed Pods (use --ignore-daemonsets to ignore)")
    }
    if pod.metadata.annotations["kubernetes.io/config.mirror"] != nil { return .stays }
    if pod.isTerminal { return .leaves }
    if Self.usesLocalStorage(pod) {
      guard deletesLocalData else {
        return .fails("Pods with local storage (use --delete-emptydir-data to override)")
      }
      warning = "deleting Pods with local storage"
    }
    if pod.metadata.controllerReference == nil {
      guard isForced else {
        return .fails("Pods that declare no controller (use --force to override)")
      }
      warning = "deleting Pods that declare no controller"
    }
    return warning.map { .warns($0, leaves: true) } ?? .leaves
  }

  private static func usesLocalStorage(_ pod: Pod) -> Bool {
    pod.spec.value.other["volumes"]?.array?.contains { $0["emptyDir"] != nil } ?? false
  }
}
