import ClusterModel
import ControlPlane

/// `create job` (kubectl pkg/cmd/create/create_job.go).
struct CreateJobVerb: Verb {
  let name = "job"
  let summary = "Create a job with the specified name"
  let usage = "NAME --image=image [--from=cronjob/name] -- [COMMAND] [args...]"
  let flags: [Flag] =
    [
      Flag("image", "Image of the container"),
      Flag("from", "The CronJob to make the job of: cronjob/NAME"),
    ] + Mutation.flags

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let name = try call.onlyName()
    let image = call.values.text("image") ?? ""
    let from = call.values.text("from") ?? ""
    guard image.isEmpty != from.isEmpty else {
      throw CommandFailure("error: either --image or --from must be specified")
    }
    if !from.isEmpty {
      if call.values.trailing?.isEmpty == false {
        throw CommandFailure("error: cannot specify --from and command")
      }
      return try create(name, from: from, call, &console, &transcript)
    }
    let spec: Value = ["template": .object(["spec": JobTemplate.spec(name, image, "Never", call)])]
    try Mutation(call).create("Job", "batch/v1", name, call, ["spec": spec], &console, &transcript)
  }

  private func create(
    _ name: String, from: String, _ call: Call, _ console: inout Console,
    _ transcript: inout Transcript
  ) throws(CommandFailure) {
    guard let (kind, source) = from.divided(at: "/") else {
      throw CommandFailure("error: from must be an existing cronjob: cronjob/NAME")
    }
    let resource = try ResourceNames.one(kind, in: console.world)
    guard
      case .kept(let cronJob)? = console.world.store.get(
        resource, namespace: call.namespace, name: source)
    else { throw CommandFailure(ObjectQuery.notFound(resource, source)) }
    guard resource.kind == "CronJob" else {
      throw CommandFailure("error: unknown object type \(resource.kind)")
    }
    let template = cronJob.body["spec"]?["jobTemplate"] ?? .null
    let annotations = (template["metadata"]?["annotations"]?.fields ?? Fields())
    var all = annotations
    all["cronjob.kubernetes.io/instantiate"] = "manual"
    try Mutation(call).create(
      "Job", "batch/v1", name, call,
      ["annotations": .object(all), "spec": template["spec"] ?? [:]], &console, &transcript)
  }
}

/// The pods of jobs that are made on the command line.
private enum JobTemplate {
  static func spec(_ name: String, _ image: String, _ restart: String, _ call: Call) -> Value {
    var container: Fields = ["image": .string(image), "name": .string(name)]
    if let command = call.values.trailing, !command.isEmpty {
      container["command"] = .array(command.map { .string($0) })
    }
    return ["containers": [.object(container)], "restartPolicy": .string(restart)]
  }
}

/// `create cronjob` (kubectl pkg/cmd/create/create_cronjob.go).
struct CreateCronJobVerb: Verb {
  let name = "cronjob"
  let aliases = ["cj"]
  let summary = "Create a cron job with the specified name"
  let usage = "NAME --image=image --schedule='0/5 * * * ?' -- [COMMAND] [args...]"
  let flags: [Flag] =
    [
      Flag("image", "Image of the container"), Flag("schedule", "When, as cron writes it"),
      Flag("restart", "OnFailure or Never", offers: .words(["OnFailure", "Never"])),
    ] + Mutation.flags

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let name = try call.onlyName()
    let missing = ["image", "schedule"].filter { (call.values.text($0) ?? "").isEmpty }
    guard missing.isEmpty else {
      let list = missing.map(\.goQuoted).joined(separator: ", ")
      throw CommandFailure("error: required flag(s) \(list) not set")
    }
    let template = JobTemplate.spec(
      name, call.values.text("image") ?? "", call.values.text("restart") ?? "OnFailure", call)
    let spec: Value = [
      "jobTemplate": [
        "metadata": ["name": .string(name)], "spec": ["template": ["spec": template]],
      ],
      "schedule": .string(call.values.text("schedule") ?? ""),
    ]
    try Mutation(call).create(
      "CronJob", "batch/v1", name, call, ["spec": spec], &console, &transcript)
  }
}
