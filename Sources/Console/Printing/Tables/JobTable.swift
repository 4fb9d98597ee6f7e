import ClusterModel

extension TableMaker {
  func job(_ object: KeptView) -> [String] {
    let containers = object.body.items("spec", "template", "spec", "containers")
    return [
      object.name, Self.status(object), Self.completions(object.body), duration(object.body),
      age(object.metadata), containers.map { $0.text("name") }.joined(separator: ","),
      containers.map { $0.text("image") }.joined(separator: ","),
      SelectorText.of(object.body.value("spec", "selector")),
    ]
  }

  private static func status(_ object: KeptView) -> String {
    let conditions = object.body.items("status", "conditions")
    func holds(_ type: String) -> Bool {
      conditions.contains { $0.text("type") == type && $0.text("status") == "True" }
    }
    if let end = ["Complete", "Failed"].first(where: holds) { return end }
    if object.metadata.isTerminating { return "Terminating" }
    return ["Suspended", "FailureTarget", "SuccessCriteriaMet"].first(where: holds) ?? "Running"
  }

  private static func completions(_ body: Value) -> String {
    let succeeded = body.number("status", "succeeded") ?? 0
    if let wanted = body.number("spec", "completions") { return "\(succeeded)/\(wanted)" }
    let parallelism = body.number("spec", "parallelism") ?? 0
    return parallelism > 1 ? "\(succeeded)/1 of \(parallelism)" : "\(succeeded)/1"
  }

  private func duration(_ body: Value) -> String {
    guard let start = body.time("status", "startTime") else { return "" }
    let end = body.time("status", "completionTime") ?? context.now
    let (seconds, overflow) = end.seconds.subtractingReportingOverflow(start.seconds)
    return overflow ? "<invalid>" : humanDuration(seconds: seconds)
  }
}
