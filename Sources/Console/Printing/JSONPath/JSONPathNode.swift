import ClusterModel

/// A part of a JSONPath template (client-go util/jsonpath/node.go).
indirect enum JSONPathNode: Hashable, Sendable {
  case text(String)
  case field(String)
  case identifier(String)
  case integer(Int64)
  case double(Double)
  case bool(Bool)
  case wildcard
  case recursive
  case slice(Slice)
  case union([[JSONPathNode]])
  case filter(left: [JSONPathNode], right: [JSONPathNode], operator: String)

  /// `[START:END:STEP]`; `[N]` is the slice from N to the derived end N + 1.
  struct Slice: Hashable, Sendable {
    var start: Int?
    var end: Int?
    var isEndDerived = false
    var step: Int?
  }
}

/// Why a template cannot be read or evaluated, in kubectl's words.
struct JSONPathProblem: Error, Hashable {
  var message: String

  init(_ message: String) { self.message = message }
}
