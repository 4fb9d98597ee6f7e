import ClusterModel
import ControlPlane

/// `autoscale`: a HorizontalPodAutoscaler for a workload (kubectl pkg/cmd/autoscale/autoscale.go).
struct AutoscaleVerb: Verb {
  let name = "autoscale"
  let summary = "Auto-scale a deployment, replica set or stateful set"
  let usage =
    "(-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS [--cpu=CPU] [flags]"
  let operands = Operands.objects
  let examples = ["kubectl autoscale deployment web --min=2 --max=10 --cpu=80%"]
  let flags: [Flag] =
    [
      Flag("min", .number, "The fewest pods"), Flag("max", .number, "The most pods; required"),
      Flag("cpu", "The target of CPU: 80% of the requests, or an amount such as 500m"),
      Flag("memory", "The target of memory: 60%, or an amount such as 200Mi"),
      Flag("cpu-percent", .number, "The older form of --cpu"),
      Flag("name", "The name of the autoscaler; that of the workload by default"), .filename,
    ] + Mutation.flags

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let most = call.values.number("max") ?? -1
    let least = call.values.number("min") ?? -1
    if most < 1 {
      throw CommandFailure(
        "error: --max=MAXPODS is required and must be at least 1, max: \(most)")
    }
    if most < least {
      throw CommandFailure(
        "error: --max=MAXPODS must be larger or equal to --min=MINPODS, max: \(most), min: \(least)"
      )
    }
    if call.values.isGiven("cpu-percent") {
      transcript.warn(
        "Flag --cpu-percent has been deprecated, Use --cpu with percentage or resource quantity "
          + "format (e.g., '70%' for utilization or '500m' for milliCPU).")
    }
    let metrics = try metrics(call)
    let mutation = try Mutation(call)
    var query = try ObjectQuery(call, in: console.world)
    for manifest in try ManifestFiles(call).objects(&transcript) {
      query.items.append(.init(resource: manifest.resource, name: manifest.metadata.name))
    }
    guard query.isByName else {
      throw call.wrongUsage("required resource not specified")
    }
    let targets = try query.fetch(from: console.world, &transcript)
    mutation.forEach(targets, &console, &transcript) {
      (object, console, transcript) throws(CommandFailure) in
      guard object.replicas != nil else {
        throw CommandFailure(
          "error: cannot autoscale a \(object.resource.kind): it is not scalable")
      }
      let scaler = Self.autoscaler(
        call.values.text("name") ?? object.metadata.name, for: object, call.namespace,
        (least, most), metrics)
      try mutation.create(scaler, "autoscaled", &console, &transcript)
    }
  }

  private func metrics(_ call: Call) throws(CommandFailure) -> [Value] {
    var metrics: [Value] = []
    var targets = [("cpu", call.values.text("cpu")), ("memory", call.values.text("memory"))]
    if let percent = call.values.number("cpu-percent"), percent > 0 {
      targets[0].1 = targets[0].1 ?? "\(percent)%"
    }
    for (name, text) in targets {
      guard let text, !text.isEmpty else { continue }
      let target: Value
      if text.hasSuffix("%") {
        guard let percent = Int64(text.dropLast()), percent > 0 else {
          throw CommandFailure("error: invalid \(name) target: \(text.goQuoted)")
        }
        target = ["averageUtilization": .integer(percent), "type": "Utilization"]
      } else {
        guard Quantity(text) != nil else {
          throw CommandFailure("error: invalid \(name) target: \(text.goQuoted)")
        }
        target = ["averageValue": .string(text), "type": "AverageValue"]
      }
      metrics.append(["resource": ["name": .string(name), "target": target], "type": "Resource"])
    }
    return metrics
  }

  private static func autoscaler(
    _ name: String, for object: StoredObject, _ namespace: String,
    _ range: (least: Int, most: Int), _ metrics: [Value]
  ) -> StoredObject {
    let resource = object.resource
    var spec: Fields = [
      "maxReplicas": .integer(Int64(range.most)),
      "scaleTargetRef": [
        "apiVersion": .string(resource.apiVersion), "kind": .string(resource.kind),
        "name": .string(object.metadata.name),
      ],
    ]
    if range.least > 0 { spec["minReplicas"] = .integer(Int64(range.least)) }
    if !metrics.isEmpty { spec["metrics"] = .array(metrics) }
    let kind = APIResource.of(apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler")
    return .kept(
      KeptObject(
        resource: kind, metadata: ObjectMeta(name: name, namespace: namespace),
        body: ["spec": .object(spec)]))
  }
}
