import ClusterModel

/// Comparisons within filters (client-go third_party/forked/golang/template).
enum JSONPathComparison {
  static func holds(_ left: Value, _ comparison: String, _ right: Value) throws(JSONPathProblem)
    -> Bool
  {
    switch comparison {
    case "==": return try isEqual(left, right)
    case "!=": return try !isEqual(left, right)
    case "<": return try isLess(left, right)
    case ">=": return try !isLess(left, right)
    case "<=": return try isLess(left, right) ? true : isEqual(left, right)
    case ">": return try isLess(left, right) ? false : !isEqual(left, right)
    default: throw JSONPathProblem("unrecognized filter operator \(comparison)")
    }
  }

  private static func isEqual(_ left: Value, _ right: Value) throws(JSONPathProblem) -> Bool {
    try check(left, right)
    return left == right
  }

  private static func isLess(_ left: Value, _ right: Value) throws(JSONPathProblem) -> Bool {
    try check(left, right)
    switch (left, right) {
    case (.integer(let a), .integer(let b)): return a < b
    case (.double(let a), .double(let b)): return a < b
    // By bytes, as Go orders strings.
    case (.string(let a), .string(let b)): return a.utf8.lexicographicallyPrecedes(b.utf8)
    default: throw JSONPathProblem("invalid type for comparison")
    }
  }

  private static func check(_ left: Value, _ right: Value) throws(JSONPathProblem) {
    switch (left, right) {
    case (.integer, .integer), (.double, .double), (.string, .string), (.bool, .bool): return
    case (.null, _), (_, .null), (.array, _), (_, .array), (.object, _), (_, .object):
      throw JSONPathProblem("invalid type for comparison")
    default: throw JSONPathProblem("incompatible types for comparison")
    }
  }
}
