import Testing

/// A word that does not belong below the edge of the program, and what to write instead.
private struct ForbiddenWord: Sendable {
  let word: String
  let advice: String
}

private let fromOutside = "only Terminal and kubarium reach outside; take the value as a parameter"
private let fromClock = "time comes in as a parameter: `at time: Instant`"
private let fromRandom =
  "draw from the component's own stream in SimulationCore; the standard library's choices may "
  + "change between versions"
private let fromHash = "Swift's hashes differ from process to process; use SimulationCore's digest"

/// What nothing below `Terminal` and `kubarium` says.
private let forbiddenWords: [ForbiddenWord] = [
  .init(word: "clock_gettime", advice: fromClock),
  .init(word: "gettimeofday", advice: fromClock),
  .init(word: "ContinuousClock", advice: fromClock),
  .init(word: "SuspendingClock", advice: fromClock),
  .init(word: "Date(", advice: fromClock),
  .init(word: "getenv", advice: fromOutside),
  .init(word: "ProcessInfo", advice: fromOutside),
  .init(word: "CommandLine", advice: fromOutside),
  .init(word: "FileManager", advice: fromOutside),
  .init(word: "FileHandle", advice: fromOutside),
  .init(word: "fopen", advice: fromOutside),
  .init(word: "open(", advice: fromOutside),
  .init(word: "print(", advice: "return the text; the program prints it"),
  .init(word: "debugPrint(", advice: "return the text; the program prints it"),
  .init(word: "readLine(", advice: fromOutside),
  .init(word: "random(in:", advice: fromRandom),
  .init(word: "SystemRandomNumberGenerator", advice: fromRandom),
  .init(word: "shuffled(", advice: fromRandom),
  .init(word: "shuffle(", advice: fromRandom),
  .init(word: "randomElement(", advice: fromRandom),
  .init(word: "hashValue", advice: fromHash),
  .init(word: "Hasher(", advice: fromHash),
  .init(word: "async", advice: "one thread owns the world; return a value instead"),
  .init(word: "await", advice: "one thread owns the world; return a value instead"),
  .init(word: "Task", advice: "one thread owns the world; return a value instead"),
  .init(word: "Mutex", advice: "one thread owns the world; there is nothing to lock"),
  .init(word: "nonisolated(unsafe)", advice: "one owner holds it and passes it as `inout`"),
]

/// Everything below the edge.
private let innerModules = [
  "SimulationCore", "ClusterModel", "ControlPlane", "DataPlane", "Traffic", "Simulation",
  "Manifests", "Console", "Canvas", "Dashboard",
]

/// Finds the words where they are used as such: not as part of a longer name, not as the name of
/// a function or case that is ours (`func open(`), not as a member of a value of ours except for
/// those that the standard library hangs on its types.
private func forbiddenWords(in source: SwiftSource) -> [Finding] {
  let members: Set = ["random(in:", "shuffled(", "shuffle(", "randomElement(", "hashValue"]
  var findings: [Finding] = []
  for (index, line) in source.codeLines.enumerated() {
    for entry in forbiddenWords {
      for range in line.ranges(of: entry.word) {
        let before = line[..<range.lowerBound]
        let after = line[range.upperBound...]
        if let last = before.last, last.isIdentifierPart || last == "`" { continue }
        if before.last == ".", !members.contains(entry.word) { continue }
        if entry.word.last?.isIdentifierPart == true, after.first?.isIdentifierPart == true {
          continue
        }
        if before.hasSuffix("func ") || before.hasSuffix("case ") { continue }
        // A label or a name of ours that is spelled the same: `task:`.
        if after.first == ":", entry.word.last?.isIdentifierPart == true { continue }
        findings.append(
          Finding(
            path: source.path, line: index + 1,
            message: "'\(entry.word)' has no place here: \(entry.advice)"))
      }
    }
  }
  return findings
}

@Test(arguments: innerModules)
func `nothing below the edge reads a clock, the environment, a file or a hash`(module: String)
  throws
{
  let findings = try Repository.sources(of: module).flatMap(forbiddenWords(in:))
  #expect(findings.isEmpty, "\(findings.listed)")
}

@Test(arguments: [
  "let now = ContinuousClock().now", "let home = getenv(name)", "print(pod)",
  "let file = fopen(path, mode)", "let file = open(path, 0)", "let n = Int.random(in: 0..<9)",
  "pods.shuffled()", "let pod = pods.randomElement()", "let key = name.hashValue",
  "var hasher = Hasher()", "func load() async throws {", "Task { await load() }",
  "let lock = Mutex(0)", "let text = \"\\(Date())\"",
])
func `a use of a forbidden word is found`(line: String) {
  #expect(!forbiddenWords(in: SwiftSource(path: "a.swift", text: line)).isEmpty)
}

@Test(arguments: [
  "reopen(pod)", "func open(_ path: String) {", "screen.open(panel)", "// print(pod)",
  "let text = \"print(pod)\"", "footprint(of: pod)", "case print(String)", "let asynchronous = 1",
  "prettyPrint(pod)", "let updated = lastUpdate(of: pod)",
])
func `a name that only resembles a forbidden word is not`(line: String) {
  #expect(forbiddenWords(in: SwiftSource(path: "a.swift", text: line)).isEmpty)
}

extension Character {
  /// Whether it can be part of a Swift name.
  var isIdentifierPart: Bool { isLetter || isNumber || self == "_" }
}
