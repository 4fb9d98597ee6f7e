extension Theme {
  /// What a role looks like in a theme that says nothing about it.
  ///
  /// The hues are those of Okabe and Ito, which people with any kind of colour vision can tell
  /// apart, made lighter or darker until they can be read on the theme's background.
  static func generated(
    _ role: Role, variant: Variant, base: Appearance, isMonochrome: Bool
  ) -> Appearance {
    let emphasis = role.plainEmphasis
    if isMonochrome {
      return Appearance(.terminal, on: .terminal, emphasis.union(role.monochromeEmphasis))
    }
    let ground = base.background.rgb ?? (variant == .dark ? RGB(0x000000) : RGB(0xFFFFFF))
    let text = base.foreground.rgb ?? (variant == .dark ? RGB(0xE0E0E0) : RGB(0x202020))
    func over(_ share: Double, _ hue: RGB) -> Appearance {
      let back = ground.mixed(with: hue, share)
      return Appearance(.rgb(readable(text, on: back, ratio: 7)), on: .rgb(back), emphasis)
    }
    switch role {
    case .text, .input, .hintText, .title, .header:
      return Appearance(base.foreground, on: base.background, emphasis)
    case .dim, .hintDisabled, .terminating:
      return faded(text, 0.4, on: ground, ratio: 4.5, base, emphasis)
    case .border, .gaugeEmpty: return faded(text, 0.65, on: ground, ratio: 3, base, emphasis)
    case .selection: return over(0.35, RGB(0x0072B2))
    case .highlight: return over(0.2, RGB(0x009E73))
    case .searchMatch: return over(0.35, RGB(0xE69F00))
    case .statusBar: return over(0.08, text)
    case .overlay: return over(0.05, text)
    default:
      return Appearance(
        .rgb(readable(RGB(role.hue), on: ground)), on: base.background, emphasis)
    }
  }

  private static func faded(
    _ text: RGB, _ share: Double, on ground: RGB, ratio: Double, _ base: Appearance,
    _ emphasis: Emphasis
  ) -> Appearance {
    let faded = readable(text.mixed(with: ground, share), on: ground, ratio: ratio)
    return Appearance(.rgb(faded), on: base.background, emphasis)
  }
}

extension Color {
  var rgb: RGB? {
    if case .rgb(let rgb) = self { rgb } else { nil }
  }
}

extension Role {
  /// Emphasis that a role has in every theme that does not say otherwise.
  fileprivate var plainEmphasis: Emphasis {
    switch self {
    case .title, .header, .focusBorder, .failing, .error, .hintKey, .selection, .prompt: .bold
    default: []
    }
  }

  /// What tells a role from its neighbours where there are no colours.
  fileprivate var monochromeEmphasis: Emphasis {
    switch self {
    case .selection, .searchMatch: .reverse
    case .highlight: .underline
    case .dim, .hintDisabled, .terminating, .border, .gaugeEmpty: .dim
    case .degraded, .warning, .accent: .bold
    case .statusBar: .reverse
    default: []
    }
  }

  fileprivate var hue: UInt32 {
    switch self {
    case .healthy, .podNetwork, .chart1: 0x009E73
    case .degraded, .warning, .chart2: 0xE69F00
    case .failing, .error, .chart5: 0xD55E00
    case .notice, .nodeNetwork, .focusBorder, .hintKey, .chart3: 0x56B4E9
    case .serviceNetwork, .chart4: 0xCC79A7
    case .traffic, .prompt, .chart6: 0xF0E442
    case .accent, .gaugeFill, .chart7: 0x0072B2
    default: 0x999999
    }
  }
}
