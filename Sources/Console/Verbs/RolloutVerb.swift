import ClusterModel
import ControlPlane
import Simulation

/// `rollout`: the life of a Deployment's revisions (kubectl pkg/cmd/rollout).
struct RolloutVerb: Verb {
  let name = "rollout"
  let summary = "Manage the rollout of a resource"
  let usage = "SUBCOMMAND"
  let subverbs: [any Verb] = [
    RolloutStatusVerb(), RolloutRestartVerb(), RolloutHistoryVerb(), RolloutUndoVerb(),
    RolloutPauseVerb(pauses: true), RolloutPauseVerb(pauses: false),
  ]
}

/// The revision that the Deployment controller writes on Deployments and ReplicaSets.
let revisionAnnotation = "deployment.kubernetes.io/revision"

/// The Deployments a `rollout` command names.
enum RolloutTargets {
  static func fetch(_ call: Call, _ world: World, _ transcript: inout Transcript)
    throws(CommandFailure) -> [StoredObject]
  {
    var query = try ObjectQuery(call, in: world)
    for manifest in try ManifestFiles(call).objects(&transcript) {
      query.items.append(.init(resource: manifest.resource, name: manifest.metadata.name))
    }
    guard !query.items.isEmpty else {
      throw CommandFailure("error: required resource not specified")
    }
    let found = try query.fetch(from: world, &transcript)
    if found.isEmpty, !query.isByName {
      transcript.warn("No resources found in \(call.namespace) namespace.")
    }
    return found
  }

  static func deployment(_ object: StoredObject, _ activity: String) throws(CommandFailure)
    -> Deployment
  {
    guard case .deployment(let deployment) = object else {
      throw CommandFailure(
        "error: \(object.resource.qualifiedPlural) \(object.metadata.name.goQuoted) "
          + "\(activity) is not supported")
    }
    return deployment
  }
}

/// `rollout restart`.
struct RolloutRestartVerb: Verb {
  let name = "restart"
  let summary = "Restart a resource"
  let usage = "(TYPE NAME | TYPE/NAME)"
  let operands = Operands.objects
  let flags: [Flag] = [.selector, .filename] + Mutation.flags

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let mutation = try Mutation(call)
    let targets = try RolloutTargets.fetch(call, console.world, &transcript)
    mutation.forEach(targets, &console, &transcript) {
      (object, console, transcript) throws(CommandFailure) in
      let title = "\(object.resource.qualifiedPlural) \(object.metadata.name.goQuoted)"
      guard ["Deployment", "DaemonSet", "StatefulSet"].contains(object.resource.kind),
        var template = object.template
      else { throw CommandFailure("error: \(title) restarting is not supported") }
      if case .deployment(let deployment) = object, deployment.isPaused {
        throw CommandFailure(
          "error: \(title) can't restart paused deployment (run rollout resume first)")
      }
      let key = "kubectl.kubernetes.io/restartedAt"
      let now = console.world.timestamp.description
      if template.annotations[key] == now {
        throw CommandFailure(
          "error: failed to patch: if restart has already been triggered within the past second, "
            + "please wait before attempting to trigger another")
      }
      template.annotations[key] = now
      var changed = object
      changed.template = template
      try mutation.replace(changed, "restarted", &console, &transcript)
    }
  }
}

/// `rollout pause` and `rollout resume`.
struct RolloutPauseVerb: Verb {
  let pauses: Bool

  var name: String { pauses ? "pause" : "resume" }
  var summary: String { pauses ? "Mark the resource as paused" : "Resume a paused resource" }
  let usage = "(TYPE NAME | TYPE/NAME)"
  let operands = Operands.objects
  let flags: [Flag] = [.selector, .filename] + Mutation.flags

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let mutation = try Mutation(call)
    let targets = try RolloutTargets.fetch(call, console.world, &transcript)
    mutation.forEach(targets, &console, &transcript) {
      (object, console, transcript) throws(CommandFailure) in
      var deployment = try RolloutTargets.deployment(object, pauses ? "pausing" : "resuming")
      guard deployment.isPaused != pauses else {
        let title = "\(object.resource.qualifiedPlural) \(deployment.metadata.name.goQuoted)"
        throw CommandFailure("error: \(title) is \(pauses ? "already" : "not") paused")
      }
      deployment.isPaused = pauses
      let done = pauses ? "paused" : "resumed"
      try mutation.replace(.deployment(deployment), done, &console, &transcript)
    }
  }
}
