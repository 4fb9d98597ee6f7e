import ClusterModel
import ControlPlane
import Manifests
import Simulation

/// The ReplicaSets of a Deployment by revision.
enum Revisions {
  /// In ascending order.
  static func all(of deployment: Deployment, in world: World) -> [(number: Int, set: ReplicaSet)] {
    let store = world.store
    return store.replicaSets(ownedBy: deployment.metadata.uid)
      .compactMap { store.replicaSets[$0] }
      .compactMap { set in
        Int(set.metadata.annotations[revisionAnnotation] ?? "").map { ($0, set) }
      }
      .sorted { ($0.number, $0.set.metadata.name) < ($1.number, $1.set.metadata.name) }
  }
}

/// `rollout history` (kubectl pkg/polymorphichelpers/history.go).
struct RolloutHistoryVerb: Verb {
  let name = "history"
  let summary = "View rollout history"
  let usage = "(TYPE NAME | TYPE/NAME) [--revision=N]"
  let operands = Operands.objects
  let flags: [Flag] = [
    Flag("revision", .number, "The details of this revision"), .selector, .filename,
  ]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    for object in try RolloutTargets.fetch(call, console.world, &transcript) {
      if let kept = ControllerRevisions(object, in: console.world) {
        try tell(kept, object, call, &transcript)
        continue
      }
      guard case .deployment(let deployment) = object else {
        throw CommandFailure(
          "error: no history viewer has been implemented for \(object.resource.groupKind.goQuoted)")
      }
      let revisions = Revisions.all(of: deployment, in: console.world)
      if let number = call.values.number("revision"), number > 0 {
        guard let found = revisions.first(where: { $0.number == number }) else {
          throw CommandFailure("error: unable to find the specified revision")
        }
        transcript.print("\(object.title) with revision #\(number)")
        transcript.print(Describer.rawTemplate(of: .replicaSet(found.set)))
      } else {
        transcript.print("\(object.title) ")
        transcript.print(Self.table(revisions.map { ($0.number, $0.set) }))
      }
    }
  }

  private func tell(
    _ revisions: ControllerRevisions, _ object: StoredObject, _ call: Call,
    _ transcript: inout Transcript
  ) throws(CommandFailure) {
    guard let number = call.values.number("revision"), number > 0 else {
      transcript.print("\(object.title) ")
      return transcript.print(revisions.table)
    }
    guard revisions.all.contains(where: { $0.number == number }),
      case let then = try revisions.undone(to: number).object ?? object
    else { throw CommandFailure("error: unable to find the specified revision") }
    transcript.print("\(object.title) with revision #\(number)")
    transcript.print(Describer.rawTemplate(of: then))
  }

  private static func table(_ revisions: [(Int, ReplicaSet)]) -> String {
    let rows = revisions.map { number, set in
      ["\(number)", set.metadata.annotations["kubernetes.io/change-cause"] ?? "<none>"]
    }
    return TextColumns(padding: 2, minimum: 0).text([["REVISION", "CHANGE-CAUSE"]] + rows)
  }
}

/// `rollout undo` (kubectl pkg/polymorphichelpers/rollback.go).
struct RolloutUndoVerb: Verb {
  let name = "undo"
  let summary = "Undo a previous rollout"
  let usage = "(TYPE NAME | TYPE/NAME) [--to-revision=N]"
  let operands = Operands.objects
  let flags: [Flag] =
    [Flag("to-revision", .number, "The revision to go back to; 0 for the last one"), .filename]
    + Mutation.flags

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let mutation = try Mutation(call)
    let wanted = call.values.number("to-revision") ?? 0
    let targets = try RolloutTargets.fetch(call, console.world, &transcript)
    mutation.forEach(targets, &console, &transcript) {
      (object, console, transcript) throws(CommandFailure) in
      if let kept = ControllerRevisions(object, in: console.world) {
        let (number, undone) = try kept.undone(to: wanted)
        guard let undone else {
          return try mutation.tell(
            object, "skipped rollback (current template already matches revision \(number))",
            &transcript)
        }
        Self.warn(of: object, &transcript)
        return try mutation.replace(undone, "rolled back", &console, &transcript)
      }
      guard case .deployment(var deployment) = object else {
        throw CommandFailure(
          "error: no rollbacker has been implemented for \(object.resource.groupKind.goQuoted)")
      }
      let (number, set) = try Self.target(wanted, deployment, console.world)
      if deployment.isPaused {
        throw CommandFailure(
          "error: you cannot rollback a paused deployment; resume it first with 'kubectl rollout "
            + "resume' and try again")
      }
      var template = set.template
      template.labels["pod-template-hash"] = nil
      if template == deployment.template {
        return try mutation.tell(
          object, "skipped rollback (current template already matches revision \(number))",
          &transcript)
      }
      deployment.template = template
      Self.copyAnnotations(of: set, to: &deployment)
      Self.warn(of: object, &transcript)
      try mutation.replace(.deployment(deployment), "rolled back", &console, &transcript)
    }
  }

  /// The files still say what was undone.
  private static func warn(of object: StoredObject, _ transcript: inout Transcript) {
    guard object.metadata.annotations[LastApplied.annotation] != nil else { return }
    transcript.warnOnce(
      "Warning: \(object.title) is managed by 'kubectl apply'; the next apply of its files will "
        + "bring back what they say")
  }

  private static func target(_ wanted: Int, _ deployment: Deployment, _ world: World)
    throws(CommandFailure) -> (Int, ReplicaSet)
  {
    let revisions = Revisions.all(of: deployment, in: world)
    if wanted > 0 {
      guard let found = revisions.first(where: { $0.number == wanted }) else {
        throw CommandFailure("error: unable to find specified revision \(wanted) in history")
      }
      return found
    }
    guard let previous = revisions.dropLast().last else {
      throw CommandFailure(
        "error: no rollout history found for deployment \(deployment.metadata.name.goQuoted)")
    }
    return previous
  }

  /// All but those that belong to the controllers and to `apply`.
  private static func copyAnnotations(of set: ReplicaSet, to deployment: inout Deployment) {
    let keeps = { (key: String) in
      key == LastApplied.annotation || key.hasPrefix("deployment.kubernetes.io/")
    }
    for pair in deployment.metadata.annotations.pairs where !keeps(pair.key) {
      deployment.metadata.annotations[pair.key] = nil
    }
    for pair in set.metadata.annotations.pairs where !keeps(pair.key) {
      deployment.metadata.annotations[pair.key] = pair.value
    }
  }
}
