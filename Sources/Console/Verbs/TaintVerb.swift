import ClusterModel
import ControlPlane
import Simulation

/// `taint` (kubectl pkg/cmd/taint).
struct TaintVerb: Verb {
  let name = "taint"
  let summary = "Update the taints on one or more nodes"
  let usage = "NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N:TAINT_EFFECT_N-"
  let operands = Operands.nodes
  let examples = ["kubectl taint nodes node-1 dedicated=db:NoSchedule"]
  let flags: [Flag] = [.overwrite, .all, .selector] + Mutation.flags

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    guard let kind = call.arguments.first else {
      throw CommandFailure("error: one or more resources must be specified as <resource> <name>")
    }
    let isSlashed = kind.contains("/")
    guard kind.hasPrefix("node") || kind == "no" || kind.hasPrefix("no/") else {
      throw CommandFailure(
        "error: invalid resource type \(kind.printable), only node types are supported")
    }
    var names: [String] = isSlashed ? [kind.divided(at: "/")?.1 ?? ""] : []
    var changes: [TaintChange] = []
    for word in call.arguments.dropFirst() {
      if let change = try TaintChange(word) { changes.append(change) } else { names.append(word) }
    }
    guard !changes.isEmpty else {
      throw CommandFailure("error: at least one taint update is required")
    }
    if let twice = changes.indices.first(where: { place in
      !changes[place].removes && changes[..<place].contains { $0.isSame(as: changes[place]) }
    }) {
      throw CommandFailure(
        "error: duplicated taints with the same key and effect: \(changes[twice].goText)")
    }
    var nodesCall = call
    nodesCall.values.arguments =
      call.values.flag("all") ? console.world.store.nodes.list().map(\.metadata.name) : names
    let mutation = try Mutation(call)
    let nodes = try NodeTargets.fetch(nodesCall, console.world, &transcript)
    mutation.forEach(nodes.map(StoredObject.node), &console, &transcript) {
      (object, console, transcript) throws(CommandFailure) in
      guard case .node(let node) = object else { return }
      try taint(node, changes, call, mutation, &console, &transcript)
    }
  }

  private func taint(
    _ node: Node, _ changes: [TaintChange], _ call: Call, _ mutation: Mutation,
    _ console: inout Console, _ transcript: inout Transcript
  ) throws(CommandFailure) {
    var changed = node
    for change in changes where change.removes {
      let before = changed.taints.count
      changed.taints.removeAll(where: change.matches)
      if changed.taints.count == before {
        throw CommandFailure("error: taint \(change.text.goQuoted) not found")
      }
    }
    let added = changes.filter { !$0.removes }
    let taken = added.filter { change in changed.taints.contains(where: change.matches) }
    if !taken.isEmpty, !call.values.flag("overwrite") {
      let keys = taken.map(\.key).joined(separator: ",")
      throw CommandFailure(
        "error: node \(node.metadata.name) already has \(keys) taint(s) with same effect(s) and "
          + "--overwrite is false")
    }
    for change in added {
      changed.taints.removeAll(where: change.matches)
      if let effect = change.effect {
        changed.taints.append(Taint(key: change.key, value: change.value, effect: effect))
      }
    }
    let done = !taken.isEmpty ? "modified" : added.isEmpty ? "untainted" : "tainted"
    try mutation.replace(.node(changed), done, &console, &transcript)
  }
}

/// `key=value:Effect`, `key:Effect`, `key:Effect-` or `key-`.
private struct TaintChange {
  var text: String
  var key: String
  var value = ""
  var effect: Taint.Effect?
  var removes: Bool

  /// Nil for a word that is no taint.
  init?(_ word: String) throws(CommandFailure) {
    removes = word.hasSuffix("-")
    text = removes ? String(word.dropLast()) : word
    guard removes || text.contains(":") || text.contains("=") else { return nil }
    let (left, right) = text.divided(at: ":") ?? (text, "")
    let (key, value) = left.divided(at: "=") ?? (left, "")
    self.key = key
    self.value = value
    effect = Taint.Effect(rawValue: right)
    if effect == nil, !right.isEmpty {
      throw CommandFailure(
        "error: invalid taint effect: \(right.printable), unsupported taint effect")
    }
    // Without an effect nothing is cut off for a value.
    let problems =
      NameFormat.labelValue(value) + NameFormat.qualifiedName(right.isEmpty ? left : key)
    guard problems.isEmpty else {
      throw CommandFailure(
        "error: invalid taint spec: \(text.printable), \(problems.joined(separator: "; "))")
    }
    if effect == nil, !removes {
      throw CommandFailure("error: invalid taint spec: \(text.printable)")
    }
  }

  /// Adds a taint of the same key and effect.
  func isSame(as other: TaintChange) -> Bool {
    !removes && key == other.key && effect == other.effect
  }

  /// As Go prints the taint.
  var goText: String { "{\(key) \(value) \(effect?.rawValue ?? "") <nil>}" }

  func matches(_ taint: Taint) -> Bool {
    taint.key == key && (effect == nil || taint.effect == effect)
  }
}
