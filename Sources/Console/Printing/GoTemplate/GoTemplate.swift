import ClusterModel

/// `-o go-template`: the part of Go's text/template that kubectl's users write.
///
/// Fields, variables, pipes, `range`, `if`, `with`, and the functions for comparing, indexing and
/// printing; no templates inside templates.
struct GoTemplate {
  indirect enum Node: Hashable {
    case text(String)
    case print(Pipeline)
    case assign(String, Pipeline)
    case condition(Pipeline, then: [Node], otherwise: [Node])
    case with(Pipeline, then: [Node], otherwise: [Node])
    case range(index: String?, element: String?, Pipeline, body: [Node], otherwise: [Node])
  }

  /// Commands, each of which gets what the one before gave as its last argument.
  struct Pipeline: Hashable {
    var commands: [[Term]]
  }

  indirect enum Term: Hashable {
    /// `.a.b` of the dot, or of a variable.
    case field(variable: String?, [String])
    case literal(Value)
    case function(String)
    case group(Pipeline, [String])
  }

  let nodes: [Node]

  init(_ text: String) throws(CommandFailure) {
    var parser = GoTemplateParser(text)
    nodes = try parser.template()
  }

  func text(of value: Value) throws(CommandFailure) -> String {
    var evaluator = GoTemplateEvaluator(root: value)
    try evaluator.run(nodes, dot: value)
    return evaluator.output
  }

  static func failure(_ message: String) -> CommandFailure {
    CommandFailure("error: error parsing template: \(message.printable)")
  }
}
