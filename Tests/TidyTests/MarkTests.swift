import Testing

/// What is written for later does not get done later. Spelt apart, so that this file passes.
private let leftovers = ["FIX" + "ME", "TO" + "DO", "XX" + "X"]

/// A file this long holds more than one idea; from `manyLines` on, the test's output says so.
private let mostLines = 600
private let manyLines = 450

private func leftovers(in source: SwiftSource) -> [Finding] {
  (1...max(1, source.lineCount)).flatMap { number -> [Finding] in
    let words = source.textOfLine(number).split { !$0.isIdentifierPart }
    return leftovers.filter { mark in words.contains { $0 == mark } }.map {
      Finding(
        path: source.path, line: number,
        message: "leftover '\($0)': do it now, or open an issue and say in the comment what holds")
    }
  }
}

@Test func `no source carries a mark for later`() throws {
  let findings = try Repository.everySource().flatMap(leftovers(in:))
  #expect(findings.isEmpty, "\(findings.listed)")
}

@Test func `a mark for later is found, a word that contains it is not`() {
  let text = "let a = 1  // \(leftovers[0]): later\nlet \(leftovers[1])s = 2\n/* \(leftovers[2]) */"
  #expect(leftovers(in: SwiftSource(path: "a.swift", text: text)).map(\.line) == [1, 3])
}

private func overlong(_ source: SwiftSource, limit: Int) -> Finding? {
  guard source.lineCount > limit else { return nil }
  return Finding(
    path: source.path, line: limit,
    message: "\(source.lineCount) lines: move one aspect to a file of its own before \(mostLines)")
}

@Test func `no source has grown beyond one idea`() throws {
  let sources = try Repository.everySource()
  for warning in sources.compactMap({ overlong($0, limit: manyLines) }) {
    print("warning: \(warning)")
  }
  let findings = sources.compactMap { overlong($0, limit: mostLines) }
  #expect(findings.isEmpty, "\(findings.listed)")
}

@Test func `a file is overlong from the first line beyond the limit`() {
  let text = String(repeating: "a\n", count: 10)
  #expect(overlong(SwiftSource(path: "a.swift", text: text), limit: 10) == nil)
  #expect(overlong(SwiftSource(path: "a.swift", text: text + "b"), limit: 10)?.line == 10)
}

@Test func `the package has sources to look at`() throws {
  let paths = try Repository.everySource().map(\.path)
  #expect(paths.contains("Sources/SimulationCore/Instant.swift"))
  #expect(paths.contains("themes/Themes.swift"))
  #expect(paths.count > 20)
}
