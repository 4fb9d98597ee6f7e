import Testing

@testable import Console

@Suite struct CommandReaderTests {
  private func words(_ text: String) -> [[String]] {
    CommandReader.commands(in: text).compactMap { try? $0.get().words }
  }

  @Test(arguments: [
    ("get pods", [["get", "pods"]]),
    ("  get   pods  ", [["get", "pods"]]),
    ("get pods; get svc", [["get", "pods"], ["get", "svc"]]),
    ("get pods\nget svc\n", [["get", "pods"], ["get", "svc"]]),
    ("get 'a b' \"c d\"", [["get", "a b", "c d"]]),
    ("a'b'\"c\"d", [["abcd"]]),
    ("get ''", [["get", ""]]),
    (#"get "a\"b\\c\d""#, [["get", #"a"b\c\d"#]]),
    (#"get a\ b \;"#, [["get", "a b", ";"]]),
    ("get 'a\\b'", [["get", "a\\b"]]),
    ("get \\\n pods", [["get", "pods"]]),
    ("# only a comment", []),
    ("get pods # not this; nor this\nget svc", [["get", "pods"], ["get", "svc"]]),
    ("get a#b", [["get", "a#b"]]),
    (";;\n;", []),
    ("get '#' \"$HOME\" *", [["get", "#", "$HOME", "*"]]),
    ("patch -p '{\"a\":\n1}'", [["patch", "-p", "{\"a\":\n1}"]]),
  ])
  func `words and quotes are a shell's`(_ text: String, _ expected: [[String]]) {
    #expect(words(text) == expected)
  }

  @Test(arguments: [
    ("get 'a", 1, "single quote"), ("get x\nget \"a", 2, "double quote"), ("get | cat", 1, "`|`"),
    ("get pods > f", 1, "`>`"), ("a && b", 1, "`&`"),
  ])
  func `what needs a shell or an end is refused`(_ text: String, _ line: Int, _ part: String) throws
  {
    let last = try #require(CommandReader.commands(in: text).last)
    guard case .failure(let problem) = last else {
      Issue.record("\(text) was accepted")
      return
    }
    #expect(problem.line == line)
    #expect(problem.message.contains(part))
  }

  @Test func `commands before a syntax error are kept`() {
    let commands = CommandReader.commands(in: "get pods\nget 'a")
    #expect(commands.count == 2)
    #expect((try? commands[0].get())?.words == ["get", "pods"])
  }

  @Test func `each command knows its line`() {
    let lines = CommandReader.commands(in: "a\n\n# no\nb 'x\ny'\nc").compactMap {
      try? $0.get().line
    }
    #expect(lines == [1, 4, 6])
  }

  @Test func `quoting a word brings it back`() {
    var generator = Bytes(seed: 7)
    for _ in 0..<2000 {
      let word = generator.text(below: 12)
      let quoted = "'" + word.replacing("'", with: "'\\''") + "'"
      #expect(words("x \(quoted)") == [["x", word]])
    }
  }
}

/// A small generator of random texts.
struct Bytes {
  private var state: UInt64
  init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
  mutating func text(below count: Int) -> String {
    let bytes = (0..<below(count)).map { _ in UInt8(truncatingIfNeeded: next() >> 11) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
