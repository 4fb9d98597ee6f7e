import Canvas
import Manifests
import Spelling

extension Settings {
  /// Reads a `config.yaml`.
  ///
  /// - Parameter themes: the names of the themes that there are.
  /// - Returns: no settings where something is wrong, and what it is: with its place and the
  ///   nearest known name. An empty file sets nothing.
  public static func read(
    _ bytes: [UInt8], file: String, themes: [String]
  ) -> (settings: Settings?, problems: [Diagnostic]) {
    if isBlank(bytes) { return (Settings(), []) }
    let (document, problems) = PlacedValue.read(bytes, file: file)
    guard let document else { return (nil, problems) }
    var reader = SettingsReader(file: file, themes: themes)
    reader.read(document)
    let found = reader.problems.sorted { $0.place < $1.place }
    return (found.isEmpty ? reader.settings : nil, found)
  }

  /// Whether there are only comments.
  private static func isBlank(_ bytes: [UInt8]) -> Bool {
    bytes.split(whereSeparator: { $0 == 10 || $0 == 13 }).allSatisfy { line in
      let first = line.first { $0 != UInt8(ascii: " ") && $0 != 9 }
      return first == nil || first == UInt8(ascii: "#")
    }
  }
}

/// Reads the fields of a `config.yaml` one after the other, collecting what is wrong.
struct SettingsReader {
  let file: String
  let themes: [String]
  var settings = Settings()
  var problems: [Diagnostic] = []

  static let fields = [
    "theme", "color", "ascii", "animation", "mouse", "charts", "wide", "system", "tour", "keys",
  ]

  init(file: String, themes: [String]) {
    self.file = file
    self.themes = themes
  }

  mutating func read(_ document: PlacedValue) {
    guard document.value.fields != nil else {
      return complain(
        document.place, "these are no settings", "write 'theme: dark', 'keys:' and so on")
    }
    for field in document.fields { read(field.name, field.place, field.value) }
  }

  private mutating func read(_ name: String, _ place: Place, _ value: PlacedValue) {
    switch name {
    case "theme": settings.theme = choice(value, of: themes, "theme")
    case "color":
      settings.color = choice(value, of: ColorMode.allCases.map(\.rawValue), "kind of colours")
        .flatMap(ColorMode.init)
    case "charts":
      settings.charts = choice(value, of: ChartStyle.allCases.map(\.rawValue), "kind of charts")
        .flatMap(ChartStyle.init)
    case "ascii": settings.isASCII = flag(value, name)
    case "animation": settings.isAnimated = flag(value, name)
    case "mouse": settings.usesMouse = flag(value, name)
    case "wide": settings.isWide = flag(value, name)
    case "system": settings.showsSystem = flag(value, name)
    case "tour": settings.hasTour = flag(value, name)
    case "keys": readKeys(value)
    default: unknown(name, "setting", among: Self.fields, place)
    }
  }

  private mutating func flag(_ value: PlacedValue, _ name: String) -> Bool? {
    if let flag = value.value.bool { return flag }
    complain(value.place, "\(name) is neither true nor false", "write '\(name): true'")
    return nil
  }

  private mutating func choice(
    _ value: PlacedValue, of names: [String], _ what: String
  ) -> String? {
    let name = value.text ?? ""
    if names.contains(name) { return name }
    unknown(name, what, among: names, value.place)
    return nil
  }

  /// The names, the many keys of a letter with ctrl or alt as two.
  private static func list(_ names: [String]) -> String {
    let chords = ["ctrl-", "alt-"]
    let plain = names.filter { name in !chords.contains { name.hasPrefix($0) } }
    let present = chords.filter { chord in names.contains { $0.hasPrefix(chord) } }
    return (plain + present.map { "\($0)LETTER" }).joined(separator: ", ")
  }

  mutating func unknown(_ name: String, _ what: String, among names: [String], _ place: Place) {
    let near = NearestName.of(name, in: names)
    complain(
      place, "there is no \(what) \"\(name)\"",
      near.map { "did you mean \"\($0)\"?" } ?? "there are \(Self.list(names))")
  }

  mutating func complain(_ place: Place, _ message: String, _ suggestion: String) {
    problems.append(
      Diagnostic(file: file, place: place, message: message, suggestion: suggestion))
  }
}
