import Canvas
import Testing
import Themes

@testable import Dashboard

@Suite struct ThemeFileTests {
  @Test(arguments: BuiltInThemes.all.map(\.name))
  func `a theme that the program carries loads whole and can be read`(name: String) throws {
    let file = try #require(BuiltInThemes.all.first { $0.name == name })
    let text = String(decoding: file.bytes, as: UTF8.self)
    let (theme, problems) = ThemeFile.read(text, file: name + ".yaml")
    #expect(problems == [])
    let loaded = try #require(theme)
    #expect(loaded.name == name)
    let wanted = ThemeFile.contrast(in: text)
    #expect(wanted >= 4.5)
    for role in Role.allCases {
      let least = role.isLine ? (wanted >= 7 ? 4.5 : 3) : wanted
      #expect(loaded.contrast(of: role) ?? 21 >= least, "\(role)")
    }
  }

  @Test func `there are themes for every room and eye`() {
    let texts = BuiltInThemes.all.map { String(decoding: $0.bytes, as: UTF8.self) }
    #expect(texts.count >= 10)
    #expect(texts.count { ThemeFile.contrast(in: $0) >= 7 } >= 3)
    let variants = texts.compactMap { ThemeFile.read($0, file: "x").theme?.variant }
    #expect(variants.contains(.light) && variants.contains(.dark))
  }

  private static let scheme = (0..<16).map { number in
    let digits = String(number, radix: 16).uppercased()
    return "base0\(digits): \"\(digits)\(digits)2244\""
  }

  @Test(arguments: [false, true])
  func `a base16 file loads as it is, in its old and its new layout`(isNew: Bool) throws {
    let colors = Self.scheme.map { (isNew ? "  " : "") + $0 }.joined(separator: "\n")
    let head =
      isNew ? "system: base16\nname: \"Mine\"\nvariant: dark\npalette:" : "scheme: \"Mine\""
    let (theme, problems) = ThemeFile.read("\(head)\n\(colors)\n", file: "mine.yaml")
    #expect(problems == [])
    let loaded = try #require(theme)
    #expect(loaded.name == "Mine" && loaded.variant == .dark)
    #expect(loaded[.text].background == .rgb(RGB(0x002244)))
    #expect(loaded[.text].foreground == .rgb(RGB(0x552244)))
    #expect(loaded[.failing].foreground == .rgb(RGB(0x882244)))
  }

  @Test func `an unknown role is named with its line and the nearest one`() {
    let text = "name: x\nvariant: dark\ncolors:\n  text: \"#ffffff\"\n  selektion: \"#ffffff\"\n"
    let problems = ThemeFile.read(text, file: "x.yaml").problems
    #expect(
      problems.map(\.description) == [
        "x.yaml:5:3: warning: there is no role \"selektion\"; did you mean \"selection\"?"
      ])
  }

  @Test(arguments: ["", "colors", "name: [", "colors: 3", "a: &a [*a]", "\u{0}"])
  func `what is no theme is refused in words`(text: String) {
    let (theme, problems) = ThemeFile.read(text, file: "x.yaml")
    #expect(theme == nil)
    #expect(problems.count == 1)
  }

  @Test(arguments: ["5", "[red]", "{fg: \"#fff\", blink: true}"])
  func `a colour that cannot be read is left out with its line`(value: String) {
    let problems = ThemeFile.read("colors:\n  text: \(value)\n", file: "x.yaml").problems
    #expect(problems.map(\.line) == [2])
  }
}

extension Role {
  /// Lines need less contrast than text.
  fileprivate var isLine: Bool { self == .border || self == .gaugeEmpty }
}
