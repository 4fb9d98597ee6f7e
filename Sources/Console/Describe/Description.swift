import ClusterModel

/// The text of `kubectl describe` while it grows: indented lines whose cells tabs end.
struct Description {
  private var text = ""

  /// One line; every cell but the last is aligned with those above and below.
  mutating func line(_ level: Int, _ cells: String...) {
    line(indent: String(repeating: "  ", count: level), cells)
  }

  mutating func line(indent: String, _ cells: [String]) {
    text += indent + cells.map(TextSafety.lines).joined(separator: "\t") + "\n"
  }

  /// `Name:  value`.
  mutating func field(_ name: String, _ value: String, level: Int = 0) {
    line(level, "\(name):", value)
  }

  /// `Name:  value`, unless the value is missing or empty.
  mutating func optionalField(_ name: String, _ value: String?, level: Int = 0) {
    if let value, !value.isEmpty { line(level, "\(name):", value) }
  }

  /// As it was written, the cells with tabs between them.
  var raw: String { text }

  /// Aligned, with a line end after the last line.
  var aligned: String { TabWriter.description.text(text) }
}

extension Description {
  /// `Labels:  a=b`, one label a line, sorted by key; `<none>` without any.
  ///
  /// - Parameter inner: What each label begins with.
  mutating func labels(
    _ title: String, _ labels: Labels, indent: String = "", inner: String = ""
  ) {
    guard !labels.isEmpty else { return line(indent: indent, ["\(title):", inner + "<none>"]) }
    for (index, pair) in labels.pairs.enumerated() {
      let label = "\(inner)\(pair.key)=\(pair.value)"
      line(indent: indent, [index == 0 ? "\(title):" : "", label])
    }
  }

  /// One annotation a line; long ones and those of several lines go below their key, cut to 138
  /// bytes a line. What `kubectl apply` leaves behind is not shown.
  mutating func annotations(_ title: String, _ annotations: Labels, indent: String = "") {
    let pairs = annotations.pairs.filter {
      $0.key != "kubectl.kubernetes.io/last-applied-configuration"
    }
    guard !pairs.isEmpty else { return line(indent: indent, ["\(title):", "<none>"]) }
    for (index, pair) in pairs.enumerated() {
      let head = index == 0 ? "\(title):" : ""
      let value = pair.value.hasSuffix("\n") ? String(pair.value.dropLast()) : pair.value
      let isLong = value.utf8.count + pair.key.utf8.count + 2 > 140
      guard isLong || value.contains("\n") else {
        line(indent: indent, [head, "\(pair.key): \(value)"])
        continue
      }
      line(indent: indent, [head, "\(pair.key):"])
      for part in value.split(separator: "\n", omittingEmptySubsequences: false) {
        line(indent: indent, ["", "  " + Self.shortened(part)])
      }
    }
  }

  /// At most 138 bytes and `...`; a character is not cut in two.
  private static func shortened(_ line: Substring) -> String {
    guard line.utf8.count > 138 else { return String(line) }
    var end = line.startIndex
    var length = 0
    while end < line.endIndex {
      length += line[end].utf8.count
      if length > 138 { break }
      end = line.index(after: end)
    }
    return line[..<end] + "..."
  }

  /// One toleration a line, by key.
  mutating func tolerations(_ title: String, _ tolerations: [Value], indent: String = "") {
    guard !tolerations.isEmpty else { return line(indent: indent, ["\(title):", "<none>"]) }
    let sorted = tolerations.enumerated().sorted {
      ($0.element.text("key"), $0.offset) < ($1.element.text("key"), $1.offset)
    }
    for (index, entry) in sorted.enumerated() {
      line(indent: indent, [index == 0 ? "\(title):" : "", Self.toleration(entry.element)])
    }
  }

  private static func toleration(_ toleration: Value) -> String {
    var text = toleration.text("key")
    let value = toleration.text("value")
    if !value.isEmpty { text += "=\(value)" }
    if let effect = toleration.optionalText("effect"), !effect.isEmpty { text += ":\(effect)" }
    if toleration.text("operator") == "Exists", value.isEmpty {
      text += text.isEmpty ? "op=Exists" : " op=Exists"
    }
    if let seconds = toleration.number("tolerationSeconds") { text += " for \(seconds)s" }
    return text
  }
}

extension Timestamp {
  /// How `describe` writes a time that is not set.
  static let zeroText = "Mon, 01 Jan 0001 00:00:00 +0000"
}

extension Value {
  /// The time at `path` as `describe` writes it.
  func longTime(_ path: String...) -> String {
    at(path)?.string.flatMap { Timestamp($0) }?.rfc1123 ?? Timestamp.zeroText
  }
}
