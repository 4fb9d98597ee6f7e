import ClusterModel
import ControlPlane

/// `set resources` (kubectl pkg/cmd/set/set_resources.go).
struct SetResourcesVerb: Verb {
  let name = "resources"
  let summary = "Update resource requests/limits on objects with pod templates"
  let usage = "(TYPE NAME | TYPE/NAME) ([--limits=LIMITS & --requests=REQUESTS])"
  let operands = Operands.objects
  let examples = ["kubectl set resources deployment web --limits=cpu=200m,memory=512Mi"]
  let flags: [Flag] =
    [
      .all, .selector, .filename, Flag("limits", "cpu=100m,memory=256Mi"),
      Flag("requests", "cpu=100m,memory=256Mi"),
      Flag("containers", short: "c", "Only containers with this name, or * for all"),
    ] + Mutation.flags

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let (limits, requests) = (try amounts("limits", call), try amounts("requests", call))
    guard !limits.isEmpty || !requests.isEmpty else {
      throw CommandFailure(
        "error: you must specify an update to requests or limits (in the form of "
          + "--requests/--limits)")
    }
    let wanted = call.values.text("containers") ?? "*"
    let mutation = try Mutation(call)
    let targets = try TargetObjects(call, "set resources").fetch(console.world, &transcript)
    mutation.forEach(targets, &console, &transcript) {
      (object, console, transcript) throws(CommandFailure) in
      guard var spec = object.podSpec else {
        throw CommandFailure("error: \(object.title): the object has no pod template")
      }
      let before = spec
      var isFound = false
      for index in spec.containers.indices
      where wanted == "*" || spec.containers[index].name == wanted {
        isFound = true
        for entry in limits { spec.containers[index].limits[entry.name] = entry.quantity }
        for entry in requests { spec.containers[index].requests[entry.name] = entry.quantity }
      }
      guard isFound else {
        throw CommandFailure("error: unable to find container named \(wanted.printable)")
      }
      guard spec != before else { return }
      var changed = object
      changed.podSpec = spec
      try mutation.replace(changed, "resource requirements updated", &console, &transcript)
    }
  }

  private func amounts(_ flag: String, _ call: Call) throws(CommandFailure) -> [ResourceList.Entry]
  {
    var entries: [ResourceList.Entry] = []
    for part in (call.values.text(flag) ?? "").split(separator: ",").map(String.init) {
      guard let (name, text) = part.divided(at: "=") else {
        throw CommandFailure(
          "error: invalid argument syntax \(part.printable), expected <resource>=<value>")
      }
      guard let quantity = Quantity(text) else {
        throw CommandFailure(
          "error: quantities must match the regular expression "
            + "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")
      }
      entries.append(.init(name: name, quantity: quantity))
    }
    return entries
  }
}

/// `set serviceaccount`.
struct SetServiceAccountVerb: Verb {
  let name = "serviceaccount"
  let aliases = ["sa"]
  let summary = "Update the service account of a resource"
  let usage = "(TYPE NAME | TYPE/NAME) SERVICE_ACCOUNT"
  let operands = Operands.objects
  let flags: [Flag] = [.all, .filename] + Mutation.flags

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    guard let account = call.arguments.last, call.arguments.count > 1 else {
      throw CommandFailure("error: serviceaccount is required")
    }
    let mutation = try Mutation(call)
    let targets = try TargetObjects(
      call, "set serviceaccount", words: Array(call.arguments.dropLast())
    ).fetch(console.world, &transcript)
    mutation.forEach(targets, &console, &transcript) {
      (object, console, transcript) throws(CommandFailure) in
      guard var spec = object.podSpec else {
        throw CommandFailure("error: \(object.title): the object has no pod template")
      }
      spec.serviceAccountName = account
      spec.other["serviceAccount"] = .string(account)
      var changed = object
      changed.podSpec = spec
      try mutation.replace(changed, "serviceaccount updated", &console, &transcript)
    }
  }
}
