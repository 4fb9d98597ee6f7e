import Testing

private let documents = ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "CHANGELOG.md"]

/// Returns the names of the `make` targets that a text tells its reader to type: in its code blocks
/// and between backquotes.
private func makeTargets(in text: String) -> [String] {
  text.matches(of: /(?:^|[`$]|&&)[ \t]*make[ \t]+([a-z][a-z-]*)/.anchorsMatchLineEndings())
    .map { String($0.1) }
}

/// Returns the targets of a Makefile.
private func definedTargets(in makefile: String) -> [String] {
  makefile.matches(of: /^([a-z][a-z-]*):/.anchorsMatchLineEndings()).map { String($0.1) }
}

@Test(arguments: documents)
func `every make target that a document names is there`(document: String) throws {
  let defined = try definedTargets(in: Repository.text(of: "Makefile"))
  let unknown = try makeTargets(in: Repository.text(of: document)).filter {
    !defined.contains($0)
  }
  #expect(unknown.isEmpty, "\(document) names targets that the Makefile lacks: \(unknown)")
}

@Test func `the README names the two commands`() throws {
  let named = try makeTargets(in: Repository.text(of: "README.md"))
  #expect(named.contains("run"))
  #expect(named.contains("test"))
}

@Test func `targets are read as a reader sees them`() {
  #expect(makeTargets(in: "make run\nand `make test`, to make sure") == ["run", "test"])
  #expect(makeTargets(in: "git clone x && make lint-all") == ["lint-all"])
  #expect(definedTargets(in: "A = b\nrun:\n\tx y:\ncheck: lint test\n") == ["run", "check"])
}

@Test func `the code map names exactly the folders of Sources`() throws {
  let text = try Repository.text(of: "ARCHITECTURE.md")
  let mapped = text.matches(of: /^### `(\w+)`/.anchorsMatchLineEndings()).map { String($0.1) }
  #expect(mapped.sorted() == (try Repository.folders(in: "Sources")))
}

@Test(arguments: documents)
func `every file that a document links to is there`(document: String) throws {
  let text = try Repository.text(of: document)
  for match in text.matches(of: /\]\(([^)#:]+)\)/) {
    let path = String(match.1)
    #expect(Repository.exists(path), "\(document) links to '\(path)', which does not exist")
  }
}
