import ClusterModel
import ControlPlane

extension Describer {
  /// describe.go describeJob.
  mutating func job() {
    nameAndNamespace()
    description.field("Selector", SelectorText.of(value.value("spec", "selector")))
    labelsAndAnnotations()
    controller()
    number("Parallelism", "parallelism")
    description.field(
      "Completions", value.number("spec", "completions").map { "\($0)" } ?? "<unset>")
    description.optionalField("Completion Mode", value.text("spec", "completionMode"))
    description.optionalField("Suspend", value.optionalText("spec", "suspend"))
    number("Backoff Limit", "backoffLimit")
    number("TTL Seconds After Finished", "ttlSecondsAfterFinished")
    let start = value.time("status", "startTime")
    let end = value.time("status", "completionTime")
    if let start { description.field("Start Time", start.rfc1123) }
    if let end { description.field("Completed At", end.rfc1123) }
    if let start, let end {
      description.field("Duration", humanDuration(seconds: end.seconds - start.seconds))
    }
    if let seconds = value.number("spec", "activeDeadlineSeconds") {
      description.field("Active Deadline Seconds", "\(seconds)s")
    }
    let ready = value.number("status", "ready").map { " (\($0) Ready)" } ?? ""
    description.field(
      "Pods Statuses",
      "\(value.number("status", "active") ?? 0) Active\(ready) / "
        + "\(value.number("status", "succeeded") ?? 0) Succeeded / "
        + "\(value.number("status", "failed") ?? 0) Failed")
    if value.text("spec", "completionMode") == "Indexed" {
      let indexes = value.text("status", "completedIndexes")
      description.field("Completed Indexes", Self.capped(indexes, at: 50).orNone)
    }
    podTemplate(value.value("spec", "template"))
    events()
  }

  /// Cut off at the first comma from `limit` on (describe.go capIndexesListOrNone).
  static func capped(_ indexes: String, at limit: Int) -> String {
    guard indexes.utf8.count > limit else { return indexes }
    let start = indexes.utf8.index(indexes.startIndex, offsetBy: limit)
    guard let comma = indexes[start...].firstIndex(of: ",") else { return indexes }
    return indexes[...comma] + "..."
  }

  private mutating func number(_ title: String, _ name: String) {
    if let number = value.number("spec", name) { description.field(title, "\(number)") }
  }

  /// describe.go describeCronJob and describeJobTemplate.
  mutating func cronJob() {
    nameAndNamespace()
    labelsAndAnnotations()
    description.field("Schedule", value.text("spec", "schedule"))
    description.field("Concurrency Policy", value.text("spec", "concurrencyPolicy"))
    description.field("Suspend", Self.truth(value.value("spec", "suspend")))
    for (title, name) in [
      ("Successful Job History Limit", "successfulJobsHistoryLimit"),
      ("Failed Job History Limit", "failedJobsHistoryLimit"),
    ] {
      description.field(title, value.number("spec", name).map { "\($0)" } ?? "<unset>")
    }
    let deadline = value.number("spec", "startingDeadlineSeconds")
    description.field("Starting Deadline Seconds", deadline.map { "\($0)s" } ?? "<unset>")
    let job = value.value("spec", "jobTemplate", "spec") ?? .null
    description.field(
      "Selector", job.value("selector").map { SelectorText.of($0) } ?? "<unset>")
    for (title, name) in [("Parallelism", "parallelism"), ("Completions", "completions")] {
      description.field(title, job.number(name).map { "\($0)" } ?? "<unset>")
    }
    if let seconds = job.number("activeDeadlineSeconds") {
      description.field("Active Deadline Seconds", "\(seconds)s")
    }
    podTemplate(job.value("template"))
    description.field(
      "Last Schedule Time", value.time("status", "lastScheduleTime")?.rfc1123 ?? "<unset>")
    let active = value.items("status", "active").map { $0.text("name") }
    description.field("Active Jobs", active.joined(separator: ", ").orNone)
    events()
  }

  static func truth(_ value: Value?) -> String {
    value?.bool.map { $0 ? "True" : "False" } ?? "<unset>"
  }

  /// describe.go PodDisruptionBudgetDescriber.
  mutating func budget() {
    nameAndNamespace()
    if let least = value.optionalText("spec", "minAvailable") {
      description.field("Min available", least)
    } else if let most = value.optionalText("spec", "maxUnavailable") {
      description.field("Max unavailable", most)
    }
    description.field(
      "Selector", value.value("spec", "selector").map { SelectorText.of($0) } ?? "<unset>")
    description.line(0, "Status:")
    for (title, name) in [
      ("Allowed disruptions", "disruptionsAllowed"), ("Current", "currentHealthy"),
      ("Desired", "desiredHealthy"), ("Total", "expectedPods"),
    ] {
      description.field(title, "\(value.number("status", name) ?? 0)", level: 2)
    }
    events()
  }
}
