import Canvas
import Console
import Dashboard
import Manifests
import SimulationCore
import Spelling

extension DemoScript {
  /// Reads a demo's file.
  ///
  /// - Returns: no demo where something is wrong, and what it is: with its place and the nearest
  ///   known name.
  public static func read(
    _ bytes: [UInt8], file: String
  ) -> (demo: DemoScript?, problems: [Diagnostic]) {
    let (document, problems) = PlacedValue.read(bytes, file: file)
    guard let document else { return (nil, problems) }
    var reader = DemoReader(file: file)
    let demo = reader.demo(document)
    return (reader.problems.isEmpty ? demo : nil, reader.problems)
  }
}

private struct DemoReader {
  let file: String
  var problems: [Diagnostic] = []

  init(file: String) { self.file = file }

  private static let fields = ["name", "title", "size", "steps"]
  private static let steps = ["chapter", "say", "keys", "type", "run", "pause", "until", "limit"]

  mutating func demo(_ document: PlacedValue) -> DemoScript {
    expect(Self.fields, in: document)
    let name = document["name"]?.text ?? ""
    if name.isEmpty { complain(document.place, "the demo has no name", "write 'name: shop'") }
    var demo = DemoScript(name: name, title: document["title"]?.text ?? name)
    if let size = document["size"] { read(size, into: &demo) }
    let items = document["steps"]?.items ?? []
    if items.isEmpty {
      complain(document.place, "the demo has no steps", "write 'steps:' and a list")
    }
    for item in items {
      if let step = step(item) { demo.steps.append(step) }
    }
    return demo
  }

  private mutating func read(_ size: PlacedValue, into demo: inout DemoScript) {
    let parts = (size.text ?? "").split(separator: "x").compactMap { Int($0) }
    guard parts.count == 2, (60...400).contains(parts[0]), (16...100).contains(parts[1]) else {
      return complain(size.place, "the size cannot be read", "write 60x16 to 400x100")
    }
    (demo.columns, demo.rows) = (parts[0], parts[1])
  }

  private mutating func step(_ item: PlacedValue) -> DemoStep? {
    expect(Self.steps, in: item)
    let words = item.fields.filter { $0.name != "limit" && Self.steps.contains($0.name) }
    guard words.count == 1, let word = words.first, let text = word.value.text else {
      complain(
        item.place, "a step is one of: \(Self.steps.dropLast().joined(separator: ", "))",
        "write each step as '- say: …' with one word and a text")
      return nil
    }
    switch word.name {
    case "chapter": return .chapter(text)
    case "say": return .say(text)
    case "type": return command(text, word.value).map { .type($0) }
    case "run": return command(text, word.value).map { .run($0) }
    case "pause": return duration(word.value).map { .pause($0) }
    case "until":
      let limit = item["limit"].flatMap { duration($0) } ?? .minutes(2)
      return command(text, word.value).map { .until($0, limit: limit) }
    default: return keys(text, word.value)
    }
  }

  private mutating func keys(_ text: String, _ value: PlacedValue) -> DemoStep? {
    var keys: [Key] = []
    for name in text.split(separator: " ") {
      guard let key = Key(name: String(name)) else {
        complain(
          value.place, "there is no key \"\(name)\"",
          "write keys as in the help, with spaces between: 3 j enter ctrl-d")
        return nil
      }
      keys.append(key)
    }
    return .keys(keys)
  }

  private mutating func command(_ text: String, _ value: PlacedValue) -> String? {
    if let reason = Console.refusal(ofCommand: text) {
      complain(value.place, reason.message, reason.suggestion)
      return nil
    }
    return text
  }

  private mutating func duration(_ value: PlacedValue) -> Duration? {
    guard let duration = value.text.flatMap(Console.duration), duration >= .zero,
      duration <= .minutes(10)
    else {
      complain(value.place, "the time cannot be read", "write 500ms, 3s or 2m, 10m at most")
      return nil
    }
    return duration
  }

  private mutating func expect(_ names: [String], in value: PlacedValue) {
    for field in value.fields where !names.contains(field.name) {
      let near = NearestName.of(field.name, in: names)
      complain(
        field.place, "there is no \"\(field.name)\" here",
        near.map { "did you mean \"\($0)\"?" } ?? "there are \(names.joined(separator: ", "))")
    }
  }

  private mutating func complain(_ place: Place, _ message: String, _ suggestion: String) {
    problems.append(
      Diagnostic(file: file, place: place, message: message, suggestion: suggestion))
  }
}
