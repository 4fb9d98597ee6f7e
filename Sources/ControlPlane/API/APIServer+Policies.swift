import ClusterModel
import SimulationCore

/// Autoscalers, disruption budgets and CronJobs: defaults and what is refused.
extension APIServer {
  /// True for the kinds that are admitted here.
  func admitPolicy(_ object: inout KeptObject, replacing old: KeptObject?) throws(APIError) -> Bool
  {
    let admit: (inout Fields, inout KeptObject) -> [String]
    switch (object.resource.group, object.resource.kind) {
    case ("autoscaling", "HorizontalPodAutoscaler"): admit = AutoscalerRules.admit
    case ("policy", "PodDisruptionBudget"): admit = BudgetRules.admit
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
    var problems: [String] = []
    let (least, most) = (spec["minReplicas"]?.integer ?? 1, spec["maxReplicas"]?.integer ?? 0)
    if least < 1 {
      problems.append(
        "spec.minReplicas: Invalid value: \(least): must be greater than or equal to 1")
    }
    if most < 1 {
      problems.append("spec.maxReplicas: Invalid value: \(most): must be greater than 0")
    }
    if most < least {
      problems.append(
        "spec.maxReplicas: Invalid value: \(most): must be greater than or equal to `minReplicas`")
    }
    for name in ["kind", "name"] where spec["scaleTargetRef"]?[name]?.string?.isEmpty ?? true {
      problems.append("spec.scaleTargetRef.\(name): Required value")
    }
    return problems
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

/// pkg/apis/policy/validation.
private enum BudgetRules {
  static func admit(_ spec: inout Fields, _ object: inout KeptObject) -> [String] {
    var problems: [String] = []
    if spec["minAvailable"] != nil, spec["maxUnavailable"] != nil {
      problems.append("spec: Invalid value: minAvailable and maxUnavailable cannot be both set")
    }
    for name in ["minAvailable", "maxUnavailable"] {
      if let number = spec[name]?.integer, number < 0 {
        problems.append(
          "spec.\(name): Invalid value: \(number): must be greater than or equal to 0")
      } else if let text = spec[name]?.string, WorkloadValidation.percentage(text) == nil {
        problems.append(
          "spec.\(name): Invalid value: \"\(text)\": a valid percent string must be a numeric "
            + "string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is "
            + "'[0-9]+%')")
      } else if let text = spec[name]?.string, WorkloadValidation.percentage(text) ?? 0 > 100 {
        problems.append("spec.\(name): Invalid value: \"\(text)\": must not be greater than 100%")
      }
    }
    return problems
  }
}

/// pkg/apis/batch/v1/defaults.go and pkg/apis/batch/validation.
private enum CronJobRules {
  static func admit(_ spec: inout Fields, _ object: inout KeptObject) -> [String] {
    for (name, value) in [
      ("concurrencyPolicy", "Allow"), ("failedJobsHistoryLimit", 1),
      ("successfulJobsHistoryLimit", 3), ("suspend", false),
    ] as [(String, Value)] where spec[name] == nil {
      spec[name] = value
    }
    var problems: [String] = []
    if object.metadata.name.utf8.count > 52 {
      problems.append(
        "metadata.name: Invalid value: \"\(object.metadata.name)\": must be no more than 52 "
          + "characters")
    }
    let schedule = spec["schedule"]?.string ?? ""
    if schedule.isEmpty {
      problems.append("spec.schedule: Required value")
    } else {
      do throws(CronSchedule.Problem) {
        _ = try CronSchedule(schedule)
      } catch {
        problems.append("spec.schedule: Invalid value: \"\(schedule)\": \(error.message)")
      }
    }
    let policy = spec["concurrencyPolicy"]?.string ?? ""
    if !["Allow", "Forbid", "Replace"].contains(policy) {
      problems.append(
        "spec.concurrencyPolicy: Unsupported value: \"\(policy)\": supported values: \"Allow\", "
          + "\"Forbid\", \"Replace\"")
    }
    guard let template = object.template else {
      return problems + ["spec.jobTemplate.spec.template: Required value"]
    }
    let restart = template.spec.value.restartPolicy
    if !["OnFailure", "Never"].contains(restart) {
      problems.append(
        "spec.jobTemplate.spec.template.spec.restartPolicy: Unsupported value: \"\(restart)\": "
          + "supported values: \"OnFailure\", \"Never\"")
    }
    return problems
      + PodValidation.problems(with: template.spec.value, at: "spec.jobTemplate.spec.template.spec")
  }
}
