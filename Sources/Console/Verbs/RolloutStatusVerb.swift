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
      try watch(object, call, &console.world, &transcript)
    }
  }

  private func watch(
    _ object: StoredObject, _ call: Call, _ world: inout World, _ transcript: inout Transcript
  ) throws(CommandFailure) {
    let limit = call.values.duration("timeout").flatMap { $0 > .zero ? $0 : nil }
    let deadline = TimeDriver.deadline(world, limit)
    let revision = call.values.number("revision") ?? 0
    let (resource, name) = (object.resource, object.name)
    func find(_ world: borrowing World) -> StoredObject? {
      world.store.get(resource, namespace: name.namespace, name: name.name)
    }
    while true {
      guard let present = find(world) else {
        throw CommandFailure("error: object has been deleted")
      }
      let (line, isDone) = try Self.status(of: present, revision: revision)
      transcript.print(line)
      if isDone || !call.values.flag("watch", default: true) { return }
      let seen = present.metadata.resourceVersion
      let hasChanged = TimeDriver.run(&world, until: deadline, &transcript) { world in
        find(world)?.metadata.resourceVersion != seen
      }
      if !hasChanged { throw CommandFailure("error: timed out waiting for the condition") }
    }
  }

  private static func status(of object: StoredObject, revision: Int) throws(CommandFailure)
    -> (line: String, isDone: Bool)
  {
    switch object {
    case .deployment(let deployment): return try status(of: deployment, revision: revision)
    case .kept(let kept) where kept.resource.kind == "DaemonSet":
      return try SetRollout(kept).daemonSet()
    case .kept(let kept) where kept.resource.kind == "StatefulSet":
      return try SetRollout(kept).statefulSet()
    default:
      throw CommandFailure(
        "error: no status viewer has been implemented for \(object.resource.groupKind)")
    }
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

/// Where the rollout of a DaemonSet or StatefulSet stands (rollout_status.go).
private struct SetRollout {
  let name: String
  let spec: Value
  let status: Value
  let isObserved: Bool

  init(_ object: KeptObject) throws(CommandFailure) {
    name = object.metadata.name.goQuoted
    spec = object.body["spec"] ?? .null
    status = object.body["status"] ?? .null
    let observed = status.number("observedGeneration") ?? 0
    isObserved = observed > 0 && object.metadata.generation <= observed
    guard spec.text("updateStrategy", "type") == "RollingUpdate" else {
      throw CommandFailure(
        "error: rollout status is only available for RollingUpdate strategy type")
    }
  }

  private func count(_ field: String) -> Int64 { status.number(field) ?? 0 }

  func daemonSet() throws(CommandFailure) -> (line: String, isDone: Bool) {
    guard isObserved else {
      return ("Waiting for daemon set spec update to be observed...", false)
    }
    let waiting = "Waiting for daemon set \(name) rollout to finish: "
    let desired = count("desiredNumberScheduled")
    if count("updatedNumberScheduled") < desired {
      return (
        "\(waiting)\(count("updatedNumberScheduled")) out of \(desired) new pods have been "
          + "updated...", false
      )
    }
    if count("numberAvailable") < desired {
      return (
        "\(waiting)\(count("numberAvailable")) of \(desired) updated pods are available...", false
      )
    }
    return ("daemon set \(name) successfully rolled out", true)
  }

  func statefulSet() throws(CommandFailure) -> (line: String, isDone: Bool) {
    guard isObserved else {
      return ("Waiting for statefulset spec update to be observed...", false)
    }
    let replicas = spec.number("replicas") ?? 1
    if count("readyReplicas") < replicas {
      return ("Waiting for \(replicas - count("readyReplicas")) pods to be ready...", false)
    }
    if let partition = spec.number("updateStrategy", "rollingUpdate", "partition") {
      if count("updatedReplicas") < replicas - partition {
        return (
          "Waiting for partitioned roll out to finish: \(count("updatedReplicas")) out of "
            + "\(replicas - partition) new pods have been updated...", false
        )
      }
      return (
        "partitioned roll out complete: \(count("updatedReplicas")) new pods have been updated...",
        true
      )
    }
    let update = status.text("updateRevision")
    if update != status.text("currentRevision") {
      return (
        "waiting for statefulset rolling update to complete \(count("updatedReplicas")) pods at "
          + "revision \(update)...", false
      )
    }
    return (
      "statefulset rolling update complete \(count("currentReplicas")) pods at revision "
        + "\(status.text("currentRevision"))...", true
    )
  }
}
