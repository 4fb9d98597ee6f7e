import Testing

/// What each layer may import, from the inside out. ARCHITECTURE.md says why.
private let layers: [(module: String, imports: [String])] = [
  ("SimulationCore", []),
  ("ClusterModel", []),
  ("ControlPlane", ["SimulationCore", "ClusterModel"]),
  ("DataPlane", ["SimulationCore", "ClusterModel", "Crypto"]),
  ("Traffic", ["SimulationCore", "ClusterModel", "DataPlane", "Histogram"]),
  ("Simulation", ["SimulationCore", "ClusterModel", "ControlPlane", "DataPlane", "Traffic"]),
  ("Spelling", []),
  ("Manifests", ["ClusterModel", "Spelling", "Yams", "CYaml"]),
  ("Console", consoleImports),
  ("Canvas", ["Spelling"]),
  ("Dashboard", consoleImports + ["Canvas", "Console"]),
  ("Recording", ["Canvas"]),
  ("Scenario", consoleImports + ["Canvas", "Console", "Dashboard", "Recording"]),
  ("Terminal", ["CNcurses", "Canvas", "Glibc", "Synchronization"]),
  ("kubarium", programImports),
]

private let consoleImports = [
  "SimulationCore", "ClusterModel", "ControlPlane", "DataPlane", "Traffic", "Simulation",
  "Spelling", "Manifests",
]

/// The program joins everything, but what it knows of ncurses is `Terminal`.
private let programImports =
  consoleImports + [
    "Canvas", "Console", "Dashboard", "Recording", "Scenario", "Terminal", "Themes", "Demos",
    "ArgumentParser", "Foundation",
    "FoundationEssentials", "Glibc", "Logging", "Synchronization", "Dispatch",
  ]

/// Finds the imports of a file that are not on the list.
private func forbiddenImports(in source: SwiftSource, allowed: [String]) -> [Finding] {
  let pattern =
    /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|typealias|func|let|var)\s+)?(\w+)/
  return source.codeLines.enumerated().compactMap { index, line in
    guard let match = line.firstMatch(of: pattern), !allowed.contains(String(match.1)) else {
      return nil
    }
    let choices = allowed.isEmpty ? "nothing" : "only " + allowed.joined(separator: ", ")
    return Finding(
      path: source.path, line: index + 1,
      message: "'import \(match.1)' crosses a layer: this one imports \(choices). "
        + "Pass what you need in as a value from the layer above, or move the code there")
  }
}

@Test(arguments: layers.map(\.module))
func `a layer imports only the layers it may know`(module: String) throws {
  let allowed = try #require(layers.first { $0.module == module }).imports
  let sources = try Repository.sources(of: module)
  #expect(!sources.isEmpty)
  let findings = sources.flatMap { forbiddenImports(in: $0, allowed: allowed) }
  #expect(findings.isEmpty, "\(findings.listed)")
}

@Test func `every folder of Sources has its row in the table of layers`() throws {
  let folders = try Repository.folders(in: "Sources")
  #expect(folders == (layers.map(\.module) + ["CNcurses"]).sorted())
}

@Test(arguments: [
  "import Foundation", "@preconcurrency import Glibc", "  public import Foundation",
  "import struct Foundation.Date", "@_spi(Testing) import DataPlane", "import Crypto",
])
func `an import that is not on the list is found however it is written`(line: String) {
  let source = SwiftSource(path: "a.swift", text: "// import Nothing\n\(line)\nlet a = 1\n")
  #expect(forbiddenImports(in: source, allowed: ["ClusterModel"]).map(\.line) == [2])
}

@Test func `an import on the list passes, and so does one in a comment or string`() {
  let source = SwiftSource(
    path: "a.swift", text: "import ClusterModel\n// import Glibc\nlet a = \"import Glibc\"\n")
  #expect(forbiddenImports(in: source, allowed: ["ClusterModel"]).isEmpty)
}

extension [Finding] {
  /// One a line, as an editor can jump to them.
  var listed: String { map { "\n  \($0)" }.joined() }
}
