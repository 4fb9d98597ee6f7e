import Canvas

extension Key {
  /// The key that `name` stands for, as in the table of keys: `j`, `enter`, `ctrl-d`, `F1`.
  public init?(name: String) {
    if let key = Key.named.first(where: { $0.name == name }) {
      self = key
      return
    }
    let scalars = Array(name.unicodeScalars)
    if scalars.count == 1, let scalar = scalars.first, scalar.value >= 32, scalar.value != 127 {
      self = .character(scalar)
    } else if let scalar = Key.modified(name, "ctrl-") {
      self = .ctrl(scalar)
    } else if let scalar = Key.modified(name, "alt-") {
      self = .alt(scalar)
    } else if name.first == "F", let number = Int(name.dropFirst()), (1...24).contains(number) {
      self = .function(number)
    } else {
      return nil
    }
  }

  /// Names that keys have, to find the one that was meant.
  static let names: [String] =
    named.map(\.name) + (1...12).map { "F\($0)" }
    + (97...122).compactMap { Unicode.Scalar($0).map { "ctrl-\(Character($0))" } }
    + (97...122).compactMap { Unicode.Scalar($0).map { "alt-\(Character($0))" } }

  private static let named: [Key] = [
    .character(" "), .up, .down, .left, .right, .home, .end, .pageUp, .pageDown, .enter, .escape,
    .tab, .backTab, .backspace, .delete, .insert,
  ]

  private static func modified(_ name: String, _ prefix: String) -> Unicode.Scalar? {
    guard name.hasPrefix(prefix) else { return nil }
    let rest = Array(name.unicodeScalars.dropFirst(prefix.unicodeScalars.count))
    guard rest.count == 1, let scalar = rest.first, scalar.isASCII, scalar.value > 32 else {
      return nil
    }
    return scalar
  }
}
