import ClusterModel
import ControlPlane

/// `run`: one pod (kubectl pkg/cmd/run/run.go).
struct RunVerb: Verb {
  let name = "run"
  let summary = "Create and run a particular image in a pod"
  let usage = "NAME --image=image [--port=port] [--env=\"key=value\"] [-- [COMMAND] [args...]]"
  let examples = ["kubectl run web --image=nginx --port=80"]
  let flags: [Flag] =
    [
      Flag("image", "The image for the container to run"),
      Flag("port", .number, "The port that this container exposes"),
      Flag("env", .list, "KEY=VALUE to set in the container"),
      Flag("labels", short: "l", "Labels of the pod: a=b,c=d"),
      Flag("annotations", .list, "KEY=VALUE annotations of the pod"),
      Flag("command", .toggle, "The words after -- are the command, not its arguments"),
      Flag(
        "restart", "Always, OnFailure or Never", offers: .words(["Always", "OnFailure", "Never"])),
      Flag("image-pull-policy", "Always, IfNotPresent or Never"),
      Flag("expose", .toggle, "Make a ClusterIP service for the pod as well"),
    ] + Mutation.flags

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    guard let name = call.arguments.first else {
      throw call.wrongUsage("NAME is required for run")
    }
    guard let image = call.values.text("image"), !image.isEmpty else {
      throw CommandFailure("error: required flag(s) \"image\" not set")
    }
    let port = call.values.number("port")
    if call.values.flag("expose"), port == nil {
      throw CommandFailure("error: --port must be set when exposing a service")
    }
    let words = Array(call.arguments.dropFirst()) + (call.values.trailing ?? [])
    let pod = try pod(name, image, words, call)
    let mutation = try Mutation(call)
    if call.values.flag("expose"), let port {
      var service = Service(metadata: ObjectMeta(name: name, namespace: call.namespace))
      service.selector = pod.metadata.labels
      service.ports = [ServicePort(port: port)]
      try mutation.create(.service(service), "created", &console, &transcript)
    }
    try mutation.create(.pod(pod), "created", &console, &transcript)
  }

  private func pod(_ name: String, _ image: String, _ words: [String], _ call: Call)
    throws(CommandFailure) -> Pod
  {
    var container = Container(name: name, image: image)
    if call.values.flag("command") { container.command = words } else { container.args = words }
    if let port = call.values.number("port") {
      container.ports = [ContainerPort(containerPort: port)]
    }
    container.imagePullPolicy = call.values.text("image-pull-policy") ?? ""
    Assignments(call.values.texts("env")).apply(to: &container.env)
    var spec = PodSpec(containers: [container])
    spec.restartPolicy = call.values.text("restart") ?? "Always"
    guard ["Always", "OnFailure", "Never"].contains(spec.restartPolicy) else {
      throw CommandFailure("error: invalid restart policy: \(spec.restartPolicy.printable)")
    }
    var labels: Labels = ["run": name]
    if let text = call.values.text("labels") { labels = try Labels(assignments: text) }
    var metadata = ObjectMeta(name: name, namespace: call.namespace, labels: labels)
    for pair in Assignments(call.values.texts("annotations")).pairs {
      metadata.annotations[pair.key] = pair.value
    }
    return Pod(metadata: metadata, spec: Shared(spec))
  }
}
