import ClusterModel

/// Reads a single value, such as a patch or an annotation: JSON or YAML.
public enum ValueReader {
  /// Nil when the text is neither, or more than one value.
  public static func value(of text: String) -> Value? {
    let (documents, problems) = DocumentReader.read(Array(text.utf8))
    return documents.count == 1 && problems.isEmpty ? documents[0].value : nil
  }

  /// What Go's YAML library finds wrong with a text that is no value: `line 1: did not find
  /// expected ',' or '}'`.
  public static func goProblem(with text: String) -> String {
    guard let problem = DocumentReader.read(Array(text.utf8)).1.first else {
      return "mapping values are not allowed in this context"
    }
    let message = problem.message.split(separator: ": ").last.map(String.init) ?? ""
    // What its parser misses it counts from the line before, unlike what its scanner stumbles over.
    let line = problem.place.line - (message.hasPrefix("did not find expected") ? 1 : 0)
    return (line > 0 ? "line \(line): " : "") + message
  }
}
