import ClusterModel

/// What the API server refuses in the kinds that make pods (pkg/apis/apps/validation,
/// pkg/apis/batch/validation).
enum WorkloadValidation {
  private static let mismatch = "`selector` does not match template `labels`"

  static func deployment(_ spec: Field) {
    spec["replicas"].notNegative()
    replicasTemplate(spec, of: "deployment")
    strategy(spec["strategy"])
    spec["minReadySeconds"].notNegative()
    spec["revisionHistoryLimit"].notNegative()
    let deadline = spec["progressDeadlineSeconds"]
    deadline.notNegative()
    let seconds = deadline.integer ?? 600
    if seconds <= spec["minReadySeconds"].integer ?? 0 {
      deadline.invalid("must be greater than minReadySeconds", .integer(seconds))
    }
  }

  static func replicaSet(_ spec: Field) {
    spec["replicas"].notNegative()
    spec["minReadySeconds"].notNegative()
    replicasTemplate(spec, of: "deployment")
  }

  private static func replicasTemplate(_ spec: Field, of kind: String) {
    selector(spec["selector"], of: kind)
    let template = spec["template"]
    if !spec["selector"].isEmptySelector {
      let labels = template["metadata"]["labels"]
      if !spec["selector"].matches(labels: labels) { labels.invalid(mismatch) }
    }
    podTemplate(template)
    alwaysRestarts(template, "ReplicaSet")
  }

  private static func selector(_ selector: Field, of kind: String) {
    guard selector.isPresent else { return selector.required() }
    selector.labelSelector()
    if selector.isEmptySelector {
      selector.invalid("empty selector is invalid for \(kind)")
    }
  }

  private static func alwaysRestarts(_ template: Field, _ kind: String) {
    let policy = template["spec"]["restartPolicy"]
    if !policy.text.isEmpty, policy.text != "Always" { policy.unsupported(["Always"]) }
    let deadline = template["spec"]["activeDeadlineSeconds"]
    if deadline.isPresent {
      deadline.forbidden("activeDeadlineSeconds in \(kind) is not Supported")
    }
  }

  static func podTemplate(_ template: Field, claims: [String] = []) {
    let metadata = template["metadata"]
    metadata["labels"].at(template.path["labels"]).labels()
    metadata["annotations"].at(template.path["annotations"]).annotations()
    PodSpecValidation.check(template["spec"], claims: claims)
  }

  private static func strategy(_ strategy: Field) {
    let rolling = strategy["rollingUpdate"]
    switch strategy["type"].text {
    case "", "RollingUpdate":
      // Absent values are 25 %.
      let unavailable = rolling["maxUnavailable"]
      unavailable.countOrPercent()
      rolling["maxSurge"].countOrPercent()
      if isZero(unavailable), isZero(rolling["maxSurge"]) {
        unavailable.invalid("may not be 0 when `maxSurge` is 0")
      }
      unavailable.notMoreThanAll()
    case "Recreate":
      if rolling.isPresent {
        rolling.forbidden("may not be specified when strategy `type` is 'Recreate'")
      }
    case let type:
      let shown: Value = ["RollingUpdate": .null, "Type": .string(type)]
      strategy.add(
        "Unsupported value: {\"Type\":\(type.quoted),\"RollingUpdate\":"
          + "\(rolling.isPresent ? JSONWriter.compactText(rolling.value ?? shown) : "null")}: "
          + "supported values: \"Recreate\", \"RollingUpdate\"")
    }
  }

  private static func isZero(_ field: Field) -> Bool {
    switch field.value {
    case .integer(let number): number == 0
    case .string: (field.percent ?? 0) == 0
    default: false
    }
  }

  static func daemonSet(_ spec: Field) {
    let selector = spec["selector"]
    selector.labelSelector()
    let labels = spec["template"]["metadata"]["labels"]
    if !selector.isEmptySelector, !selector.matches(labels: labels) { labels.invalid(mismatch) }
    if selector.isEmptySelector { selector.invalid("empty selector is invalid for daemonset") }
    podTemplate(spec["template"])
    alwaysRestarts(spec["template"], "DaemonSet")
    spec["minReadySeconds"].notNegative()
    let strategy = spec["updateStrategy"]
    switch strategy["type"].text {
    case "", "RollingUpdate":
      let rolling = strategy["rollingUpdate"]
      rolling["maxUnavailable"].countOrPercent()
      rolling["maxUnavailable"].notMoreThanAll()
      rolling["maxSurge"].countOrPercent()
      rolling["maxSurge"].notMoreThanAll()
      let (unavailable, surge) = (rolling["maxUnavailable"], rolling["maxSurge"])
      if unavailable.isPresent, isZero(unavailable), !surge.isPresent || isZero(surge) {
        unavailable.required("cannot be 0 when maxSurge is 0")
      }
    case "OnDelete": break
    default: strategy["type"].unsupported(["RollingUpdate", "OnDelete"])
    }
    spec["revisionHistoryLimit"].notNegative()
  }

