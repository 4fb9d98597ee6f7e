import ClusterModel
import SimulationCore
import Testing

@testable import Console

@Suite struct PrintingJSONPathTests {
  private static let list: Value = [
    "kind": "List",
    "items": [
      [
        "metadata": ["name": "a", "labels": ["app": "web", "dotted.key": "d"]],
        "spec": ["ports": [["port": 80], ["port": 443]], "ready": true],
      ],
      ["metadata": ["name": "b"], "spec": ["ports": [["port": 53]], "ready": false]],
      ["metadata": ["name": "c", "labels": ["app": "db"]], "none": .null],
    ],
  ]

  @Test(arguments: [
    ("plain text", "plain text"), ("{.kind}", "List"), ("{ $.kind }|{@.kind}", "List|List"),
    ("{.items[*].metadata.name}", "a b c"), ("{.items[0].metadata.name}", "a"),
    ("{.items[-1].metadata.name}", "c"), ("{.items[-1:].metadata.name}", "c"),
    ("{.items[0:2].metadata.name}", "a b"), ("{.items[:1].metadata.name}", "a"),
    ("{.items[::2].metadata.name}", "a c"), ("{.items[1:1]}", ""),
    ("{.items[0,2].metadata.name}", "a c"),
    ("{.items[0]['kind', 'metadata.name']}", "a"), ("{['kind']}", "List"),
    ("{.items[*].metadata.labels.dotted\\.key}", "d"),
    ("{.items[?(@.metadata.labels.app==\"db\")].metadata.name}", "c"),
    ("{.items[?(@.metadata.labels.app != 'db')].metadata.name}", "a"),
    ("{.items[?(@.metadata.labels)].metadata.name}", "a c"),
    ("{.items[*].spec.ports[?(@.port>=80)].port}", "80 443"),
    ("{.items[?(@.spec.ready==true)].metadata.name}", "a"),
    ("{..name}", "a b c"), ("{.items..port}", "80 443 53"),
    ("{.items[0].metadata.labels}", "{\"app\":\"web\",\"dotted.key\":\"d\"}"),
    ("{.nothing}-{.items[0].nothing.more}", "-"), ("{.items[2].none}", "null"),
    ("{1}{-2}{1.5}{true}{\"x\"}{'y'}", "1-21.5truexy"), ("{\"\\n\\t\\u0041\"}", "\n\tA"),
    ("{range .items[*]}{.metadata.name}{\"\\n\"}{end}.", "a\nb\nc\n."),
    (
      "{range .items[*]}{.metadata.name}:{range .spec.ports[*]}{.port},{end};{end}",
      "a:80,443,;b:53,;c:;"
    ),
    ("{range .nothing[*]}x{end}y", "y"), ("{range .items[*]}{.metadata.name}", "abc"),
  ])
  func `a template finds what kubectl finds`(_ template: String, _ text: String) throws {
    #expect(try JSONPath.text(template, of: Self.list) == text)
  }

