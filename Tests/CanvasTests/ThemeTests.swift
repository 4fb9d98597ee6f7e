import Testing

@testable import Canvas

@Suite struct ThemeTests {
  @Test(
    arguments: [
      (0xFFFFFF, 0x000000, 21.0), (0xFFFFFF, 0xFFFFFF, 1.0), (0x777777, 0xFFFFFF, 4.48),
      (0x0000EE, 0x000000, 2.23), (0xE69F00, 0x000000, 9.3), (0x0072B2, 0xFFFFFF, 5.19),
    ] as [(UInt32, UInt32, Double)])
  func `contrast is that of WCAG`(one: UInt32, other: UInt32, expected: Double) {
    let ratio = contrastRatio(RGB(one), RGB(other))
    #expect(abs(ratio - expected) < 0.05)
    #expect(contrastRatio(RGB(other), RGB(one)) == ratio)
  }

  @Test(
    arguments: [
      (0xE69F00, 178), (0x56B4E9, 74), (0x009E73, 35), (0xD55E00, 166), (0xCC79A7, 175),
      (0x999999, 246), (0x000000, 16), (0xFFFFFF, 231), (0x1C1C1C, 234), (0x005F87, 24),
    ] as [(UInt32, Int)])
  func `a colour becomes the nearest of the 256`(hex: UInt32, index: Int) {
    #expect(RGB(hex).xtermIndex == index)
  }

  @Test(
    arguments: [
      (0xFF5555, 9, 1), (0x50FA7B, 10, 2), (0x111111, 0, 0), (0xEEEEEE, 15, 7), (0x8B95A7, 7, 7),
      (0x7CC7FF, 14, 6), (0x00008B, 4, 4),
    ] as [(UInt32, Int, Int)])
  func `with few colours the hue is kept`(hex: UInt32, sixteen: Int, eight: Int) {
    #expect(RGB(hex).terminalIndex(.sixteen) == sixteen)
    #expect(RGB(hex).terminalIndex(.eight) == eight)
    #expect(RGB(hex).terminalIndex(.none) == nil)
  }

  @Test(arguments: ["#12", "", "#12345g", "#1234567", "red", "#+12345", "１２３"])
  func `what is no colour is refused`(text: String) {
    #expect(RGB(hexText: text) == nil)
  }

  @Test func `colours are read with and without the sign, long and short`() {
    #expect(RGB(hexText: "#a1B2c3") == RGB(0xA1B2C3))
    #expect(RGB(hexText: "fff") == RGB(0xFFFFFF))
  }

  @Test(arguments: [Theme.Variant.dark, .light])
  func `every text of a generated theme can be read, on its own and on a selection`(
    variant: Theme.Variant
  ) throws {
    let theme = Theme.generated(variant)
    for role in Role.allCases where role != .border && role != .gaugeEmpty {
      #expect(try #require(theme.contrast(of: role)) >= 4.5, "\(role)")
      for ground in [Role.selection, .highlight, .searchMatch] {
        let look = theme.appearance(of: Style(role, on: ground))
        let front = try #require(look.foreground.rgb)
        let back = try #require(look.background.rgb)
        #expect(look.background == theme[ground].background)
        #expect(contrastRatio(front, back) >= 4.5, "\(role) on \(ground)")
      }
    }
  }

  @Test func `entries are taken over, and what cannot be used is reported with a suggestion`() {
    var problems: [ThemeDiagnostic] = []
    let theme = Theme(
      name: "x", variant: .dark,
      entries: [
        ThemeEntry(role: "default", foreground: "#ffffff", background: "default"),
        ThemeEntry(role: "healthy", foreground: "#00ff00", emphasis: .bold),
        ThemeEntry(role: "helthy", foreground: "#00ff00"),
        ThemeEntry(role: "error", foreground: "reddish"),
        ThemeEntry(role: "zzzzzzzzzzzz"),
      ], diagnostics: &problems)
    #expect(
      theme[.healthy]
        == Appearance(.rgb(RGB(0x00FF00)), on: .terminal, .bold))
    #expect(
      problems.map(\.message) == [
        "there is no role \"helthy\"; did you mean \"healthy\"?",
        "\"reddish\" is no colour; write \"#rrggbb\" or \"default\"",
        "there is no role \"zzzzzzzzzzzz\"",
      ])
  }

  @Test func `without colours a selection and a failure still differ from text`() {
    let theme = Theme.monochrome
    #expect(theme.isMonochrome)
    #expect(Role.allCases.allSatisfy { theme[$0].foreground == .terminal })
    #expect(theme.appearance(of: Style(.healthy, on: .selection)).emphasis.contains(.reverse))
    #expect(theme[.failing] != theme[.text])
  }
}
