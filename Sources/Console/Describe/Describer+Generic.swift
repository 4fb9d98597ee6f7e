import ClusterModel

extension Describer {
  /// Any object field by field, for kinds without a description of their own (describe.go
  /// GenericDescriber).
  mutating func generic() {
    nameAndNamespace()
    labelsAndAnnotations()
    content(value.fields ?? Fields(), level: 0, prefix: "")
    events()
  }

  private static let skipped = [
    ".metadata.managedFields", ".metadata.name", ".metadata.namespace", ".metadata.labels",
    ".metadata.annotations",
  ]

  /// The depth of the recursion is the depth of the object, which readers bound.
  private mutating func content(_ fields: Fields, level: Int, prefix: String) {
    for field in fields.all {
      let path = "\(prefix).\(field.name)"
      if Self.skipped.contains(path) { continue }
      let title = SmartLabel.of(field.name)
      switch field.value {
      case .object(let inner):
        description.line(level, "\(title):")
        content(inner, level: level + 1, prefix: path)
      case .array(let items):
        description.line(level, "\(title):")
        for item in items {
          if case .object(let inner) = item {
            content(inner, level: level + 1, prefix: path)
          } else {
            description.line(level + 1, GoText.plain(item))
          }
        }
      case .null, .bool, .integer, .double, .string:
        description.field(title, GoText.plain(field.value), level: level)
      }
    }
  }
}

/// Field names as titles: `creationTimestamp` becomes `Creation Timestamp`.
enum SmartLabel {
  private static let acronyms = ["API", "URL", "UID", "OSB", "GUID"]

  static func of(_ field: String) -> String {
    // Names with digits, dots or slashes are keys of users, not words.
    guard field.unicodeScalars.allSatisfy({ $0.properties.isAlphabetic || $0 == "-" }) else {
      return field
    }
    return words(of: field).map { word in
      acronyms.contains(word.uppercased()) ? word.uppercased() : capitalized(word)
    }.joined(separator: " ")
  }

  /// `clusterIPs` is `cluster`, `I`, `Ps`: a capital before a small letter begins a word.
  private static func words(of field: String) -> [String] {
    let scalars = Array(field.unicodeScalars)
    var words: [String] = []
    var current: [Unicode.Scalar] = []
    for (index, scalar) in scalars.enumerated() {
      if let last = current.last {
        let isUpper = scalar.properties.isUppercase
        let nextIsLower = index + 1 < scalars.count && scalars[index + 1].properties.isLowercase
        let begins =
          (scalar == "-") != (last == "-") || (isUpper && last.properties.isLowercase)
          || (isUpper && last.properties.isUppercase && nextIsLower)
        if begins {
          words.append(String(current[...]))
          current = []
        }
      }
      current.append(scalar)
    }
    return current.isEmpty ? words : words + [String(current[...])]
  }

  private static func capitalized(_ word: String) -> String {
    word.prefix(1).uppercased() + word.dropFirst()
  }
}
