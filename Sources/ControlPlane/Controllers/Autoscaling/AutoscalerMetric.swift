import ClusterModel
import SimulationCore

/// Why a metric cannot be used.
struct MetricFailure: Error, Hashable {
  /// As in events and conditions: `FailedGetResourceMetric`.
  var reason: String
  var message: String
  /// The message as the sum over all metrics quotes it.
  var problem: String
}

/// One entry of an autoscaler's `spec.metrics`.
///
/// CPU and memory are measured; nobody serves the custom and external metrics API here, as in a
/// cluster without an adapter for them.
struct AutoscalerMetric {
  struct Evaluation {
    var replicas: Int
    /// As in the reason of a rescaling: `cpu resource utilization (percentage of request)`.
    var name: String
    /// The entry of `status.currentMetrics`.
    var status: Value
  }

  private let source: Value
  private let tolerance: ReplicaCalculator.Tolerance
  private let now: Timestamp

  init(_ source: Value, _ tolerance: ReplicaCalculator.Tolerance, _ now: Timestamp) {
    self.source = source
    self.tolerance = tolerance
    self.now = now
  }

  func evaluate(
    _ current: Int, _ pods: [ReplicaCalculator.Candidate]
  ) throws(MetricFailure) -> Evaluation {
    switch source["type"]?.string ?? "" {
    case "Resource": return try resource("resource", nil, current, pods)
    case "ContainerResource":
      let container = source["containerResource"]?["container"]?.string ?? ""
      return try resource("containerResource", container, current, pods)
    case let type: throw unavailable(type)
    }
  }

  private func resource(
    _ field: String, _ container: String?, _ current: Int,
    _ pods: [ReplicaCalculator.Candidate]
  ) throws(MetricFailure) -> Evaluation {
    let name = source[field]?["name"]?.string ?? ""
    let target = source[field]?["target"]
    let average = target?["averageValue"].flatMap { $0.string ?? $0.integer.map { "\($0)" } }
    let goal: ReplicaCalculator.Goal
    if let milli = average.flatMap({ Quantity($0)?.milli }) {
      goal = .averageValue(milli)
    } else {
      goal = .utilization(max(1, target?["averageUtilization"]?.integer ?? 80))
    }
    let calculator = ReplicaCalculator(
      resource: name, container: container, tolerance: tolerance, now: now)
    let proposal: ReplicaCalculator.Proposal
    do throws(ReplicaCalculator.Failure) {
      if pods.isEmpty {
        throw ReplicaCalculator.Failure(
          "no pods returned by selector while calculating replica count")
      }
      proposal = try calculator.proposal(current, pods, goal)
    } catch {
      let what = if case .utilization = goal { "utilization" } else { "usage" }
      let message = "failed to get \(name) \(what): \(error.message)"
      let kind = container == nil ? "Resource" : "ContainerResource"
      let long = container == nil ? "resource" : "container resource"
      throw MetricFailure(
        reason: "FailedGet\(kind)Metric", message: message,
        problem: "failed to get \(name) \(long) metric value: \(message)")
    }
    var measured: Fields = ["averageValue": .string(DecimalText.of(milli: proposal.average))]
    measured["averageUtilization"] = proposal.utilization.map { .integer($0) }
    var status: Fields = ["name": .string(name), "current": .object(measured)]
    if let container { status["container"] = .string(container) }
    let label = proposal.utilization == nil ? "" : " utilization (percentage of request)"
    let prefix = container == nil ? "\(name) resource" : "\(name) container resource"
    return Evaluation(
      replicas: proposal.replicas, name: prefix + label,
      status: [
        "type": .string(container == nil ? "Resource" : "ContainerResource"),
        field: .object(status),
      ])
  }

