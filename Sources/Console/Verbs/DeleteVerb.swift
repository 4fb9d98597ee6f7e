import ClusterModel
import ControlPlane
import Simulation

/// `delete` (kubectl pkg/cmd/delete/delete.go). It does not wait: time stands still.
struct DeleteVerb: Verb {
  let name = "delete"
  let summary = "Delete resources by file names, stdin, resources and names, or by label selector"
  let usage = "([-f FILENAME] | TYPE [(NAME | -l label | --all)])"
  let operands = Operands.objects
  let examples = ["kubectl delete pod web-0", "kubectl delete deploy,svc -l app=web"]
  let flags: [Flag] =
    [
      .filename, .all, .allNamespaces, .selector, .fieldSelector,
      Flag("grace-period", .number, "Seconds for the pod to end by itself; 1 at least, or --force"),
      Flag("now", .toggle, "The same as --grace-period=1"),
      Flag("force", .toggle, "Do not wait for the kubelet; with --grace-period=0"),
      Flag(
        "cascade", .optional("background"), "background, orphan or foreground",
        offers: .words(["background", "orphan", "foreground"])),
      Flag("ignore-not-found", .toggle, "Say nothing of what does not exist"),
      Flag("wait", .toggle, "Changes nothing here: time stands still"), .timeout,
      Flag("recursive", short: "R", .toggle, "Directories of -f with what is below them"),
    ] + Mutation.flags

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let mutation = try Mutation(call)
    let options = try Self.options(call)
    let isForced = call.values.flag("force") && (options.gracePeriodSeconds ?? 0) == 0
    if isForced {
      transcript.warn(
        "Warning: Immediate deletion does not wait for confirmation that the running resource has "
          + "been terminated. The resource may continue to run on the cluster indefinitely.")
    }
    let isOfEvery = call.values.flag("all") || call.values.isGiven("selector")
    var found = Transcript()
    let targets = try TargetObjects(call, "delete").fetch(
      console.world, &found, ignoreNotFound: call.values.flag("ignore-not-found"))
    if targets.isEmpty, isOfEvery { transcript.print("No resources found") }
    mutation.forEach(targets, &console, &transcript) {
      (object, console, transcript) throws(CommandFailure) in
      try mutation.perform(
        .delete(
          object.resource, namespace: object.metadata.namespace, name: object.metadata.name,
          options), &console)
      tell(object, isForced, call, mutation, &transcript)
    }
    if found.hasFailed {
      transcript.errors += found.errors
      transcript.hasFailed = true
    }
  }

  private func tell(
    _ object: StoredObject, _ isForced: Bool, _ call: Call, _ mutation: Mutation,
    _ transcript: inout Transcript
  ) {
    if call.values.text("output") == "name" { return transcript.print(object.title) }
    let place =
      object.resource.isNamespaced ? " from \(object.metadata.namespace) namespace" : ""
    transcript.print(
      "\(object.resource.qualifiedSingular) \(object.metadata.name.goQuoted) "
        + "\(isForced ? "force deleted" : "deleted")\(place)\(mutation.dryRun.suffix)")
  }

  private static func options(_ call: Call) throws(CommandFailure) -> DeleteOptions {
    var options = DeleteOptions()
    if let seconds = call.values.number("grace-period"), seconds >= 0 {
      options.gracePeriodSeconds = seconds
    }
    let isForced = call.values.flag("force")
    if call.values.flag("now") {
      guard options.gracePeriodSeconds == nil else {
        throw CommandFailure("error: --now and --grace-period cannot be specified together")
      }
      options.gracePeriodSeconds = 1
    }
    if isForced, let seconds = options.gracePeriodSeconds, seconds > 0 {
      throw CommandFailure(
        "error: --force and --grace-period greater than 0 cannot be specified together")
    }
    if isForced { options.gracePeriodSeconds = 0 }
    // Without --force a period of 0 becomes 1, as kubectl does.
    if !isForced, options.gracePeriodSeconds == 0 { options.gracePeriodSeconds = 1 }
    options.propagation = try propagation(call.values.text("cascade") ?? "background")
    return options
  }

  private static func propagation(_ text: String) throws(CommandFailure)
    -> DeleteOptions.Propagation
  {
    switch text {
    case "background", "true": return .background
    case "orphan", "false": return .orphan
    case "foreground": return .foreground
    default:
      throw CommandFailure(
        "error: invalid cascade value (\(text.printable)). Must be \"background\", "
          + "\"foreground\", or \"orphan\"")
    }
  }
}
