import Testing

@testable import Console

@Suite struct PrintingTabWriterTests {
  @Test func `a table's last column is not padded`() {
    #expect(
      TabWriter.table.text([["A", "LONGER", "C"], ["value", "b", ""]]) == """
        A       LONGER   C
        value   b        \("")

        """)
  }

  @Test func `a column of a table is at least six wide`() {
    #expect(TabWriter.table.text([["A", "B"], ["a", "b"]]) == "A     B\na     b\n")
  }

  @Test func `a column ends where a line has no cell in it`() {
    #expect(
      TabWriter.description.text("a:\tb\nlong name:\tc\nHeading:\n  x:\ty\n") == """
        a:          b
        long name:  c
        Heading:
          x:  y

        """)
  }

  @Test func `a later column may go on where an earlier one is narrower`() {
    #expect(
      TabWriter.description.text("a\tb\tc\naaaa\tbb\naa\tbbb\tc\n") == """
        a     b  c
        aaaa  bb
        aa    bbb  c

        """)
  }

  @Test func `width is counted in characters and not in bytes`() {
    #expect(TabWriter.description.text("é\tx\nee\tx\n") == "é   x\nee  x\n")
  }

  @Test func `thousands of columns are no trouble`() {
    let line = Array(repeating: "x", count: 20_000)
    let text = TabWriter.table.text([line])
    #expect(text.utf8.count == 19_999 * 6 + 2)
  }

  @Test func `no text gives no lines`() {
    #expect(TabWriter.table.text("") == "")
    #expect(TabWriter.table.text([]) == "")
  }
}
