import Canvas
import ClusterModel
import Manifests

/// Reads a theme's file: roles to colours, in YAML.
public enum ThemeFile {
  /// Returns the theme, and what could not be used of the file with its place and what to do.
  /// There is no theme when the file is not one at all.
  public static func read(_ text: String, file: String) -> (theme: Theme?, problems: [Diagnostic]) {
    let value = ValueReader.value(of: text)
    if let value, let colors = BaseScheme.colors(in: value) {
      return read(base: colors, name: BaseScheme.name(in: value) ?? file, file: file)
    }
    guard let value, let colors = value["colors"]?.fields else {
      let problem = Diagnostic(
        file: file, message: "this is no theme",
        suggestion: "write 'name:', 'variant: dark' or 'light', and 'colors:' with roles")
      return (nil, [problem])
    }
    var problems: [Diagnostic] = []
    var entries: [ThemeEntry] = []
    for field in colors.all {
      if let entry = entry(field.name, field.value) {
        entries.append(entry)
      } else {
        problems.append(
          Diagnostic(
            file: file, place: place(of: field.name, in: text), severity: .warning,
            message: "\"\(field.name)\" has no colour that can be read",
            suggestion: "write \"#rrggbb\" or {fg: \"#rrggbb\", bg: \"#rrggbb\", bold: true}"))
      }
    }
    var unusable: [ThemeDiagnostic] = []
    let theme = Theme(
      name: value["name"]?.string ?? file,
      variant: value["variant"]?.string == "light" ? .light : .dark, entries: entries,
      diagnostics: &unusable)
    problems += unusable.map { diagnostic in
      Diagnostic(
        file: file, place: place(of: diagnostic.role, in: text), severity: .warning,
        message: diagnostic.message)
    }
    return (theme, problems)
  }

  private static func read(
    base colors: [Int: String], name: String, file: String
  ) -> (theme: Theme?, problems: [Diagnostic]) {
    var unusable: [ThemeDiagnostic] = []
    let theme = Theme(
      name: name, variant: BaseScheme.variant(colors), entries: BaseScheme.entries(colors),
      diagnostics: &unusable)
    let problems = unusable.map {
      Diagnostic(file: file, severity: .warning, message: $0.message)
    }
    return (theme, problems)
  }

  /// The contrast that a theme's text is meant to have; 4.5 where its file says nothing
  /// (WCAG 2.2, 1.4.3).
  public static func contrast(in text: String) -> Double {
    let stated = ValueReader.value(of: text)?["contrast"]
    if case .integer(let ratio) = stated { return Double(ratio) }
    if case .double(let ratio) = stated { return ratio }
    return 4.5
  }

  private static let emphases: [(name: String, emphasis: Emphasis)] = [
    ("bold", .bold), ("dim", .dim), ("underline", .underline), ("reverse", .reverse),
  ]

  /// `"#rrggbb"`, or `{fg, bg, bold, dim, underline, reverse}`; nil for anything else.
  private static func entry(_ role: String, _ value: Value) -> ThemeEntry? {
    if let color = value.string { return ThemeEntry(role: role, foreground: color) }
    guard let fields = value.fields else { return nil }
    var entry = ThemeEntry(
      role: role, foreground: fields["fg"]?.string, background: fields["bg"]?.string)
    for (name, emphasis) in emphases where fields[name]?.bool == true {
      entry.emphasis.insert(emphasis)
    }
    let known = ["fg", "bg"] + emphases.map(\.name)
    return fields.all.allSatisfy { known.contains($0.name) } ? entry : nil
  }

  /// The line on which a role's entry begins.
  private static func place(of role: String, in text: String) -> Place {
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let content = line.drop { $0 == " " || $0 == "\"" }
      if content.hasPrefix(role),
        content.dropFirst(role.count).first.map({ ":\"".contains($0) }) == true
      {
        return Place(line: index + 1, column: line.count - content.count + 1)
      }
    }
    return .start
  }
}
