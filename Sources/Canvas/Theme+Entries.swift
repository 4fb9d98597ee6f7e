import Spelling

/// One line of a theme file, as it was written.
public struct ThemeEntry: Hashable, Sendable {
  /// The name of a role, or `default` for text and background.
  public var role: String
  /// `#rrggbb`, `default` for the terminal's own, or nil for the theme's default.
  public var foreground: String?
  public var background: String?
  public var emphasis: Emphasis

  public init(
    role: String, foreground: String? = nil, background: String? = nil, emphasis: Emphasis = []
  ) {
    self.role = role
    self.foreground = foreground
    self.background = background
    self.emphasis = emphasis
  }
}

/// Something in a theme file that could not be used.
public struct ThemeDiagnostic: Hashable, Sendable {
  /// The role as it was written.
  public var role: String
  /// What is wrong and what to do.
  public var message: String
}

extension Theme {
  /// Makes a theme of a file's entries; what they do not say is generated, and what cannot be used
  /// is left out with a message in `diagnostics`.
  public init(
    name: String, variant: Variant, entries: [ThemeEntry],
    diagnostics: inout [ThemeDiagnostic]
  ) {
    var base = Appearance(
      .rgb(variant == .dark ? RGB(0xD8DEE9) : RGB(0x24292F)),
      on: .rgb(variant == .dark ? RGB(0x16191F) : RGB(0xFBFAF7)))
    if let entry = entries.last(where: { $0.role == "default" }) {
      base = entry.appearance(over: base, &diagnostics)
    }
    let isMonochrome = base.foreground == .terminal && base.background == .terminal
    var appearances = Role.allCases.map {
      Theme.generated($0, variant: variant, base: base, isMonochrome: isMonochrome)
    }
    for entry in entries where entry.role != "default" {
      guard let role = Role(name: entry.role) else {
        diagnostics.append(.unknownRole(entry.role))
        continue
      }
      var missing = appearances[Int(role.rawValue)]
      missing.emphasis = []
      appearances[Int(role.rawValue)] = entry.appearance(over: missing, &diagnostics)
    }
    self.init(
      name: name, variant: variant, isMonochrome: isMonochrome, appearances: appearances)
  }

  /// The theme that everything has when nothing else is there.
  public static func generated(_ variant: Variant) -> Theme {
    var unused: [ThemeDiagnostic] = []
    return Theme(name: variant.rawValue, variant: variant, entries: [], diagnostics: &unused)
  }

  /// A theme that leaves colours to the terminal, for those that have none.
  public static let monochrome: Theme = {
    var unused: [ThemeDiagnostic] = []
    let own = ThemeEntry(role: "default", foreground: "default", background: "default")
    return Theme(name: "mono", variant: .dark, entries: [own], diagnostics: &unused)
  }()
}

extension ThemeEntry {
  /// What the entry says, and `missing` for what it does not.
  fileprivate func appearance(
    over missing: Appearance, _ diagnostics: inout [ThemeDiagnostic]
  ) -> Appearance {
    Appearance(
      color(foreground, missing.foreground, &diagnostics),
      on: color(background, missing.background, &diagnostics),
      missing.emphasis.union(emphasis))
  }

  private func color(
    _ text: String?, _ missing: Color, _ diagnostics: inout [ThemeDiagnostic]
  ) -> Color {
    guard let text else { return missing }
    if text == "default" { return .terminal }
    if let rgb = RGB(hexText: text) { return .rgb(rgb) }
    let shown = truncated(text, to: 40)
    diagnostics.append(
      ThemeDiagnostic(
        role: role, message: "\"\(shown)\" is no colour; write \"#rrggbb\" or \"default\""))
    return missing
  }
}

extension ThemeDiagnostic {
  static func unknownRole(_ name: String) -> ThemeDiagnostic {
    let near = NearestName.of(name, in: Role.allCases.map(\.name) + ["default"])
    let hint = near.map { "; did you mean \"\($0)\"?" } ?? ""
    return ThemeDiagnostic(
      role: name, message: "there is no role \"\(truncated(name, to: 40))\"\(hint)")
  }
}
