import ClusterModel

/// Reads a single value, such as a patch or an annotation: JSON or YAML.
public enum ValueReader {
  /// Nil when the text is neither, or more than one value.
  public static func value(of text: String) -> Value? {
    let (documents, problems) = DocumentReader.read(Array(text.utf8))
    return documents.count == 1 && problems.isEmpty ? documents[0].value : nil
  }
}
