import ClusterModel
import ControlPlane

/// `set`: single features of objects.
struct SetVerb: Verb {
  let name = "set"
  let summary = "Set specific features on objects"
  let usage = "SUBCOMMAND"
  let subverbs: [any Verb] = [
    SetImageVerb(), SetEnvVerb(), SetResourcesVerb(), SetSelectorVerb(), SetServiceAccountVerb(),
  ]
}

/// `set image` (kubectl pkg/cmd/set/set_image.go).
struct SetImageVerb: Verb {
  let name = "image"
  let summary = "Update the image of a pod template"
  let usage = "(TYPE NAME | TYPE/NAME) CONTAINER_1=IMAGE_1 ... CONTAINER_N=IMAGE_N"
  let operands = Operands.objects
  let examples = ["kubectl set image deployment/web web=web:2"]
  let flags: [Flag] = [.all, .selector, .filename] + Mutation.flags

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let words = Assignments(call.arguments)
    guard !words.pairs.isEmpty else {
      throw CommandFailure("error: at least one image update is required")
    }
    let mutation = try Mutation(call)
    let targets = try TargetObjects(call, "set image", words: words.others)
      .fetch(console.world, &transcript)
    mutation.forEach(targets, &console, &transcript) {
      (object, console, transcript) throws(CommandFailure) in
      var object = object
      guard var spec = object.podSpec else {
        throw CommandFailure("error: \(object.title): the object has no pod template")
      }
      let before = spec
      for (name, image) in words.pairs { try Self.set(image, of: name, in: &spec) }
      guard spec != before else { return }
      object.podSpec = spec
      try mutation.replace(object, "image updated", &console, &transcript)
    }
  }

  private static func set(_ image: String, of name: String, in spec: inout PodSpec)
    throws(CommandFailure)
  {
    var isFound = false
    for index in spec.containers.indices
    where name == "*" || spec.containers[index].name == name {
      spec.containers[index].image = image
      isFound = true
    }
    for index in spec.initContainers.indices
    where name == "*" || spec.initContainers[index].name == name {
      spec.initContainers[index].image = image
      isFound = true
    }
    if !isFound { throw CommandFailure("error: unable to find container named \(name.goQuoted)") }
  }
}

/// `set env` (kubectl pkg/cmd/set/set_env.go).
struct SetEnvVerb: Verb {
  let name = "env"
  let summary = "Update environment variables on a pod template"
  let usage = "(TYPE NAME | TYPE/NAME) KEY_1=VAL_1 ... KEY_N-"
  let operands = Operands.objects
  let examples = ["kubectl set env deployment/web COLOUR=green"]
  let flags: [Flag] =
    [
      .all, .selector,
      Flag("containers", short: "c", "Only containers with this name, or * for all"),
      Flag("list", .toggle, "Show the variables"),
    ]
    + Mutation.flags

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let words = Assignments(call.arguments)
    let lists = call.values.flag("list")
    guard lists || !words.pairs.isEmpty || !words.removals.isEmpty else {
      throw CommandFailure("error: at least one environment variable must be provided")
    }
    let mutation = try Mutation(call)
    let wanted = call.values.text("containers") ?? "*"
    let targets = try TargetObjects(call, "set env", words: words.others)
      .fetch(console.world, &transcript)
    mutation.forEach(targets, &console, &transcript) {
      (object, console, transcript) throws(CommandFailure) in
      var object = object
      guard var spec = object.podSpec else {
        throw CommandFailure("error: \(object.title): the object has no pod template")
      }
      if lists { return Self.list(object, spec, wanted, &transcript) }
      for index in spec.containers.indices
      where wanted == "*" || spec.containers[index].name == wanted {
        words.apply(to: &spec.containers[index].env)
      }
      object.podSpec = spec
      try mutation.replace(object, "env updated", &console, &transcript)
    }
  }
}

extension SetEnvVerb {
  fileprivate static func list(
    _ object: StoredObject, _ spec: PodSpec, _ wanted: String, _ transcript: inout Transcript
  ) {
    for container in spec.containers where wanted == "*" || container.name == wanted {
      transcript.print(
        "# \(object.resource.kind) \(object.metadata.name), container \(container.name)")
      for variable in container.env {
        transcript.print("\(variable.name)=\(variable.value ?? "")")
      }
    }
  }
}

/// `set selector` of a Service (kubectl pkg/cmd/set/set_selector.go).
struct SetSelectorVerb: Verb {
  let name = "selector"
  let summary = "Set the selector on a service"
  let usage = "(service NAME | service/NAME) KEY=VALUE,..."
  let operands = Operands.objects
  let examples = ["kubectl set selector service web app=web,track=canary"]
  let flags: [Flag] = [.all] + Mutation.flags

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    guard let text = call.arguments.last, call.arguments.count > 1 else {
      throw call.wrongUsage("one or more resources and a selector are needed")
    }
    let selector = try Labels(assignments: text)
    let mutation = try Mutation(call)
    let targets = try TargetObjects(call, "set selector", words: Array(call.arguments.dropLast()))
      .fetch(console.world, &transcript)
    mutation.forEach(targets, &console, &transcript) {
      (object, console, transcript) throws(CommandFailure) in
      guard case .service(var service) = object else {
        throw CommandFailure("error: setting a selector is only supported for Services")
      }
      service.selector = selector
      try mutation.replace(.service(service), "selector updated", &console, &transcript)
    }
  }
}
