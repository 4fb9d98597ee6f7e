import Testing

@testable import Canvas

@Suite struct TextWidthTests {
  @Test(arguments: [
    ("", 0), ("abc", 3), ("網路", 4), ("e\u{301}te\u{301}", 3), ("▸●…█", 4), ("ａｂ", 4),
    ("한글", 4), ("\u{200B}a\u{FEFF}", 1), ("👩‍💻x", 3), ("🇨🇭x", 2), ("👍🏽x", 3),
    ("a\tb", 3), ("a\u{202E}b", 3), ("\u{301}a", 1),
  ])
  func `a terminal gives a text this many columns`(text: String, width: Int) {
    #expect(columns(of: text) == width)
  }

  @Test(arguments: [
    ("frontend-7d9f-x7k2p", 12, Truncation.end, "frontend-7d…"),
    ("frontend-7d9f-x7k2p", 12, .middle, "fronte…x7k2p"),
    ("short", 5, .end, "short"), ("short", 0, .end, ""), ("short", 1, .middle, "…"),
    ("網路網路", 5, .end, "網路…"), ("網路網路", 4, .end, "網…"), ("ab", -3, .end, ""),
  ])
  func `a text that does not fit shows that something is missing`(
    text: String, width: Int, truncation: Truncation, expected: String
  ) {
    #expect(truncated(text, to: width, truncation) == expected)
  }

  @Test func `padding fills up to the width on the free side`() {
    #expect(padded("ab", to: 5) == "ab   ")
    #expect(padded("ab", to: 5, .right) == "   ab")
    #expect(padded("ab", to: 5, .centre) == " ab  ")
    #expect(padded("網路", to: 3) == "網…")
  }

  @Test func `the width tables are in ascending order, so that searching works`() {
    for table in [WidthTable.wide, WidthTable.zeroWidth] {
      #expect(zip(table, table.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound })
    }
  }

  @Test func `every sign takes one column and none is an emoji by default`() {
    for symbols in [SymbolSet.unicode, .ascii] {
      for case let sign as String in Mirror(reflecting: symbols).children.map(\.value) {
        #expect(columns(of: sign) == 1, "\(sign)")
        let isEmoji = sign.unicodeScalars.first?.properties.isEmojiPresentation
        #expect(isEmoji == false, "\(sign)")
        #expect(symbols.isUnicode || sign.utf8.allSatisfy { $0 < 0x7F })
      }
    }
  }
}