  /// pkg/apis/core/validation ValidateReplicationControllerSpec; what selects nothing is defaulted.
  static func replicationController(_ spec: Field) {
    spec["minReadySeconds"].notNegative()
    spec["replicas"].notNegative()
    let template = spec["template"]
    guard template.isPresent else { return template.required() }
    let labels = template["metadata"]["labels"]
    let isMatching = spec["selector"].entries.allSatisfy { entry in
      labels[entry.key].text == entry.field.text
    }
    if !isMatching { labels.invalid(mismatch) }
    podTemplate(template)
    alwaysRestarts(template, "ReplicationController")
  }

  static func statefulSet(_ spec: Field) {
    let policy = spec["podManagementPolicy"]
    if !["", "OrderedReady", "Parallel"].contains(policy.text) {
      policy.invalid("must be 'OrderedReady' or 'Parallel'")
    }
    let strategy = spec["updateStrategy"]
    switch strategy["type"].text {
    case "", "RollingUpdate":
      strategy["rollingUpdate"]["partition"].notNegative()
      strategy["rollingUpdate"]["maxUnavailable"].countOrPercent()
    case "OnDelete":
      if strategy["rollingUpdate"].isPresent {
        strategy["rollingUpdate"].invalid("only allowed for updateStrategy 'RollingUpdate'")
      }
    default:
      strategy.invalid("must be 'RollingUpdate' or 'OnDelete'")
    }
    spec["replicas"].notNegative()
    spec["minReadySeconds"].notNegative()
    selector(spec["selector"], of: "statefulset")
    let template = spec["template"]
    let labels = template["metadata"]["labels"]
    if !spec["selector"].isEmptySelector, !spec["selector"].matches(labels: labels) {
      labels.invalid(mismatch)
    }
    podTemplate(
      template, claims: spec["volumeClaimTemplates"].items.map { $0["metadata"]["name"].text })
    alwaysRestarts(template, "StatefulSet")
    spec["revisionHistoryLimit"].notNegative()
  }

  static func job(_ spec: Field) {
    for name in [
      "parallelism", "completions", "activeDeadlineSeconds", "backoffLimit",
      "ttlSecondsAfterFinished",
    ] {
      spec[name].notNegative()
    }
    let mode = spec["completionMode"]
    mode.choice(["Indexed", "NonIndexed"])
    if mode.text == "Indexed", !spec["completions"].isPresent {
      spec["completions"].required("when completion mode is Indexed")
    }
    let template = spec["template"]
    podTemplate(template)
    let policy = template["spec"]["restartPolicy"]
    if policy.text.isEmpty || policy.text == "Always" {
      policy.required("valid values: \"OnFailure\", \"Never\"")
    } else if !["OnFailure", "Never"].contains(policy.text) {
      policy.unsupported(["OnFailure", "Never"])
    }
  }

  static func cronJob(_ object: Field) {
    let spec = object["spec"]
    let schedule = spec["schedule"]
    if schedule.text.isEmpty {
      schedule.required()
    } else {
      let parts = schedule.text.split(separator: " ").map(String.init)
      if parts.count != 5, !schedule.text.hasPrefix("@") {
        schedule.invalid(
          "expected exactly 5 fields, found \(parts.count): [\(parts.joined(separator: " "))]")
      }
    }
    spec["startingDeadlineSeconds"].notNegative()
    spec["concurrencyPolicy"].choice(["Allow", "Forbid", "Replace"])
    spec["successfulJobsHistoryLimit"].notNegative()
    spec["failedJobsHistoryLimit"].notNegative()
    job(spec["jobTemplate"]["spec"])
    let name = object["metadata"]["name"]
    if name.text.utf8.count > 52 { name.invalid("must be no more than 52 characters") }
  }
}
