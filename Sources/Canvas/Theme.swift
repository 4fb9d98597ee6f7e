/// How a role looks: its colours and its emphasis.
public struct Appearance: Hashable, Sendable {
  public var foreground: Color
  public var background: Color
  public var emphasis: Emphasis

  public init(
    _ foreground: Color = .terminal, on background: Color = .terminal, _ emphasis: Emphasis = []
  ) {
    self.foreground = foreground
    self.background = background
    self.emphasis = emphasis
  }
}

/// What every role looks like.
public struct Theme: Hashable, Sendable {
  public enum Variant: String, Hashable, Sendable { case dark, light }

  public let name: String
  public let variant: Variant
  /// A monochrome theme leaves all colours to the terminal and works with emphasis alone.
  public let isMonochrome: Bool
  /// By the role's number.
  private let appearances: [Appearance]

  init(name: String, variant: Variant, isMonochrome: Bool, appearances: [Appearance]) {
    self.name = name
    self.variant = variant
    self.isMonochrome = isMonochrome
    self.appearances = appearances
  }

  /// What `role` looks like on its own background.
  public subscript(role: Role) -> Appearance {
    let index = Int(role.rawValue)
    return index < appearances.count ? appearances[index] : Appearance()
  }

  /// What text in `style` looks like.
  ///
  /// On the background of another role the text keeps its colour while it can be read there, and
  /// takes that role's colour otherwise.
  public func appearance(of style: Style) -> Appearance {
    var result = self[style.role]
    result.emphasis.formUnion(style.emphasis)
    guard style.ground != .text, style.ground != style.role else { return result }
    let ground = self[style.ground]
    result.emphasis.formUnion(ground.emphasis)
    result.background = ground.background
    guard case .rgb(let back) = ground.background else { return result }
    if case .rgb(let front) = result.foreground, contrastRatio(front, back) >= 4.5 { return result }
    result.foreground = ground.foreground
    return result
  }

  /// The contrast of a role's text with what lies under it; nil where the terminal decides.
  public func contrast(of role: Role) -> Double? {
    let appearance = self[role]
    guard case .rgb(let front) = appearance.foreground, case .rgb(let back) = appearance.background
    else { return nil }
    return contrastRatio(front, back)
  }
}
