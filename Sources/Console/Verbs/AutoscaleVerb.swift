import ClusterModel
import ControlPlane
import Simulation

/// `autoscale`: an autoscaler for a workload (kubectl pkg/cmd/autoscale/autoscale.go).
struct AutoscaleVerb: Verb {
  let name = "autoscale"
  let summary = "Auto-scale a deployment, replica set, stateful set, or replication controller"
  let usage = "(-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS [--cpu=CPU]"
  let operands = Operands.objects
  let examples = ["kubectl autoscale deployment web --min=2 --max=10 --cpu=50%"]
  let flags: [Flag] =
    [
      Flag("min", .number, "The lower limit for the number of pods"),
      Flag("max", .number, "The upper limit for the number of pods; required"),
      Flag("cpu", "The CPU to aim at: 70% of the requests, or 500m on average"),
      Flag("memory", "The memory to aim at: 60% of the requests, or 200Mi on average"),
      Flag("cpu-percent", .number, "Deprecated: use --cpu with a percentage"),
      Flag("name", "The name of the autoscaler; that of the workload without it"),
      .filename,
    ] + Mutation.flags

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let most = call.values.number("max") ?? -1
    let least = call.values.number("min") ?? -1
    guard most >= 1 else {
      throw CommandFailure(
        "error: --max=MAXPODS is required and must be at least 1, max: \(most)")
    }
    guard most >= least else {
      throw CommandFailure(
        "error: --max=MAXPODS must be larger or equal to --min=MINPODS, max: \(most), min: \(least)"
      )
    }
    if call.values.number("cpu-percent") != nil {
      transcript.warn(
        "Flag --cpu-percent has been deprecated, Use --cpu with percentage or resource quantity "
          + "format (e.g., '70%' for utilization or '500m' for milliCPU).")
    }
    let metrics = try Self.metrics(call)
    let mutation = try Mutation(call)
    let targets = try TargetObjects(call, "autoscale").fetch(console.world, &transcript)
    mutation.forEach(targets, &console, &transcript) {
      (object, console, transcript) throws(CommandFailure) in
      guard object.replicas != nil else {
        throw CommandFailure(
          "error: cannot autoscale a \(object.resource.kind): no matches for kind")
      }
      var spec: Fields = [
        "maxReplicas": .integer(Int64(most)),
        "scaleTargetRef": [
          "apiVersion": .string(object.resource.apiVersion),
          "kind": .string(object.resource.kind), "name": .string(object.metadata.name),
        ],
      ]
      if least > 0 { spec["minReplicas"] = .integer(Int64(least)) }
      if !metrics.isEmpty { spec["metrics"] = .array(metrics) }
      let autoscaler = KeptObject(
        resource: .of(apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler"),
        metadata: ObjectMeta(
          name: call.values.text("name") ?? object.metadata.name,
          namespace: object.metadata.namespace),
        body: Fields([("spec", .object(spec))]))
      try mutation.create(.kept(autoscaler), "autoscaled", &console, &transcript)
    }
  }

  private static func metrics(_ call: Call) throws(CommandFailure) -> [Value] {
    var metrics: [Value] = []
    if let percent = call.values.number("cpu-percent"), percent > 0 {
      metrics.append(
        metric("cpu", ["averageUtilization": .integer(Int64(percent)), "type": "Utilization"]))
    }
    for resource in ["cpu", "memory"] {
      guard let text = call.values.text(resource), !text.isEmpty else { continue }
      if text.hasSuffix("%") {
        guard let percent = Int64(text.dropLast()), percent > 0 else {
          throw CommandFailure(
            "error: invalid \(resource) value \(text.goQuoted): must be a percentage or a quantity")
        }
        metrics.append(
          metric(resource, ["averageUtilization": .integer(percent), "type": "Utilization"]))
      } else {
        guard Quantity(text) != nil else {
          throw CommandFailure(
            "error: invalid \(resource) value \(text.goQuoted): must be a percentage or a quantity")
        }
        metrics.append(
          metric(resource, ["averageValue": .string(text), "type": "AverageValue"]))
      }
    }
    return metrics
  }

  private static func metric(_ name: String, _ target: Value) -> Value {
    ["resource": ["name": .string(name), "target": target], "type": "Resource"]
  }
}
