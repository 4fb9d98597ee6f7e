/// How strongly text is set, apart from its colour.
public struct Emphasis: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let bold = Emphasis(rawValue: 1)
  public static let dim = Emphasis(rawValue: 2)
  public static let underline = Emphasis(rawValue: 4)
  public static let reverse = Emphasis(rawValue: 8)
}

/// The role of some text, the role of what it stands on, and its emphasis.
public struct Style: Hashable, Sendable {
  public var role: Role
  /// The role whose background lies under the text; `.text` means that `role` brings its own.
  public var ground: Role
  public var emphasis: Emphasis

  public init(_ role: Role, on ground: Role = .text, _ emphasis: Emphasis = []) {
    self.role = role
    self.ground = ground
    self.emphasis = emphasis
  }

  /// The same style with `emphasis` added.
  public func with(_ emphasis: Emphasis) -> Style {
    Style(role, on: ground, self.emphasis.union(emphasis))
  }

  /// The same style on the background of `ground`.
  public func on(_ ground: Role) -> Style { Style(role, on: ground, emphasis) }

  public static let text = Style(.text)
  public static let dim = Style(.dim)
  public static let title = Style(.title, .bold)
  public static let border = Style(.border)
}

extension Style {
  /// Role, ground and emphasis in the low 24 bits.
  public var bits: UInt32 {
    UInt32(role.rawValue) | UInt32(ground.rawValue) << 8 | UInt32(emphasis.rawValue) << 16
  }

  /// The style that `bits` came from; roles that do not exist become `.text`.
  public init(bits: UInt32) {
    self.init(
      Role(rawValue: UInt8(truncatingIfNeeded: bits)) ?? .text,
      on: Role(rawValue: UInt8(truncatingIfNeeded: bits >> 8)) ?? .text,
      Emphasis(rawValue: UInt8(truncatingIfNeeded: bits >> 16)))
  }
}
