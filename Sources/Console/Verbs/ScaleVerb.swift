import Simulation

/// `scale`: another number of replicas (kubectl pkg/cmd/scale/scale.go).
struct ScaleVerb: Verb {
  let name = "scale"
  let summary = "Set a new size for a deployment, replica set or stateful set"
  let usage = "[--current-replicas=N] --replicas=COUNT (TYPE NAME... | TYPE/NAME... | -f FILE)"
  let operands = Operands.objects
  let examples = ["kubectl scale deployment web --replicas=5", "scale nodes --replicas=5"]
  let flags: [Flag] =
    [
      Flag("replicas", .number, "The new number of replicas"),
      Flag("current-replicas", .number, "Scale only if there are so many now"),
      Flag("resource-version", "Scale only if the object has this version"),
      .timeout, .all, .selector, .filename,
    ] + Mutation.flags

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    guard let count = call.values.number("replicas") else {
      throw CommandFailure("error: required flag(s) \"replicas\" not set")
    }
    guard (0...Int(Int32.max)).contains(count) else {
      throw CommandFailure(
        "error: The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0"
      )
    }
    if NodeScaling.isAsked(by: call.arguments) {
      return try NodeScaling.run(count, &console, &transcript)
    }
    let mutation = try Mutation(call)
    let targets = try TargetObjects(call, "scale").fetch(console.world, &transcript)
    let expected = call.values.number("current-replicas") ?? -1
    mutation.forEach(targets, &console, &transcript) {
      (object, console, transcript) throws(CommandFailure) in
      var object = object
      guard let current = object.replicas else {
        throw CommandFailure(
          "Error from server (NotFound): the server could not find the requested resource")
      }
      if expected >= 0, expected != current {
        throw CommandFailure("error: Expected replicas to be \(expected), was \(current)")
      }
      object.replicas = count
      try mutation.replace(object, "scaled", &console, &transcript)
    }
  }
}
