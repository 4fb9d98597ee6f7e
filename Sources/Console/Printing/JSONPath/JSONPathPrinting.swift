import ClusterModel
import Manifests

/// JSONPath for `-o jsonpath`, `--sort-by`, `wait --for` and custom columns.
enum JSONPath {
  /// What `-o jsonpath=TEMPLATE` prints of `value`, without a line end of its own.
  ///
  /// - Parameter asJSON: `-o jsonpath-as-json`: what each action finds is one JSON array.
  static func text(_ template: String, of value: Value, asJSON: Bool = false)
    throws(CommandFailure) -> String
  {
    let parsed = try parse(template)
    let results: [[Value]]
    do {
      results = try JSONPathEvaluator.results(parsed, on: value)
    } catch {
      throw CommandFailure(
        """
        error: error executing jsonpath \(template.goQuoted): Error executing template: \
        \(error.message.lines). Printing more information for debugging the template:
        \ttemplate was:
        \t\t\(template.lines)
        \tobject given to jsonpath engine was:
        \t\t\(GoText.debug(value))


        """)
    }
    return results.map { found in
      asJSON
        ? JSONWriter.text(.array(found))
        : found.map(plainText).joined(separator: " ").lines
    }.joined()
  }

  /// Everything that `path` finds; it may stand without braces and without its first dot.
  static func values(at path: String, in value: Value) throws(CommandFailure) -> [Value] {
    let parsed = try parse(try relaxed(path))
    do {
      return try JSONPathEvaluator.results(parsed, on: value).flatMap { $0 }
    } catch {
      throw CommandFailure("error: \(error.message.lines)")
    }
  }

  /// Objects and arrays as JSON, the rest as it is.
  static func plainText(_ value: Value) -> String {
    switch value {
    case .array, .object: JSONWriter.compactText(value)
    case .null: "null"
    case .bool, .integer, .double, .string: GoText.plain(value)
    }
  }

  static func parse(_ template: String) throws(CommandFailure) -> JSONPathParser.Template {
    do {
      return try JSONPathParser.parse(template)
    } catch {
      throw CommandFailure(
        "error: error parsing jsonpath \(template.lines), \(error.message.lines)")
    }
  }

  /// `{.a.b}` of `a.b`, `.a.b`, `{a.b}` or `{.a.b}` (kubectl pkg/cmd/get/customcolumn.go).
  static func relaxed(_ path: String) throws(CommandFailure) -> String {
    if path.isEmpty { return path }
    var inner = path[...]
    if path.hasPrefix("{"), path.hasSuffix("}"), path.count > 2 {
      inner = inner.dropFirst().dropLast()
    }
    if inner.hasPrefix("."), inner.count > 1 { inner = inner.dropFirst() }
    guard !inner.isEmpty, !inner.contains("{"), !inner.contains("}") else {
      throw CommandFailure(
        "error: unexpected path string, expected a 'name1.name2' or '.name1.name2' or "
          + "'{name1.name2}' or '{.name1.name2}'")
    }
    return "{.\(inner)}"
  }
}

extension String {
  /// With control characters written out; line ends and tabs, which a template asks for, stay.
  var lines: String {
    split(separator: "\t", omittingEmptySubsequences: false)
      .map { TextSafety.lines(String($0)) }.joined(separator: "\t")
  }
}
