import Canvas
import Testing

@testable import Dashboard

@Suite struct SettingsTests {
  private let themes = ["dark", "light", "projector-dark"]

  private func read(_ text: String) throws -> Settings {
    let (settings, problems) = Settings.read(Array(text.utf8), file: "config.yaml", themes: themes)
    #expect(problems.map(\.description) == [])
    return try #require(settings)
  }

  private func problems(_ text: String) -> [String] {
    Settings.read(Array(text.utf8), file: "config.yaml", themes: themes)
      .problems.map(\.description)
  }

  @Test func `everything that can be set is`() throws {
    let settings = try read(
      """
      theme: projector-dark
      color: 16
      ascii: true
      animation: false
      mouse: false
      charts: braille
      wide: true
      system: true
      tour: false
      """)
    var expected = Settings()
    (expected.theme, expected.color, expected.isASCII) = ("projector-dark", .sixteen, true)
    (expected.isAnimated, expected.usesMouse, expected.charts) = (false, false, .braille)
    (expected.isWide, expected.showsSystem, expected.hasTour) = (true, true, false)
    #expect(settings == expected)
    var state = DashboardState()
    state.adopt(settings)
    var begun = DashboardState()
    (begun.isAnimated, begun.usesMouse, begun.chartStyle) = (false, false, .braille)
    (begun.isWide, begun.showsSystem) = (true, true)
    #expect(state == begun)
  }

  @Test(arguments: ["", "\n", "# nothing\n  # at all\n"])
  func `a file that says nothing sets nothing`(text: String) throws {
    #expect(try read(text) == Settings())
  }

  @Test func `a row gets the keys of the file and takes them from others`() throws {
    let keymap = try read(
      "keys:\n  panels:\n    scale: [S, d]\n    pause: p\n    edit: []\n    nodes: 6\n"
    ).keymap
    func keys(_ name: String) -> [Key]? { keymap.binding(named: name, in: .panels)?.keys }
    #expect(keys("scale") == ["S", "d"])
    #expect(keys("describe") == [])
    #expect(keys("pause") == ["p"])
    #expect(keys("edit") == [])
    #expect(keys("nodes") == ["6"])
    #expect(keymap.binding(for: "d", in: .panels)?.name == "scale")
    #expect(keymap.binding(for: "s", in: .panels) == nil)
    #expect(keymap.binding(for: "p", in: .trace)?.name == "predict")
  }

  @Test func `a key of everywhere is taken from all`() throws {
    let keymap = try read("keys: {everywhere: {quit: [ctrl-c, ctrl-q, f]}}").keymap
    #expect(keymap.binding(for: .ctrl("q"), in: .prompt)?.action == .quitAtOnce)
    #expect(keymap.binding(named: "failures", in: .requests)?.keys == ["!"])
  }

  @Test func `keys, hints, help and sentences follow the file`() throws {
    var state = Fixture.state(120, 60)
    state.adopt(try read("keys: {panels: {scale: F2, quit: Q, help: f, pause: [P, space]}}"))
    var scene = Scene(state: state, snapshot: Fixture.snapshot)
    let hints = HintSpot.all(scene, in: Rect(x: 0, y: 0, width: 120, height: 1))
    #expect(hints.first { $0.binding.name == "scale" }?.binding.keys.first?.name == "F2")
    _ = reduce(&state, .key("s"), Fixture.snapshot)
    #expect(state.overlay == nil)
    _ = reduce(&state, .key(.function(2)), Fixture.snapshot)
    guard case .scale = state.overlay else { return #expect(Bool(false), "no dialog") }
    state.overlay = nil
    _ = reduce(&state, .key(.escape), Fixture.snapshot)
    #expect(state.message?.text == "Q quits")
    _ = reduce(&state, .key("f"), Fixture.snapshot)
    scene.state = state
    let help = view(state, Fixture.snapshot).plainText
    #expect(help.contains("F2                scale its Deployment"))
    #expect(help.contains("P space           let time stand still"))
  }

  @Test(arguments: [
    ("them: dark", "1:1: there is no setting \"them\"; did you mean \"theme\"?"),
    ("\ntheme: drak", "2:8: there is no theme \"drak\"; did you mean \"dark\"?"),
    ("animation: often", "1:12: animation is neither true nor false; write 'animation: true'"),
    (
      "keys:\n  panel:\n    scale: s",
      "2:3: there is no part of the program \"panel\"; did you mean \"panels\"?"
    ),
    (
      "keys:\n  panels:\n    scael: s",
      "3:5: there is no row of panels \"scael\"; did you mean \"scale\"?"
    ),
    (
      "keys:\n  panels:\n    scale: ctrl-ee",
      "3:12: there is no key \"ctrl-ee\"; did you mean \"ctrl-e\"?"
    ),
    (
      "keys:\n  panels:\n    describe: X\n    scale: [S, X]",
      "4:16: X is already describe in panels; give one of them another key"
    ),
    (
      "keys: {prompt: {accept: x}}",
      "1:25: \"x\" is typed here and cannot mean anything else; take a key such as ctrl-x or F2"
    ),
    ("keys: {panels: {scale: ctrl-i}}", "1:24: terminals send ctrl-i as tab; write 'tab'"),
    (
      "keys: {reading: {down: [esc, q, '?']}}",
      "1:7: no key is left for back in reading; write 'back:' with a key under 'reading:'"
    ),
    (
      "keys: {everywhere: {quit: []}}",
      "1:7: no key is left for quit in everywhere; write 'quit:' with a key under 'everywhere:'"
    ),
    ("- theme", "1:1: these are no settings; write 'theme: dark', 'keys:' and so on"),
  ])
  func `a mistake has its place and what was meant`(text: String, problem: String) {
    #expect(problems(text) == ["config.yaml:" + problem])
  }

  @Test func `all mistakes are told at once`() {
    #expect(problems("thema: dark\nkeys: {panels: {scael: s, why: [F99, w]}}").count == 3)
  }

  /// The whole template with its marks taken away sets what is so anyway.
  @Test func `the template is a file that changes nothing`() throws {
    var isKeys = false
    let lines = Settings.template(themes: themes).split(separator: "\n").map { line in
      let rest = line.dropFirst(2)
      isKeys = isKeys || rest.hasPrefix("keys:")
      let isSetting =
        isKeys || rest.prefix { $0 != " " }.last == ":" && rest.first?.isLowercase == true
      return isSetting ? String(rest) : String(line)
    }
    let settings = try read(lines.joined(separator: "\n"))
    #expect(settings.keymap == .standard)
    #expect(settings.theme == "dark")
    #expect(settings.isAnimated == true)
  }
}