  @Test(arguments: [
    ("{.a", "unclosed action"), ("{.items[*", "unterminated array"),
    ("{.items[x]}", "invalid array index x"), ("{.items[?(@.a]}", "unterminated filter"),
    ("{.items[?(@.a)}", "unclosed array expect ]"), ("{\"abc}", "unterminated quoted string"),
    ("{'a\\q'}", "unquote string 'a\\q' error invalid syntax"),
    ("{#}", "unrecognized character in action: U+0023 '#'"),
    ("{....}", "invalid multiple recursive descent"), ("{1.2.3}", "cannot parse number 1.2.3"),
    ("{.a[-]}", "array index - is not a number"),
  ])
  func `a malformed template is refused in kubectl's words`(_ template: String, _ why: String) {
    #expect(throws: CommandFailure("error: error parsing jsonpath \(template), \(why)")) {
      try JSONPath.text(template, of: Self.list)
    }
  }

  @Test(arguments: [
    ("{.items[7]}", "array index out of bounds: index 7, length 3"),
    ("{.items[0:9]}", "array index out of bounds: index 8, length 3"),
    ("{.items[2:1]}", "starting index 2 is greater than ending index 1"),
    ("{.items[0:2:0]}", "step must be > 0"), ("{.kind[0]}", "string is not array or slice"),
    ("{.kind[?(@.a)]}", "List is not array or slice and cannot be filtered"),
    ("{end}", "not in range, nothing to end"), ("{foo}", "unrecognized identifier foo"),
    ("{.items[?(@.metadata.name==1)]}", "incompatible types for comparison"),
    ("{.items[?(@.metadata=='a')]}", "invalid type for comparison"),
    ("{.items[?(@.metadata.name<>'a')]}", "unrecognized filter operator <>"),
  ])
  func `what cannot be evaluated says why`(_ template: String, _ why: String) {
    #expect {
      try JSONPath.text(template, of: Self.list)
    } throws: { error in
      (error as? CommandFailure)?.message.contains("Error executing template: \(why). ") == true
    }
  }

  @Test func `an error shows the template and the object`() {
    #expect(
      throws: CommandFailure(
        """
        error: error executing jsonpath "{.a[1]}": Error executing template: array index out of \
        bounds: index 1, length 1. Printing more information for debugging the template:
        \ttemplate was:
        \t\t{.a[1]}
        \tobject given to jsonpath engine was:
        \t\tmap[string]interface {}{"a":[]interface {}{"x"}, "b":true}


        """)
    ) {
      try JSONPath.text("{.a[1]}", of: ["a": ["x"], "b": true])
    }
  }

  @Test func `as JSON every action is an array`() throws {
    #expect(
      try JSONPath.text("{.items[*].metadata.name}", of: Self.list, asJSON: true)
        == "[\n    \"a\",\n    \"b\",\n    \"c\"\n]\n")
  }

  @Test(arguments: ["kind", ".kind", "{kind}", "{.kind}"])
  func `a path may leave out its braces and its first dot`(_ path: String) throws {
    #expect(try JSONPath.values(at: path, in: Self.list) == ["List"])
  }

  @Test func `custom columns are a table of paths`() throws {
    let items = Self.list["items"]?.array ?? []
    let columns = try CustomColumns(
      "NAME:.metadata.name,PORTS:{.spec.ports[*].port},L:metadata.labels,X:.none")
    #expect(
      try columns.text(of: items, noHeaders: false) == """
        NAME   PORTS    L                           X
        a      80,443   map[app:web dotted.key:d]   <none>
        b      53       <none>                      <none>
        c      <none>   map[app:db]                 <nil>

        """)
    #expect(try columns.text(of: [], noHeaders: true) == "")
  }

  @Test(arguments: [
    ("", "custom-columns format specified but no custom columns given"),
    ("A", "unexpected custom-columns spec: A, expected <header>:<json-path-expr>"),
    (
      "A:{.b",
      "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or "
        + "'{.name1.name2}'"
    ),
  ])
  func `columns that are none are refused`(_ columns: String, _ why: String) {
    #expect(throws: CommandFailure("error: \(why)")) { try CustomColumns(columns) }
  }

  @Test(arguments: 0..<40)
  func `no template is too odd`(_ seed: Int) {
    var random = RandomStream(seed: UInt64(seed), component: "templates")
    let parts = [
      "{", "}", "[", "]", "?(", ")", "@", "$", ".", "..", "*", ",", ":", "-", "1", "'", "\"", "\\",
      "items", "metadata", "name", "range ", "end", " ", "==", "<", "!", "é", "\n", "true", "[?(",
    ]
    for _ in 0..<200 {
      var template = "{"
      for _ in 0..<random.index(below: 24) { template += parts[random.index(below: parts.count)] }
      let once = try? JSONPath.text(template, of: Self.list)
      #expect((try? JSONPath.text(template, of: Self.list)) == once, "seed \(seed): \(template)")
    }
  }

  @Test func `nesting and repetition are bounded`() {
    let deep = String(repeating: "[?(@", count: 5000) + String(repeating: ")]", count: 5000)
    #expect(throws: CommandFailure.self) { try JSONPath.text("{\(deep)}", of: Self.list) }
    let ranges = String(repeating: "{range .items[*]}", count: 30) + "{.x}"
    #expect(throws: CommandFailure.self) { try JSONPath.text(ranges, of: Self.list) }
  }
}
