import ClusterModel
import ControlPlane
import Simulation

/// `top`: what nodes and pods use (kubectl pkg/cmd/top, pkg/metricsutil).
struct TopVerb: Verb {
  let name = "top"
  let summary = "Display resource (CPU/memory) usage"
  let usage = "SUBCOMMAND"
  let subverbs: [any Verb] = [TopNodeVerb(), TopPodVerb()]
}

/// A line of `top`.
private struct TopLine {
  var titles: [String]
  var milliCPU: Int64
  var memory: Int64
  /// What there is in all, for percentages.
  var available: (milliCPU: Int64, memory: Int64)?

  /// Every cell is ended by a tab.
  var cells: [String] {
    var cells = titles + ["\(milliCPU)m"]
    if let available { cells.append(Self.percent(milliCPU, available.milliCPU)) }
    cells.append("\(memory >> 20)Mi")
    if let available { cells.append(Self.percent(memory, available.memory)) }
    return cells + [""]
  }

  private static func percent(_ part: Int64, _ whole: Int64) -> String {
    whole > 0 ? "\(part * 100 / whole)%" : "<unknown>"
  }

  static func sort(_ lines: inout [TopLine], by resource: String?) throws(CommandFailure) {
    switch resource ?? "" {
    case "": break
    case "cpu":
      lines.sort { $0.milliCPU != $1.milliCPU ? $0.milliCPU > $1.milliCPU : $0.isBefore($1) }
    case "memory": lines.sort { $0.memory != $1.memory ? $0.memory > $1.memory : $0.isBefore($1) }
    default: throw CommandFailure("error: --sort-by accepts only cpu or memory")
    }
  }

  private func isBefore(_ other: TopLine) -> Bool {
    titles.lexicographicallyPrecedes(other.titles)
  }

  static func text(_ header: [String], _ lines: [TopLine], _ call: Call) -> String {
    let rows = lines.map(\.cells)
    return TabWriter.table.text(call.values.flag("no-headers") ? rows : [header + [""]] + rows)
  }
}

/// `top node`.
struct TopNodeVerb: Verb {
  let name = "node"
  let aliases = ["nodes", "no"]
  let summary = "Display resource (CPU/memory) usage of nodes"
  let usage = "[NAME | -l label]"
  let operands = Operands.nodes
  let flags: [Flag] = [
    .selector, Flag("no-headers", .toggle, "Only the rows"),
    Flag("sort-by", "cpu or memory", offers: .words(["cpu", "memory"])),
    Flag("show-capacity", .toggle, "Percent of the capacity, not of what pods may use"),
  ]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let world = console.world
    var nodes = world.store.nodes.list()
    if let name = call.arguments.first {
      guard let node = world.store.nodes["", name] else {
        throw CommandFailure(ObjectQuery.notFound(.nodes, name))
      }
      nodes = [node]
    } else if let text = call.values.text("selector") {
      let selector = try LabelSelectorText.parse(text)
      nodes = nodes.filter { selector.matches($0.metadata.labels) }
    }
    let showsCapacity = call.values.flag("show-capacity")
    var lines: [TopLine] = []
    var silent: [String] = []
    for node in nodes.sorted(by: { $0.metadata.name < $1.metadata.name }) {
      let name = node.metadata.name
      guard let id = world.store.nodes.id(namespace: "", name: name),
        !world.store.leases.isStopped(id)
      else {
        silent.append(name)
        continue
      }
      let usage = world.usage(ofNode: name)
      let amounts = showsCapacity ? node.capacity : node.allocatable
      lines.append(
        TopLine(
          titles: [name], milliCPU: usage.milliCPU, memory: usage.memory,
          available: (amounts.milliCPU, amounts.memory)))
    }
    if nodes.isEmpty { return transcript.warn("No resources found") }
    try TopLine.sort(&lines, by: call.values.text("sort-by"))
    transcript.output += TopLine.text(
      ["NAME", "CPU(cores)", "CPU(%)", "MEMORY(bytes)", "MEMORY(%)"], lines, call)
    for name in silent {
      transcript.output += TabWriter.table.text([
        [name, "<unknown>", "<unknown>", "<unknown>", "<unknown>", ""]
      ])
    }
  }
}

/// `top pod`.
struct TopPodVerb: Verb {
  let name = "pod"
  let aliases = ["pods", "po"]
  let summary = "Display resource (CPU/memory) usage of pods"
  let usage = "[NAME | -l label]"
  let operands = Operands.words([])
  let flags: [Flag] = [
    .allNamespaces, .selector, .fieldSelector, Flag("no-headers", .toggle, "Only the rows"),
    Flag("containers", .toggle, "A line for each container"),
    Flag("sort-by", "cpu or memory", offers: .words(["cpu", "memory"])),
    Flag("sum", .toggle, "Add the sum"),
  ]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let world = console.world
    let query = try ObjectQuery(call, words: ["pods"] + call.arguments, in: world)
    var missing = Transcript()
    let objects = try query.fetch(from: world, &missing)
    if missing.hasFailed { throw CommandFailure(String(missing.errors.dropLast())) }
    let pods = objects.compactMap { object -> (pod: Pod, usage: PodUsage)? in
      guard case .pod(let pod) = object,
        let id = world.store.pods.id(
          namespace: pod.metadata.namespace, name: pod.metadata.name),
        let usage = world.usage(of: id)
      else { return nil }
      return (pod, usage)
    }
    guard !pods.isEmpty else {
      if objects.isEmpty {
        let place = query.namespace.map { " in \($0) namespace" } ?? ""
        return transcript.warn("No resources found\(place).")
      }
      throw CommandFailure("error: metrics not available yet")
    }
    let isOfAll = query.namespace == nil
    let splits = call.values.flag("containers")
    var lines = pods.flatMap { entry -> [TopLine] in
      let (pod, usage) = entry
      let titles = (isOfAll ? [pod.metadata.namespace] : []) + [pod.metadata.name]
      guard splits else {
        return [TopLine(titles: titles, milliCPU: usage.milliCPU, memory: usage.memory)]
      }
      return usage.containers.map {
        TopLine(titles: titles + [$0.name], milliCPU: $0.milliCPU, memory: $0.memory)
      }
    }
    try TopLine.sort(&lines, by: call.values.text("sort-by"))
    let header = (isOfAll ? ["NAMESPACE"] : []) + (splits ? ["POD", "NAME"] : ["NAME"])
    transcript.output += TopLine.text(header + ["CPU(cores)", "MEMORY(bytes)"], lines, call)
    guard call.values.flag("sum") else { return }
    let blanks = Array(repeating: "", count: header.count)
    let sums = TopLine(
      titles: blanks, milliCPU: lines.map(\.milliCPU).reduce(0, +),
      memory: lines.map(\.memory).reduce(0, +))
    let rule = blanks + ["________", "________", ""]
    transcript.output += TabWriter.table.text([rule, sums.cells])
  }
}
