import ClusterModel
import SimulationCore
import Testing

@testable import Console

@Suite struct FlagParserTests {
  private let flags: [Flag] = [
    .namespace, .allNamespaces, .filename, .output([]), .dryRun, .timeout,
    Flag("watch", short: "w", .toggle, ""), Flag("replicas", .number, ""),
  ]

  @Test func `values stand beside, behind and inside the word`() throws {
    for words in [["-n", "x"], ["-nx"], ["-n=x"], ["--namespace=x"], ["--namespace", "x"]] {
      let values = try FlagParser.parse(["get"] + words + ["pods"], flags: flags)
      #expect(values.text("namespace") == "x", "\(words)")
      #expect(values.arguments == ["get", "pods"])
    }
  }

  @Test func `toggles join and take values only after an equals sign`() throws {
    let values = try FlagParser.parse(["-Aw", "--watch=false", "true"], flags: flags)
    #expect(values.flag("all-namespaces"))
    #expect(!values.flag("watch"))
    #expect(values.arguments == ["true"])
  }

  @Test func `a list keeps every value, others the last one`() throws {
    let values = try FlagParser.parse(["-f", "a", "-fb", "-n", "x", "-n", "y"], flags: flags)
    #expect(values.texts("filename") == ["a", "b"])
    #expect(values.text("namespace") == "y")
  }

  @Test func `two dashes end the flags, one is a word`() throws {
    let values = try FlagParser.parse(["-f", "-", "-", "--", "-n", "x"], flags: flags)
    #expect(values.arguments == ["-"])
    #expect(values.trailing == ["-n", "x"])
    #expect(values.texts("filename") == ["-"])
  }

  @Test func `an optional value must be attached`() throws {
    #expect(try FlagParser.parse(["--dry-run"], flags: flags).text("dry-run") == "unchanged")
    #expect(try FlagParser.parse(["--dry-run=server"], flags: flags).text("dry-run") == "server")
  }

  @Test(arguments: [
    (["--foo"], "unknown flag: --foo"),
    (["-z"], "unknown shorthand flag: 'z' in -z"),
    (["-Az"], "unknown shorthand flag: 'z' in -Az"),
    (["--namespace"], "flag needs an argument: --namespace"),
    (["-n"], "flag needs an argument: 'n' in -n"),
    (["---"], "bad flag syntax: ---"),
    (["--=x"], "bad flag syntax: --=x"),
    (
      ["--replicas=x"],
      "invalid argument \"x\" for \"--replicas\" flag: strconv.ParseInt: parsing \"x\": invalid syntax"
    ),
    (
      ["--watch=maybe"],
      "invalid argument \"maybe\" for \"-w, --watch\" flag: strconv.ParseBool: parsing \"maybe\": invalid syntax"
    ),
    (
      ["--timeout=5"],
      "invalid argument \"5\" for \"--timeout\" flag: time: missing unit in duration \"5\""
    ),
    (
      ["--timeout=soon"],
      "invalid argument \"soon\" for \"--timeout\" flag: time: invalid duration \"soon\""
    ),
    (["--\u{1B}[2J"], "unknown flag: --\\x1b[2J"),
  ])
  func `refusals are kubectl's`(_ words: [String], _ message: String) {
    #expect(throws: FlagProblem(message)) { try FlagParser.parse(words, flags: flags) }
  }
}

@Suite struct DurationTextTests {
  @Test(
    arguments: [
      ("999ms", 999_000_000), ("10s", 10_000_000_000), ("3m", 180_000_000_000),
      ("1h", 3_600_000_000_000), ("1h30m", 5_400_000_000_000), ("1.5s", 1_500_000_000),
      ("0", 0), ("-1s", -1_000_000_000), (".5s", 500_000_000), ("7ns", 7), ("2us", 2000),
    ] as [(String, Int64)])
  func `durations are Go's`(_ text: String, _ nanoseconds: Int64) {
    #expect(DurationText.parse(text) == Duration(nanoseconds: nanoseconds))
  }

  @Test(arguments: [
    "", "s", "5", "5x", "1h 2m", "--1s", "1..5s", "99999999999999999999s", "9000h", "1d", "٣s",
    "999999999h999999999h", ".s",
  ])
  func `other texts are none`(_ text: String) {
    #expect(DurationText.parse(text) == nil)
    #expect(DurationText.refusal(of: text) != nil)
  }

  @Test func `what Go prints, Go reads`() {
    var generator = Bytes(seed: 3)
    for _ in 0..<2000 {
      let duration = Duration(nanoseconds: Int64(generator.next() % 31_000_000_000_000_000))
      #expect(DurationText.parse(duration.goText) == duration, "\(duration.goText)")
    }
  }
}

@Suite struct SelectorTests {
  @Test(arguments: [
    ("app=web", true), ("app==web", true), ("app!=web", false), ("app", true), ("!app", false),
    ("tier!=x", true), ("app in (web,db)", true), ("app notin (web)", false), ("!tier", true),
    ("n>3", true), ("n<3", false), ("app=web,n=5", true), ("app=web,n=6", false), ("", true),
    ("tier in (a), app", false), ("a.b/c=d", false),
  ])
  func `label selectors choose as the API does`(_ text: String, _ isMatch: Bool) throws {
    let labels: Labels = ["app": "web", "n": "5"]
    #expect(try LabelSelectorText.parse(text).matches(labels) == isMatch)
  }

  @Test(arguments: ["=", "a=b=c d", "a in b", "a in (b", "-a", "a=-", "a,,b", "a b", "n>x", "/a"])
  func `malformed selectors are refused`(_ text: String) {
    #expect(throws: CommandFailure.self) { try LabelSelectorText.parse(text) }
  }

  @Test func `natural order counts digits`() {
    let names = ["web-10", "web-2", "web-1", "a", "web-02"]
    #expect(
      names.sorted(by: ObjectSort.isNaturallyLess) == ["a", "web-1", "web-2", "web-02", "web-10"])
  }
}
