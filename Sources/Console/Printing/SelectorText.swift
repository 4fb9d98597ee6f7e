import ClusterModel

/// Label selectors as kubectl prints them (apimachinery pkg/apis/meta/v1 FormatLabelSelector).
enum SelectorText {
  /// `a=b,c in (d,e),!f`, by key; `<none>` when empty or missing.
  static func of(_ selector: LabelSelector?) -> String {
    guard let selector, !selector.isEmpty else { return "<none>" }
    let labels = selector.matchLabels.pairs.map { ($0.key, "\($0.key)=\($0.value)") }
    let expressions = selector.matchExpressions.map { ($0.key, text($0)) }
    let terms = (labels + expressions).enumerated()
    return terms.sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }
      .map(\.element.1).joined(separator: ",")
  }

  static func of(_ value: Value?) -> String { of(value.map(selector)) }

  private static func text(_ requirement: LabelSelector.Requirement) -> String {
    let values = requirement.values.sorted().joined(separator: ",")
    return switch requirement.operator {
    case .in: "\(requirement.key) in (\(values))"
    case .notIn: "\(requirement.key) notin (\(values))"
    case .exists: requirement.key
    case .doesNotExist: "!\(requirement.key)"
    case .greaterThan: "\(requirement.key)>\(values)"
    case .lessThan: "\(requirement.key)<\(values)"
    }
  }

  /// The selector that `value` spells; requirements with unknown operators are left out.
  static func selector(_ value: Value) -> LabelSelector {
    LabelSelector(
      matchLabels: value.labels("matchLabels"),
      matchExpressions: value.items("matchExpressions").compactMap { item in
        LabelSelector.Operator(rawValue: item.text("operator")).map {
          LabelSelector.Requirement(
            key: item.text("key"), operator: $0, values: item.texts("values"))
        }
      })
  }
}
