import ClusterModel

/// The rules of a Role as `describe` shows them: one line for each resource, with all its verbs
/// (component-helpers auth/rbac/validation, kubectl pkg/util/rbac).
struct PolicyRules {
  struct Rule: Hashable {
    var group = ""
    var resource = ""
    var names: [String] = []
    var urls: [String] = []
    var verbs: [String] = []

    /// `pods`, `deployments.apps`, `pods/log`, `deployments.apps/scale`.
    var title: String {
      guard !group.isEmpty else { return resource }
      let parts = resource.split(separator: "/", maxSplits: 1).map(String.init)
      let head = "\(parts.first ?? "").\(group)"
      return parts.count == 2 ? "\(head)/\(parts[1])" : head
    }

    /// How Go prints it, by which the rules are sorted.
    fileprivate var text: String {
      let lists = [verbs, group.isEmpty ? [] : [group], [resource], names, urls]
      return lists.map { "[\($0.joined(separator: " "))]" }.joined(separator: ",")
    }
  }

  private let rules: [Value]

  init(_ rules: [Value]) { self.rules = rules }

  var compacted: [Rule] {
    var result: [Rule] = []
    for rule in rules.flatMap(Self.broken) {
      let same = result.firstIndex {
        rule.urls.isEmpty && $0.urls.isEmpty && $0.group == rule.group
          && $0.resource == rule.resource && $0.names == rule.names
      }
      if let same {
        result[same].verbs += rule.verbs.filter { !result[same].verbs.contains($0) }
      } else {
        result.append(rule)
      }
    }
    return result.enumerated()
      .sorted { ($0.element.text, $0.offset) < ($1.element.text, $1.offset) }
      .map(\.element)
  }

  /// One rule for each group, resource and name.
  private static func broken(_ rule: Value) -> [Rule] {
    let verbs = rule.texts("verbs")
    let urls = rule.texts("nonResourceURLs")
    if !urls.isEmpty { return urls.map { Rule(urls: [$0], verbs: verbs) } }
    let groups = rule.texts("apiGroups")
    let names = rule.texts("resourceNames")
    return (groups.isEmpty ? [""] : groups).flatMap { group in
      rule.texts("resources").flatMap { resource in
        names.isEmpty
          ? [Rule(group: group, resource: resource, verbs: verbs)]
          : names.map { Rule(group: group, resource: resource, names: [$0], verbs: verbs) }
      }
    }
  }
}
