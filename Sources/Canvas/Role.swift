/// What a piece of the screen means; a theme says how that looks.
///
/// Views name roles and never colours, so that every theme, a terminal with eight colours and one
/// with none show the same things.
public enum Role: UInt8, CaseIterable, Hashable, Sendable {
  // Text and frames.
  case text, dim, title, header, border, focusBorder, accent, statusBar, overlay
  // What is chosen, linked to the choice, or found.
  case selection, highlight, searchMatch
  // States of pods, endpoints and nodes.
  case healthy, degraded, failing, terminating
  // Messages.
  case notice, warning, error
  // The bar of keys and the command line.
  case hintKey, hintText, hintDisabled, prompt, input
  // The networks.
  case nodeNetwork, podNetwork, serviceNetwork, externalNetwork, traffic
  // Charts.
  case gaugeFill, gaugeEmpty
  case chart1, chart2, chart3, chart4, chart5, chart6, chart7, chart8
}

extension Role {
  /// The name under which theme files know the role.
  public var name: String { Role.names[Int(rawValue)] }

  /// The role that theme files call `name`.
  public init?(name: String) {
    guard let role = Role.byName[name] else { return nil }
    self = role
  }

  /// Asked once: a theme is read in the blink before the first picture.
  private static let names = allCases.map { String(describing: $0) }
  private static let byName = Dictionary(
    uniqueKeysWithValues: zip(names, allCases).map { ($0, $1) })

  /// The letter that stands for the role in golden screens.
  public var letter: Character {
    let index = Int(rawValue)
    return index < Role.letters.count ? Role.letters[index] : "?"
  }

  private static let letters = Array(".dTHbFAS=@&/hgf~nweKkxPINpsEtG-12345678")

  /// The chart colour for the series at `index`, going round after the eighth.
  public static func chart(_ index: Int) -> Role {
    let eighth = ((index % 8) + 8) % 8
    return Role(rawValue: Role.chart1.rawValue + UInt8(eighth)) ?? .chart1
  }
}
