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
    func version(_ world: borrowing World) -> UInt64? {
      world.store.get(resource, namespace: name.namespace, name: name.name)?.metadata
        .resourceVersion
    }
    while true {
      let held = world.store.get(resource, namespace: name.namespace, name: name.name)
      guard let held else { throw CommandFailure("error: object has been deleted") }
      let status = try RolloutStatus.of(held, revision: revision)
      transcript.print(status.line)
      if status.isDone || !call.values.flag("watch", default: true) { return }
      let seen = held.metadata.resourceVersion
      let hasChanged = TimeDriver.run(&world, until: deadline, &transcript) { world in
        version(world) != seen
      }
      if !hasChanged { throw CommandFailure("error: timed out waiting for the condition") }
    }
  }
}
