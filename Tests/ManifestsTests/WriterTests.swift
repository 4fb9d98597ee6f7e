import ClusterModel
import Testing

@testable import Manifests

// What `kubectl label --local -o yaml` prints for such texts.
@Test(arguments: [
  ("", #""""#), ("a", "a"), (" a", "' a'"), ("a ", "'a '"), ("a: b", "'a: b'"), ("a:b", "a:b"),
  ("a #b", "'a #b'"), ("a#b", "a#b"), ("#a", "'#a'"), ("-", "'-'"), ("- a", "'- a'"),
  ("-a", "-a"), ("--", "--"), ("---", "'---'"), ("?", "'?'"), ("?a", "?a"), (":", "':'"),
  (":a", ":a"), ("a:", "'a:'"), (",a", "',a'"), ("a,b", "a,b"), ("[a", "'[a'"), ("a]", "a]"),
  ("{}", "'{}'"), ("&a", "'&a'"), ("*a", "'*a'"), ("!a", "'!a'"), ("|a", "'|a'"),
  ("'a", "'''a'"), ("\"a", "'\"a'"), ("a'b", "a'b"), ("%a", "'%a'"), ("@a", "'@a'"),
  ("a\tb", #""a\tb""#), ("a\u{7}b", #""a\ab""#), ("a\u{1b}b", #""a\eb""#), ("é", "é"),
  ("日本", "日本"), ("😀", #""\U0001F600""#), ("a\u{feff}b", #""a\uFEFFb""#), ("\\", "\\"),
  ("a\r\nb", #""a\r\nb""#), ("=", "="), ("<<", "<<"), ("<a&b>", "<a&b>"), ("10Gi", "10Gi"),
])
func `texts are quoted where YAML needs it`(text: String, written: String) {
  #expect(YAMLWriter.text(["s": .string(text)]) == "s: \(written)\n")
}

@Test(arguments: [
  "12", "1.5", "0x1F", "1_000", "true", "y", "Y", "No", "null", "~", "2001-01-01", "2001-1-1",
  "2001-01-01 10:20:30", "12:30:45", "12:30", "1:2", "190:20:30.5", "1e3", "+1", ".inf", ".5",
  "0o17", "0b1", "08", "0644", "-1", "2026-01-01T00:00:00Z",
])
func `texts that look like something else are in double quotes`(text: String) {
  #expect(YAMLWriter.text(["s": .string(text)]) == "s: \"\(text)\"\n")
}

@Test(arguments: [
  ("a\nb", "|-\n  a\n  b"), ("a\nb\n", "|\n  a\n  b"), ("a\nb\n\n", "|+\n  a\n  b\n"),
  ("\na", "|2-\n\n  a"), ("\n", "|2+\n"), (" a\nb", "|2-\n   a\n  b"),
  ("a\n\nb", "|-\n  a\n\n  b"), ("a \nb", #""a \nb""#), ("a\nb ", #""a\nb ""#),
  ("a\n\tb", #""a\n\tb""#), ("a: b\nc", "|-\n  a: b\n  c"),
])
func `several lines are a literal block`(text: String, written: String) {
  #expect(YAMLWriter.text(["s": .string(text)]) == "s: \(written)\n")
}

@Test func `long texts are folded at a single space after column 80`() {
  let words = (0..<40).map { "w\($0)" }.joined(separator: " ")
  #expect(
    YAMLWriter.text(["p": .string(words)]) == """
      p: w0 w1 w2 w3 w4 w5 w6 w7 w8 w9 w10 w11 w12 w13 w14 w15 w16 w17 w18 w19 w20 w21 w22
        w23 w24 w25 w26 w27 w28 w29 w30 w31 w32 w33 w34 w35 w36 w37 w38 w39

      """)
}

@Test func `lists stand under their key and keys in natural order`() {
  let value: Value = [
    "kind": "Foo", "a": [], "e": [:], "n": .null,
    "aa": [[1, [2]], [[:]], ["b": [], "c": [1]]],
    "m": ["k10": 1, "k2": 1, "k-": 1, "ka": 1],
  ]
  #expect(
    YAMLWriter.text(value) == """
      a: []
      aa:
      - - 1
        - - 2
      - - {}
      - b: []
        c:
        - 1
      e: {}
      kind: Foo
      m:
        k-: 1
        k2: 1
        k10: 1
        ka: 1
      "n": null

      """)
}

@Test(
  arguments: [
    (1.5, "1.5", "1.5"), (1e21, "1e+21", "1e+21"), (1e20, "1e+20", "100000000000000000000"),
    (1e-7, "1e-07", "1e-7"), (0.000001, "1e-06", "0.000001"), (-0.25, "-0.25", "-0.25"),
    (123_456_789.125, "1.23456789125e+08", "123456789.125"), (12345.5, "12345.5", "12345.5"),
  ] as [(Double, String, String)])
func `numbers are written as Go writes them`(number: Double, yaml: String, json: String) {
  #expect(YAMLWriter.text(.array([.double(number)])) == "- \(yaml)\n")
  #expect(JSONWriter.compactText(.double(number)) == json)
}

@Test func `JSON has four spaces a level and no raw angle brackets`() {
  #expect(
    JSONWriter.text(["b": [1, .null], "a": ["<&>", "\u{1}\n\"\\"], "c": [:], "d": []]) == #"""
      {
          "a": [
              "\u003c\u0026\u003e",
              "\u0001\n\"\\"
          ],
          "b": [
              1,
              null
          ],
          "c": {},
          "d": []
      }

      """#)
}

/// Draws values from a small generator of our own, so that a failure names its seed.
private struct ValueMaker {
  var state: UInt64

  mutating func next(_ bound: UInt64) -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (state >> 33) % bound
  }

  mutating func text() -> String {
    let pieces = [
      "a", "B", " ", ":", "#", "-", "\n", "\t", "'", "\"", "\\", "é", "0", "1", ".", "e", "yes",
      "null", "{", "]", ",", "&", "*", "?", "|", "word ", "\u{1b}", "😀", "~", "<",
    ]
    return (0..<next(9)).map { _ in pieces[Int(next(UInt64(pieces.count)))] }.joined()
  }

  mutating func value(depth: Int) -> Value {
    switch next(depth > 3 ? 6 : 9) {
    case 0: .null
    case 1: .bool(next(2) == 0)
    case 2: .integer(Int64(next(1000)) - 500)
    case 3: .double(Double(next(1_000_000)) / 1024 + 1.0 / 4096)
    case 4, 5: .string(text())
    case 6: .array((0..<next(4)).map { _ in value(depth: depth + 1) })
    default:
      .object(
        Fields((0..<next(4)).map { _ in (key(), value(depth: depth + 1)) }))
    }
  }

  mutating func key() -> String {
    String(String.UnicodeScalarView(text().unicodeScalars.filter { $0.value != 0x1b }))
  }
}

@Test func `what is written reads back as the same value`() {
  for seed in 0..<3000 as Range<UInt64> {
    var maker = ValueMaker(state: seed &* 0x9E37_79B9_7F4A_7C15)
    let value: Value = ["v": maker.value(depth: 0)]
    let yaml = YAMLWriter.text(value)
    #expect(values(yaml) == [value], "seed \(seed):\n\(yaml)")
    #expect(values(JSONWriter.text(value)) == [value], "seed \(seed)")
    #expect(values(JSONWriter.compactText(value)) == [value], "seed \(seed)")
  }
}
