import ClusterModel
import SimulationCore

/// Autoscalers, disruption budgets and CronJobs: their defaults, and schedules that mean nothing.
extension APIServer {
  /// True for the kinds that are admitted here.
  func admitPolicy(_ object: inout KeptObject, replacing old: KeptObject?) throws(APIError) -> Bool
  {
    let admit: (inout Fields, inout KeptObject) -> [String]
    switch (object.resource.group, object.resource.kind) {
    case ("autoscaling", "HorizontalPodAutoscaler"): admit = AutoscalerRules.admit
    case ("policy", "PodDisruptionBudget"): return true
    case ("batch", "CronJob"): admit = CronJobRules.admit
    default: return false
    }
    var spec = object.body["spec"]?.fields ?? Fields()
    let problems = admit(&spec, &object)
    if !problems.isEmpty {
      throw .invalid(
        kind: object.resource.kind, name: object.metadata.name, causes: problems)
    }
    object.body["spec"] = .object(spec)
    return true
  }
}

/// pkg/apis/autoscaling: version 1 becomes version 2, which is what is kept.
private enum AutoscalerRules {
  static func admit(_ spec: inout Fields, _ object: inout KeptObject) -> [String] {
    if let percent = spec["targetCPUUtilizationPercentage"] {
      spec["metrics"] = [cpu(percent)]
      spec["targetCPUUtilizationPercentage"] = nil
    }
    object.resource.version = "v2"
    if spec["minReplicas"] == nil { spec["minReplicas"] = 1 }
    if spec["metrics"]?.array?.isEmpty ?? true { spec["metrics"] = [cpu(80)] }
    if let behavior = spec["behavior"]?.fields {
      var whole = behavior
      whole["scaleUp"] = rules(
        behavior["scaleUp"], window: 0,
        policies: [
          ["periodSeconds": 15, "type": "Pods", "value": 4],
          ["periodSeconds": 15, "type": "Percent", "value": 100],
        ])
      whole["scaleDown"] = rules(
        behavior["scaleDown"], window: nil,
        policies: [["periodSeconds": 15, "type": "Percent", "value": 100]])
      spec["behavior"] = .object(whole)
    }
    return []
  }

  private static func cpu(_ percent: Value) -> Value {
    [
      "resource": [
        "name": "cpu", "target": ["averageUtilization": percent, "type": "Utilization"],
      ],
      "type": "Resource",
    ]
  }

  private static func rules(_ written: Value?, window: Value?, policies: Value) -> Value {
    var rules = written?.fields ?? Fields()
    if rules["policies"]?.array?.isEmpty ?? true { rules["policies"] = policies }
    if rules["selectPolicy"] == nil { rules["selectPolicy"] = "Max" }
    if rules["stabilizationWindowSeconds"] == nil { rules["stabilizationWindowSeconds"] = window }
    return .object(rules)
  }
}

/// pkg/apis/batch/v1/defaults.go; the schedule is read by the library of the controller.
private enum CronJobRules {
  static func admit(_ spec: inout Fields, _ object: inout KeptObject) -> [String] {
    for (name, value) in [
      ("concurrencyPolicy", "Allow"), ("failedJobsHistoryLimit", 1),
      ("successfulJobsHistoryLimit", 3), ("suspend", false),
    ] as [(String, Value)] where spec[name] == nil {
      spec[name] = value
    }
    do throws(CronSchedule.Problem) {
      _ = try CronSchedule(spec["schedule"]?.string ?? "")
      return []
    } catch {
      let shown = spec["schedule"]?.string ?? ""
      return ["spec.schedule: Invalid value: \"\(shown)\": \(error.message)"]
    }
  }
}
