import ClusterModel
import Testing

@testable import Manifests

// What `kubectl label --local -o json` makes of such scalars.
@Test(
  arguments: [
    ("y", true), ("Y", true), ("yes", true), ("YES", true), ("on", true), ("True", true),
    ("n", false), ("No", false), ("off", false), ("OFF", false), ("FALSE", false),
  ] as [(String, Bool)])
func `words of YAML 1_1 are booleans`(text: String, flag: Bool) {
  #expect(values("a: \(text)") == [["a": .bool(flag)]])
}

@Test(arguments: ["null", "Null", "NULL", "~", ""])
func `null has several spellings`(text: String) {
  #expect(values("a: \(text)") == [["a": .null]])
}

@Test(
  arguments: [
    ("0", 0), ("-0", 0), ("+1", 1), ("0644", 420), ("-0644", -420), ("0o17", 15), ("010", 8),
    ("08", 8), ("0x1F", 31), ("+0x1F", 31), ("0b101", 5), ("-0b11", -3), ("1_000", 1000),
    ("0_1", 1), ("1e3", 1000), ("1.0", 1), ("1.", 1), ("-0.0", 0),
    ("9223372036854775807", 9_223_372_036_854_775_807),
  ] as [(String, Int64)])
func `numbers without a fraction are integers`(text: String, number: Int64) {
  #expect(values("a: \(text)") == [["a": .integer(number)]])
}

@Test(
  arguments: [
    ("1.5", 1.5), (".5", 0.5), ("-.5", -0.5), ("+.5", 0.5), ("1e-7", 1e-7), ("1e21", 1e21),
    ("9223372036854775808", 9_223_372_036_854_775_808), ("123456789.125", 123_456_789.125),
  ] as [(String, Double)])
func `other numbers are doubles`(text: String, number: Double) {
  #expect(values("a: \(text)") == [["a": .double(number)]])
}

@Test(arguments: [
  "yEs", "tRUE", "nUll", "1,000", "12:30:45", "2001-01-01", "2026-01-01T00:00:00Z", "0x", "0b12",
  "=", "_1", "1e", "1e+", "1.5.6", "0x1p3", "Infinity", "nan", ".", "10.0.0.1", "1.2.3.4/5",
])
func `everything else stays a text`(text: String) {
  #expect(values("a: \(text)") == [["a": .string(text)]])
}

@Test(
  arguments: [
    ("'80'", .string("80")), ("\"on\"", .string("on")), ("!!str 80", .string("80")),
    ("!!int 80", .integer(80)), ("|\n  80", .string("80")), (">-\n  a\n  b", .string("a b")),
    ("!!float 1", .integer(1)), ("\"\\u00e9\"", .string("é")),
  ] as [(String, Value)])
func `quotes, blocks and tags say what a scalar is`(text: String, value: Value) {
  #expect(values("a: \(text)") == [["a": value]])
}

@Test(arguments: [
  ("1: a", "1"), ("true: a", "true"), ("on: a", "true"), ("0644: a", "420"), ("1.5: a", "1.5"),
  ("'on': a", "on"),
])
func `keys that are no texts are written as JSON writes them`(text: String, name: String) {
  #expect(values(text) == [.object(Fields([(name, "a")]))])
}

@Test func `merge keys bring in what the mapping does not have itself`() {
  let text = """
    base: &base {a: 1, b: 2}
    more: &more {b: 3, c: 4}
    one: {<<: *base, b: 5}
    two: {<<: [*base, *more], d: 6}
    """
  #expect(values(text).first?["one"] == ["a": 1, "b": 5])
  #expect(values(text).first?["two"] == ["a": 1, "b": 2, "c": 4, "d": 6])
}

@Test(arguments: [".inf", "-.Inf", ".nan"])
func `numbers that JSON does not have are refused`(text: String) {
  #expect(complaints("a: \(text)").first?.contains("unsupported value: \(text)") == true)
}
