import Testing

@testable import Canvas

@Suite struct KeyDecoderTests {
  /// The keys of some input, after which nothing more comes.
  static func keys(_ text: String) -> [Key] { keys(Array(text.utf8)) }

  static func keys(_ bytes: [UInt8]) -> [Key] {
    var decoder = KeyDecoder()
    var keys: [Key] = []
    for byte in bytes { decoder.feed(byte, into: &keys) }
    decoder.flush(into: &keys)
    return keys
  }

  @Test(arguments: [
    ("a", [Key.character("a")]), ("é網", [.character("é"), .character("網")]),
    ("\u{1B}", [.escape]), ("\u{1B}\u{1B}", [.escape, .escape]), ("\r\n", [.enter, .enter]),
    ("\u{1B}[A\u{1B}OA", [.up, .up]), ("\u{1B}[5~\u{1B}[6~", [.pageUp, .pageDown]),
    ("\u{1B}[H\u{1B}OF\u{1B}[1~\u{1B}[8~", [.home, .end, .home, .end]),
    ("\u{1B}OP\u{1B}[15~\u{1B}[24~\u{1B}[[B", [1, 5, 12, 2].map { .function($0) }),
    ("\u{1B}[1;5C\u{1B}[1;3D", [.alt("f"), .alt("b")]), ("\u{1B}[1;2C", [.right]),
    ("\u{1B}[Z\t", [.backTab, .tab]), ("\u{3}\u{0}\u{1C}", [.ctrl("c"), .ctrl("@"), .ctrl("\\")]),
    ("\u{1B}x\u{1B}[", [.alt("x"), .alt("[")]), ("\u{1B}]", [.alt("]")]),
    ("\u{7F}\u{8}\u{1B}\u{7F}", [.backspace, .backspace, .ctrl("w")]),
    ("\u{1B}\u{3}", [.escape, .ctrl("c")]), ("\u{1B}[3~\u{1B}[2~", [.delete, .insert]),
  ])
  func `bytes become keys`(text: String, expected: [Key]) {
    #expect(KeyDecoderTests.keys(text) == expected)
  }

  @Test func `the mouse is read beyond column 223`() {
    #expect(
      KeyDecoderTests.keys("\u{1B}[<0;250;5M\u{1B}[<0;250;5m\u{1B}[<32;1;1M\u{1B}[<64;2;3M") == [
        .mouse(MouseEvent(.press(.left), at: Point(249, 4))),
        .mouse(MouseEvent(.release, at: Point(249, 4))),
        .mouse(MouseEvent(.drag, at: Point(0, 0))),
        .mouse(MouseEvent(.wheelUp, at: Point(1, 2))),
      ])
  }

  @Test(arguments: [
    "\u{1B}[999999999999999999999999;;;~", "\u{1B}]0;title\u{7}", "\u{1B}Pdata\u{1B}\\",
    "\u{1B}[<0;1M", "\u{1B}[<9;9", "\u{1B}[?1;2c", "\u{1B}[<99999999999999;-1;0M",
  ])
  func `what is unknown is swallowed whole`(text: String) {
    #expect(KeyDecoderTests.keys(text).isEmpty)
    #expect(KeyDecoderTests.keys(text + "\u{1B}\u{1B}\u{3}").last == .ctrl("c"))
  }

  @Test func `broken UTF-8 does not swallow the keys after it`() {
    #expect(
      KeyDecoderTests.keys([0xFF, 0xC3, 0x28, 0x80, 0xE7, 0xB6, 0x71]) == [
        .character("("), .character("q"),
      ])
  }

  @Test func `a paste is one key, with its line breaks, and bounded`() {
    #expect(
      KeyDecoderTests.keys("\u{1B}[200~a\nb\u{1B}[20\u{1B}[201~x") == [
        .paste("a\nb\u{1B}[20"), .character("x"),
      ])
    let long = String(repeating: "y", count: 200_000)
    #expect(
      KeyDecoderTests.keys("\u{1B}[200~\(long)\u{1B}[201~") == [
        .paste(String(repeating: "y", count: 65_536))
      ])
  }

  @Test func `after any bytes, escape twice and a letter still arrive`() {
    for seed in 0..<2_000 as Range<UInt64> {
      var noise = Noise(seed: seed)
      let bytes = (0..<noise.below(60)).map { _ in
        noise.below(3) == 0
          ? Array("\u{1B}[]OP<;0123456789~M".utf8)[noise.below(19)] : UInt8(noise.below(256))
      }
      var decoder = KeyDecoder()
      var keys: [Key] = []
      for byte in bytes { decoder.feed(byte, into: &keys) }
      decoder.flush(into: &keys)
      #expect(!decoder.isPending, "seed \(seed)")
      keys.removeAll()
      decoder.feed(0x71, into: &keys)
      #expect(keys == [.character("q")], "seed \(seed)")
    }
  }
}
