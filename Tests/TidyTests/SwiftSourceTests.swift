import Testing

@Test(arguments: [
  ("let a = 1 // note", "let a = 1        "),
  ("a /* b /* c */ d */ e", "a                   e"),
  (#"say("hi", b)"#, "say(    , b)"),
  (#"say("\"hi", b)"#, "say(      , b)"),
  (#"say("x \(items.map { f($0) }) y", b)"#, #"say(     items.map { f($0) })   , b)"#),
  (##"say(#"a "quoted" \(not) \#(code) b"#)"##, ##"say(                       code)    )"##),
  ("let t = \"\"\"\n  a \"b\" // c\n  \"\"\"\nd", "let t =    \n            \n     \nd"),
  ("let broken = \"abc\nlet next = 1", "let broken =     \nlet next = 1"),
])
func `comments and strings are blanked, interpolated code stays`(text: String, code: String) {
  #expect(String(SwiftSource(path: "", text: text).code) == code)
}

@Test func `a place knows its line`() {
  let source = SwiftSource(path: "a.swift", text: "one\ntwo\n\nfour\n")
  #expect([0, 3, 4, 8, 9].map(source.line(at:)) == [1, 1, 2, 3, 4])
  #expect(source.textOfLine(2) == "two")
  #expect(source.textOfLine(9) == "")
  #expect(source.lineCount == 4)
}
