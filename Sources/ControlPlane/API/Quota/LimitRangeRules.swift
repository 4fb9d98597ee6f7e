import ClusterModel

/// What LimitRanges forbid (limitranger/admission.go PodValidateLimitFunc).
struct LimitRangeRules {
  private let items: [Value]

  init(_ items: [Value]) { self.items = items }

  private struct Subject {
    var requests: ResourceAmounts
    var limits: ResourceAmounts
  }

  func problems(with spec: PodSpec) -> [String] {
    items.flatMap { item -> [String] in
      switch item["type"]?.string {
      case "Container":
        (spec.containers + spec.initContainers).flatMap { container in
          problems(
            item,
            Subject(
              requests: ResourceAmounts(container.requests),
              limits: ResourceAmounts(container.limits)))
        }
      case "Pod":
        problems(
          item,
          Subject(
            requests: PodAmounts.total(spec, { $0.requests }),
            limits: PodAmounts.total(spec, { $0.limits })))
      default: []
      }
    }
  }

  func problems(with claim: ResourceAmounts) -> [String] {
    items.filter { $0["type"]?.string == "PersistentVolumeClaim" }.flatMap { item in
      let type = item["type"]?.string ?? ""
      let least = ResourceAmounts(item["min"]?.fields).entries.compactMap {
        below($0, type, claim, ResourceAmounts())
      }
      let most = ResourceAmounts(item["max"]?.fields).entries.compactMap { entry -> String? in
        guard let request = claim[entry.name] else {
          return "maximum \(entry.name) usage per \(type) is \(entry.amount.text).  "
            + "No request is specified"
        }
        guard request.milli > entry.amount.milli else { return nil }
        return "maximum \(entry.name) usage per \(type) is \(entry.amount.text), but request is "
          + request.text
      }
      return least + most
    }
  }

  private func problems(_ item: Value, _ subject: Subject) -> [String] {
    let type = item["type"]?.string ?? ""
    func entries(_ name: String) -> [ResourceAmounts.Entry] {
      ResourceAmounts(item[name]?.fields).entries
    }
    return entries("min").compactMap { below($0, type, subject.requests, subject.limits) }
      + entries("max").compactMap { above($0, type, subject) }
      + entries("maxLimitRequestRatio").compactMap { beyondRatio($0, type, subject) }
  }

  /// minConstraint.
  private func below(
    _ bound: ResourceAmounts.Entry, _ type: String, _ requests: ResourceAmounts,
    _ limits: ResourceAmounts
  ) -> String? {
    let rule = "minimum \(bound.name) usage per \(type) is \(bound.amount.text)"
    guard let request = requests[bound.name] else { return "\(rule).  No request is specified" }
    if request.milli < bound.amount.milli { return "\(rule), but request is \(request.text)" }
    guard let limit = limits[bound.name], limit.milli < bound.amount.milli else { return nil }
    return "\(rule), but limit is \(limit.text)"
  }

  /// maxConstraint.
  private func above(
    _ bound: ResourceAmounts.Entry, _ type: String, _ subject: Subject
  ) -> String? {
    let rule = "maximum \(bound.name) usage per \(type) is \(bound.amount.text)"
    guard let limit = subject.limits[bound.name] else { return "\(rule).  No limit is specified" }
    if limit.milli > bound.amount.milli { return "\(rule), but limit is \(limit.text)" }
    guard let request = subject.requests[bound.name], request.milli > bound.amount.milli
    else { return nil }
    return "\(rule), but request is \(request.text)"
  }

  /// limitRequestRatioConstraint.
  private func beyondRatio(
    _ bound: ResourceAmounts.Entry, _ type: String, _ subject: Subject
  ) -> String? {
    let rule = "\(bound.name) max limit to request ratio per \(type) is \(bound.amount.text)"
    guard let request = subject.requests[bound.name], request.milli > 0 else {
      return "\(rule), but no request is specified or request is 0"
    }
    guard let limit = subject.limits[bound.name], limit.milli > 0 else {
      return "\(rule), but no limit is specified or limit is 0"
    }
    let (product, overflow) = request.milli.multipliedReportingOverflow(by: bound.amount.milli)
    let (wanted, isLarge) = limit.milli.multipliedReportingOverflow(by: 1000)
    guard !overflow, !isLarge, wanted > product else { return nil }
    return "\(rule), but provided ratio is \(Self.ratio(limit.milli, request.milli))"
  }

  /// As Go prints `%f`.
  private static func ratio(_ limit: Int64, _ request: Int64) -> String {
    let millionths = Int64((Double(limit) / Double(request) * 1_000_000).rounded())
    let fraction = String(millionths % 1_000_000)
    return "\(millionths / 1_000_000)." + String(repeating: "0", count: 6 - fraction.count)
      + fraction
  }
}
