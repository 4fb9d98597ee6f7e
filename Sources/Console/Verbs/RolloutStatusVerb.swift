import ClusterModel
import ControlPlane
import Simulation
import SimulationCore

/// `rollout status`: lets time pass until the rollout is over and tells of each change
/// (kubectl pkg/polymorphichelpers/rollout_status.go).
struct RolloutStatusVerb: Verb {
  let name = "status"
  let summary = "Show the status of the rollout"
  let usage = "(TYPE NAME | TYPE/NAME) [--watch=false] [--timeout=60s]"
  let operands = Operands.objects
  let flags: [Flag] = [
    Flag("watch", short: "w", .toggle, "Wait until the rollout is done (default true)"), .timeout,
    Flag("revision", .number, "Only this revision"), .selector, .filename,
  ]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    for object in try RolloutTargets.fetch(call, console.world, &transcript) {
      guard case .deployment = object else {
        throw CommandFailure(
          "error: no status viewer has been implemented for \(object.resource.kind)")
      }
      try watch(object.name, call, &console.world, &transcript)
    }
  }

  private func watch(
    _ name: NamespacedName, _ call: Call, _ world: inout World, _ transcript: inout Transcript
  ) throws(CommandFailure) {
    let limit = call.values.duration("timeout").flatMap { $0 > .zero ? $0 : nil }
    let deadline = TimeDriver.deadline(world, limit)
    let revision = call.values.number("revision") ?? 0
    while true {
      let deployment = try find(name, in: world)
      let (line, isDone) = try Self.status(of: deployment, revision: revision)
      transcript.print(line)
      if isDone || !call.values.flag("watch", default: true) { return }
      let seen = deployment.metadata.resourceVersion
      let hasChanged = TimeDriver.run(&world, until: deadline, &transcript) { world in
        let deployments = world.store.deployments
        return deployments[name.namespace, name.name]?.metadata.resourceVersion != seen
      }
      if !hasChanged { throw CommandFailure("error: timed out waiting for the condition") }
    }
  }

  private func find(_ name: NamespacedName, in world: World) throws(CommandFailure) -> Deployment {
    guard let found = world.store.deployments[name.namespace, name.name] else {
      throw CommandFailure("error: object has been deleted")
    }
    return found
  }

  /// The line and whether it is the last one.
  static func status(of deployment: Deployment, revision: Int) throws(CommandFailure)
    -> (line: String, isDone: Bool)
  {
    let name = deployment.metadata.name.goQuoted
    let status = deployment.status
    let running = Int(deployment.metadata.annotations[revisionAnnotation] ?? "") ?? 0
    if revision > 0, revision != running {
      throw CommandFailure(
        "error: desired revision (\(revision)) is different from the running revision (\(running))")
    }
    guard deployment.metadata.generation <= status.observedGeneration else {
      return ("Waiting for deployment spec update to be observed...", false)
    }
    if status.conditions[type: "Progressing"]?.reason == "ProgressDeadlineExceeded" {
      throw CommandFailure("error: deployment \(name) exceeded its progress deadline")
    }
    let waiting = "Waiting for deployment \(name) rollout to finish: "
    if status.updatedReplicas < deployment.replicas {
      return (
        "\(waiting)\(status.updatedReplicas) out of \(deployment.replicas) new replicas have been "
          + "updated...", false
      )
    }
    if status.replicas > status.updatedReplicas {
      let old = status.replicas - status.updatedReplicas
      return ("\(waiting)\(old) old replicas are pending termination...", false)
    }
    if status.availableReplicas < status.updatedReplicas {
      return (
        "\(waiting)\(status.availableReplicas) of \(status.updatedReplicas) updated replicas are "
          + "available...", false
      )
    }
    return ("deployment \(name) successfully rolled out", true)
  }
}
