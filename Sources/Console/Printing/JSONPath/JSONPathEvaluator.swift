import ClusterModel

/// Evaluates a JSONPath template on a value (client-go util/jsonpath/jsonpath.go).
struct JSONPathEvaluator {
  private let template: JSONPathParser.Template
  /// Whether a field that is not there is passed over instead of refused.
  private let allowsMissing: Bool
  private var openRanges = 0
  /// Nodes that may still be visited, so that no template on no value runs on for ever.
  private var budget = 10_000_000

  init(_ template: JSONPathParser.Template, allowsMissing: Bool = true) {
    self.template = template
    self.allowsMissing = allowsMissing
  }

  /// What each text and each action found, in order; those within a range once for each element.
  static func results(_ template: JSONPathParser.Template, on value: Value)
    throws(JSONPathProblem) -> [[Value]]
  {
    var evaluator = JSONPathEvaluator(template)
    var results: [[Value]] = []
    _ = try evaluator.run(from: 0, on: value, into: &results)
    return results
  }

  /// - Returns: where the `end` stands that ended the run, or the template's length.
  private mutating func run(from start: Int, on value: Value?, into results: inout [[Value]])
    throws(JSONPathProblem) -> Int
  {
    var index = start
    while index < template.count {
      let nodes = template[index]
      if nodes.contains(.identifier("end")) {
        guard openRanges > 0 else { throw JSONPathProblem("not in range, nothing to end") }
        return index
      }
      let path = nodes.filter { $0 != .identifier("range") }
      let found = try list(path, value.map { [$0] } ?? [])
      if path.count < nodes.count {
        index = try range(over: found, from: index + 1, into: &results) + 1
      } else {
        results.append(found)
        index += 1
      }
    }
    return index
  }

  /// - Returns: where the range ends.
  private mutating func range(
    over elements: [Value], from start: Int, into results: inout [[Value]]
  ) throws(JSONPathProblem) -> Int {
    guard openRanges < JSONPathParser.mostDepth else {
      throw JSONPathProblem("ranges nested too deeply")
    }
    openRanges += 1
    defer { openRanges -= 1 }
    var end = template.count
    for element in elements { end = try run(from: start, on: element, into: &results) }
    if elements.isEmpty {
      // The nodes within are still walked, to find where the range ends.
      var unused: [[Value]] = []
      end = try run(from: start, on: nil, into: &unused)
    }
    return end
  }

  private mutating func list(_ nodes: [JSONPathNode], _ input: [Value]) throws(JSONPathProblem)
    -> [Value]
  {
    var values = input
    for node in nodes {
      budget -= max(1, values.count)
      guard budget > 0 else { throw JSONPathProblem("expression visits too many values") }
      values = try walk(node, values)
    }
    return values
  }

  private mutating func walk(_ node: JSONPathNode, _ input: [Value]) throws(JSONPathProblem)
    -> [Value]
  {
    switch node {
    case .text(let text): return [.string(text)]
    case .integer(let number): return input.map { _ in .integer(number) }
    case .double(let number): return input.map { _ in .double(number) }
    case .bool(let flag): return input.map { _ in .bool(flag) }
    case .field(let name): return try field(name, input)
    case .wildcard: return input.flatMap(Self.children)
    case .recursive: return recursive(input)
    case .slice(let slice): return try self.slice(slice, input)
    case .union(let lists):
      var result: [Value] = []
      for nodes in lists { result += try list(nodes, input) }
      return result
    case .filter(let left, let right, let comparison):
      return try filter(left, right, comparison, input)
    case .identifier(let name):
      throw JSONPathProblem("unrecognized identifier \(name)")
    }
  }

  private func field(_ name: String, _ input: [Value]) throws(JSONPathProblem) -> [Value] {
    let found = input.compactMap { $0[name] }
    if found.isEmpty, !input.isEmpty, !allowsMissing {
      throw JSONPathProblem("\(name) is not found")
    }
    return found
  }

  private static func children(_ value: Value) -> [Value] {
    switch value {
    case .array(let items): items
    case .object(let fields): fields.all.map(\.value)
    case .null, .bool, .integer, .double, .string: []
    }
  }

  /// Every value with something in it, level by level below the first: upstream counts texts in.
  private mutating func recursive(_ input: [Value]) -> [Value] {
    var result: [Value] = []
    for value in input {
      if case .string(let text) = value, !text.isEmpty { result.append(value) }
      let children = Self.children(value)
      guard !children.isEmpty else { continue }
      budget -= children.count
      result.append(value)
      result += recursive(children)
    }
    return result
  }

  private func slice(_ slice: JSONPathNode.Slice, _ input: [Value]) throws(JSONPathProblem)
    -> [Value]
  {
    var result: [Value] = []
    for value in input where value != .null {
      guard case .array(let items) = value else {
        throw JSONPathProblem("\(GoText.typeName(value)) is not array or slice")
      }
      result += try Self.elements(of: items, slice)
    }
    return result
  }

  private static func elements(of items: [Value], _ slice: JSONPathNode.Slice)
    throws(JSONPathProblem) -> [Value]
  {
    let count = items.count
    var start = slice.start ?? 0
    if start < 0 { start = start.addingReportingOverflow(count).partialValue }
    var end = slice.end ?? count
    if end < 0 || (end == 0 && slice.isEndDerived) {
      end = end.addingReportingOverflow(count).partialValue
    }
    // Asking for no elements is fine wherever it is.
    guard start != end else { return [] }
    guard (0..<count).contains(start) else {
      throw JSONPathProblem("array index out of bounds: index \(start), length \(count)")
    }
    guard (0...count).contains(end) else {
      let last = end.subtractingReportingOverflow(1).partialValue
      throw JSONPathProblem("array index out of bounds: index \(last), length \(count)")
    }
    guard start <= end else {
      throw JSONPathProblem("starting index \(start) is greater than ending index \(end)")
    }
    guard let step = slice.step else { return Array(items[start..<end]) }
    guard step > 0 else { throw JSONPathProblem("step must be > 0") }
    return (start..<end).filter { ($0 - start) % step == 0 }.map { items[$0] }
  }

  private mutating func filter(
    _ left: [JSONPathNode], _ right: [JSONPathNode], _ comparison: String, _ input: [Value]
  ) throws(JSONPathProblem) -> [Value] {
    var result: [Value] = []
    for value in input {
      guard case .array(let items) = value else {
        throw JSONPathProblem(
          "\(GoText.plain(value)) is not array or slice and cannot be filtered")
      }
      for item in items where try matches(item, left, right, comparison) { result.append(item) }
    }
    return result
  }

  private mutating func matches(
    _ item: Value, _ left: [JSONPathNode], _ right: [JSONPathNode], _ comparison: String
  ) throws(JSONPathProblem) -> Bool {
    if comparison == "exists" {
      // Upstream looks at what was reached when the evaluation failed, which is never nothing.
      do { return try !list(left, [item]).isEmpty } catch { return true }
    }
    let lefts = try list(left, [item])
    guard let first = lefts.first else { return false }
    guard lefts.count == 1 else { throw JSONPathProblem("can only compare one element at a time") }
    let rights = try list(right, [item])
    guard let second = rights.first else { return false }
    guard rights.count == 1 else {
      throw JSONPathProblem("can only compare one element at a time")
    }
    return try JSONPathComparison.holds(first, comparison, second)
  }
}
