/// Labels or annotations: keys with values, sorted by key.
public struct Labels: Hashable, Sendable {
  public struct Pair: Hashable, Sendable {
    public var key: String
    public var value: String

    public init(key: String, value: String) {
      self.key = key
      self.value = value
    }
  }

  /// Sorted by `key`, each key once.
  public private(set) var pairs: [Pair]

  public init() { pairs = [] }

  public init(_ pairs: [(String, String)]) {
    self.pairs = []
    for (key, value) in pairs { self[key] = value }
  }

  public var isEmpty: Bool { pairs.isEmpty }
  public var count: Int { pairs.count }

  public subscript(_ key: String) -> String? {
    get {
      // Objects carry a handful of labels: a scan beats a search.
      for pair in pairs where pair.key == key { return pair.value }
      return nil
    }
    set {
      let position = pairs.firstIndex { $0.key >= key } ?? pairs.count
      let isPresent = position < pairs.count && pairs[position].key == key
      switch (newValue, isPresent) {
      case (let value?, true): pairs[position].value = value
      case (let value?, false): pairs.insert(Pair(key: key, value: value), at: position)
      case (nil, true): pairs.remove(at: position)
      case (nil, false): break
      }
    }
  }

  /// `a=b,c=d`, or nothing when empty.
  public var text: String {
    pairs.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
  }

  /// These labels with `other`'s put over them.
  public func merging(_ other: Labels) -> Labels {
    var merged = self
    for pair in other.pairs { merged[pair.key] = pair.value }
    return merged
  }
}

extension Labels: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral pairs: (String, String)...) { self.init(pairs) }
}

/// A label selector of the API: every requirement must hold; an empty one matches everything.
public struct LabelSelector: Hashable, Sendable {
  public enum Operator: String, Hashable, Sendable {
    case `in` = "In"
    case notIn = "NotIn"
    case exists = "Exists"
    case doesNotExist = "DoesNotExist"
    // Node selectors know two more.
    case greaterThan = "Gt"
    case lessThan = "Lt"
  }

  public struct Requirement: Hashable, Sendable {
    public var key: String
    public var `operator`: Operator
    public var values: [String]

    public init(key: String, operator: Operator, values: [String] = []) {
      self.key = key
      self.operator = `operator`
      self.values = values
    }

    public func matches(_ labels: Labels) -> Bool {
      let value = labels[key]
      switch `operator` {
      case .in: return value.map(values.contains) ?? false
      case .notIn: return value.map { !values.contains($0) } ?? true
      case .exists: return value != nil
      case .doesNotExist: return value == nil
      case .greaterThan, .lessThan:
        guard let held = value.flatMap({ Int64($0) }),
          let bound = values.first.flatMap({ Int64($0) })
        else { return false }
        return `operator` == .greaterThan ? held > bound : held < bound
      }
    }
  }

  public var matchLabels: Labels
  public var matchExpressions: [Requirement]

  public init(matchLabels: Labels = Labels(), matchExpressions: [Requirement] = []) {
    self.matchLabels = matchLabels
    self.matchExpressions = matchExpressions
  }

  public var isEmpty: Bool { matchLabels.isEmpty && matchExpressions.isEmpty }

  public func matches(_ labels: Labels) -> Bool {
    for pair in matchLabels.pairs where labels[pair.key] != pair.value { return false }
    return matchExpressions.allSatisfy { $0.matches(labels) }
  }

  /// As kubectl prints a selector: `a=b,c in (d,e),!f`.
  public var text: String {
    let expressions = matchExpressions.map { requirement in
      let values = requirement.values.sorted().joined(separator: ",")
      switch requirement.operator {
      case .in: return "\(requirement.key) in (\(values))"
      case .notIn: return "\(requirement.key) notin (\(values))"
      case .exists: return requirement.key
      case .doesNotExist: return "!\(requirement.key)"
      case .greaterThan: return "\(requirement.key)>\(values)"
      case .lessThan: return "\(requirement.key)<\(values)"
      }
    }
    let labels = matchLabels.pairs.map { "\($0.key)=\($0.value)" }
    return (labels + expressions).joined(separator: ",")
  }
}
