import Canvas
import Testing
import Themes

@testable import Dashboard

@Suite struct ThemeFileTests {
  @Test(arguments: BuiltInThemes.all.map(\.name))
  func `a theme that the program carries loads whole and can be read`(name: String) throws {
    let file = try #require(BuiltInThemes.all.first { $0.name == name })
    let (theme, problems) = ThemeFile.read(
      String(decoding: file.bytes, as: UTF8.self), file: name + ".yaml")
    #expect(problems == [])
    let loaded = try #require(theme)
    #expect(loaded.name == name)
    for role in Role.allCases where !role.isLine {
      #expect(loaded.contrast(of: role) ?? 21 >= 4.5, "\(role)")
    }
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
