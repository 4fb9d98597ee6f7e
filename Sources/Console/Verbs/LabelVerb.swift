import ClusterModel
import ControlPlane

/// `label` (kubectl pkg/cmd/label/label.go).
struct LabelVerb: Verb {
  let name = "label"
  let summary = "Update the labels on a resource"
  let usage = "[--overwrite] (TYPE NAME | TYPE/NAME | -l label) KEY_1=VAL_1 ... KEY_N-"
  let operands = Operands.objects
  let examples = ["kubectl label pods web track=canary", "kubectl label nodes node-1 zone-"]
  let flags: [Flag] =
    [
      .overwrite, .all, .selector, .fieldSelector, .allNamespaces, .filename,
      Flag("list", .toggle, "Show the labels"), Flag("resource-version", "Only this version"),
    ] + Mutation.flags

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let words = Assignments(call.arguments)
    for pair in words.pairs {
      let problems = NameFormat.labelValue(pair.value)
      guard problems.isEmpty else {
        throw CommandFailure(
          "error: invalid label value: \("\(pair.key)=\(pair.value)".goQuoted): "
            + problems.joined(separator: ";"))
      }
    }
    let edit = try MetadataEdit(call, words, path: \.labels)
    try edit.run(words: words.others, &console, &transcript)
  }

}

/// `annotate` (kubectl pkg/cmd/annotate/annotate.go).
struct AnnotateVerb: Verb {
  let name = "annotate"
  let summary = "Update the annotations on a resource"
  let usage = "[--overwrite] (TYPE NAME | TYPE/NAME | -l label) KEY_1=VAL_1 ... KEY_N-"
  let operands = Operands.objects
  let examples = ["kubectl annotate service web owner='team a'"]
  let flags = LabelVerb().flags

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let words = Assignments(call.arguments)
    let edit = try MetadataEdit(call, words, path: \.annotations)
    try edit.run(words: words.others, &console, &transcript)
  }
}

/// What `label` and `annotate` have in common.
private struct MetadataEdit {
  let call: Call
  let words: Assignments
  let path: WritableKeyPath<ObjectMeta, Labels>
  let mutation: Mutation

  init(_ call: Call, _ words: Assignments, path: WritableKeyPath<ObjectMeta, Labels>)
    throws(CommandFailure)
  {
    self.call = call
    self.words = words
    self.path = path
    mutation = try Mutation(call)
  }

  private var isLabels: Bool { path == \.labels }

  func run(words others: [String], _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let isList = call.values.flag("list")
    guard isList || !words.pairs.isEmpty || !words.removals.isEmpty else {
      throw CommandFailure(
        "error: at least one \(isLabels ? "label" : "annotation") update is required")
    }
    let targets = try TargetObjects(call, call.path[0], words: others)
      .fetch(console.world, &transcript)
    mutation.forEach(targets, &console, &transcript) {
      (object, console, transcript) throws(CommandFailure) in
      if isList {
        for pair in object.metadata[keyPath: path].pairs {
          transcript.print("\(pair.key)=\(pair.value)")
        }
      } else {
        try edit(object, &console, &transcript)
      }
    }
  }

  private func edit(
    _ object: StoredObject, _ console: inout Console, _ transcript: inout Transcript
  ) throws(CommandFailure) {
    let before = object.metadata[keyPath: path]
    var after = before
    if !call.values.flag("overwrite") { try checkOverwriting(before) }
    for key in words.removals {
      if isLabels, after[key] == nil { transcript.print("label \(key.goQuoted) not found.") }
      after[key] = nil
    }
    for pair in words.pairs { after[pair.key] = pair.value }
    guard after != before else {
      return try mutation.tell(object, isLabels ? "not labeled" : "annotated", &transcript)
    }
    var changed = object
    changed.metadata[keyPath: path] = after
    if !isLabels {
      for pair in words.pairs {
        if let notice = AnnotationNotice.text(pair.key, pair.value) { transcript.warn(notice) }
      }
    }
    let removesOnly = words.pairs.isEmpty
    let done = isLabels ? (removesOnly ? "unlabeled" : "labeled") : "annotated"
    try mutation.replace(changed, done, &console, &transcript)
  }

  private func checkOverwriting(_ present: Labels) throws(CommandFailure) {
    let taken = words.pairs.compactMap { pair in
      present[pair.key].map { (pair.key, $0, pair.value) }
    }.filter { $0.1 != $0.2 && (isLabels || $0.0 != "kubernetes.io/change-cause") }
    guard let first = taken.first else { return }
    if isLabels {
      throw CommandFailure(
        "error: '\(first.0)' already has a value (\(first.1)), and --overwrite is false")
    }
    let list = taken.map { "'\($0.0)' already has a value (\($0.1))" }.joined(separator: "; ")
    throw CommandFailure(
      "error: --overwrite is false but found the following declared annotation(s): \(list)")
  }
}