  private func unavailable(_ type: String) -> MetricFailure {
    let fields = ["Pods": "pods", "Object": "object", "External": "external"]
    let name = fields[type].flatMap { source[$0]?["metric"]?["name"]?.string } ?? ""
    let message: String
    switch type {
    case "External":
      message =
        "unable to get external metric \(name): unable to fetch metrics from external metrics "
        + "API: the server could not find the requested resource"
    case "Object":
      message =
        "unable to get metric \(name): unable to fetch metrics from custom metrics API: the server "
        + "could not find the requested resource"
    case "Pods":
      message =
        "unable to get metric \(name): unable to fetch metrics from custom metrics API: the server "
        + "could not find the requested resource"
    default:
      let text = "unknown metric source type \"\(type)\""
      return MetricFailure(reason: "InvalidMetricSourceType", message: text, problem: text)
    }
    let problem = "failed to get \(type.lowercased()) metric value: \(message)"
    return MetricFailure(reason: "FailedGet\(type)Metric", message: message, problem: problem)
  }
}

/// Quantities in decimal units, as short as they can be written exactly: `250m`, `3`, `64M`.
enum DecimalText {
  static func of(milli: Int64) -> String {
    var number = milli
    var suffixes = ["m", "", "k", "M", "G", "T"][...]
    while number != 0, number % 1000 == 0, suffixes.count > 1 {
      number /= 1000
      suffixes = suffixes.dropFirst()
    }
    return number == 0 ? "0" : "\(number)\(suffixes.first ?? "")"
  }
}

/// What an autoscaler or a disruption budget sees of the workload it is about: its scale.
struct ScaleTarget {
  var resource: APIResource
  var id: ObjectID
  var namespace: String
  var replicas: Int
  var selector: LabelSelector

  /// Nil for what is not there or cannot be scaled.
  init?(
    apiVersion: String, kind: String, namespace: String, name: String, _ store: ObjectStore
  ) {
    resource = APIResource.of(apiVersion: apiVersion, kind: kind)
    self.namespace = namespace
    switch resource.living {
    case .deployment:
      guard let id = store.deployments.id(namespace: namespace, name: name),
        let held = store.deployments[id]
      else { return nil }
      (self.id, replicas, selector) = (id, held.replicas, held.selector)
    case .replicaSet:
      guard let id = store.replicaSets.id(namespace: namespace, name: name),
        let held = store.replicaSets[id]
      else { return nil }
      (self.id, replicas, selector) = (id, held.replicas, held.selector)
    default:
      guard ["StatefulSet", "ReplicationController"].contains(kind),
        let table = store.kept[resource.qualifiedPlural],
        let id = table.id(namespace: namespace, name: name), let held = table[id]
      else { return nil }
      self.id = id
      replicas = Int(clamping: held.body["spec"]?["replicas"]?.integer ?? 1)
      selector =
        kind == "StatefulSet"
        ? LabelSelector(written: held.body["spec"]?["selector"])
        : LabelSelector(matchLabels: Labels(written: held.body["spec"]?["selector"]))
    }
  }

  /// Its pods by name.
  func pods(in store: ObjectStore) -> [(id: ObjectID, pod: Pod)] {
    store.pods(matching: selector, in: namespace)
  }
}

extension ObjectStore {
  /// By name; an empty selector matches every pod.
  func pods(
    matching selector: LabelSelector, in namespace: String
  ) -> [(id: ObjectID, pod: Pod)] {
    pods(inNamespace: namespace).compactMap { id in
      guard let pod = pods[id], selector.matches(pod.metadata.labels) else { return nil }
      return (id, pod)
    }.sorted { $0.pod.metadata.name < $1.pod.metadata.name }
  }
}

extension LabelSelector {
  /// As it stands in the body of a kept object.
  init(written: Value?) {
    self.init(matchLabels: Labels(written: written?["matchLabels"]))
    matchExpressions = (written?["matchExpressions"]?.array ?? []).compactMap { entry in
      guard let key = entry["key"]?.string, let text = entry["operator"]?.string,
        let found = Operator(rawValue: text)
      else { return nil }
      return Requirement(
        key: key, operator: found, values: (entry["values"]?.array ?? []).compactMap(\.string))
    }
  }
}

extension Labels {
  /// As they stand in the body of a kept object.
  init(written: ClusterModel.Value?) {
    self.init(
      (written?.fields?.all ?? []).compactMap { field in
        field.value.string.map { (field.name, $0) }
      })
  }
}
