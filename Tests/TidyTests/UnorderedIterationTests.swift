import Testing

/// What decides outcomes, and must not depend on how a process seeds its hashing.
private let engine = [
  "SimulationCore", "ClusterModel", "ControlPlane", "DataPlane", "Traffic", "Simulation",
]

@Test func `the engine walks over no Dictionary and no Set`() throws {
  let sources = try engine.flatMap(Repository.sources(of:))
  let findings = UnorderedIterationScanner(sources).findings()
  #expect(findings.isEmpty, "\(findings.listed)")
}

/// Returns the lines that the scanner complains about.
private func lines(_ texts: String...) -> [Int] {
  let sources = texts.enumerated().map { SwiftSource(path: "\($0.offset).swift", text: $0.element) }
  return UnorderedIterationScanner(sources).findings().map(\.line)
}

@Test(arguments: [
  "for pod in table { use(pod) }",
  "for (name, pod) in self.table { use(pod) }",
  "for name in table.keys { use(name) }",
  "for pod in table.values where pod.isReady { use(pod) }",
  "let all = table.values.map { $0 }",
  "let all = table.map { $0 }",
  "let ready = table.values.filter(\\.isReady)",
  "table.forEach { use($0) }",
  "let sum = table.values.reduce(0) { $0 + $1 }",
  "let any = table.first",
  "let any = table\n  .values\n  .first { $0.isReady }",
  "let oldest = table.values.min { $0.age < $1.age }",
  "let oldest = names.max(by: isOlder)",
  "for name in names { use(name) }",
  "let list = Array(names)",
  "list.append(contentsOf: names)",
  "let list = [String](names)",
  "let list = head + names",
  "for (a, b) in zip(names, list) { use(a) }",
  "let text = \"\\(names.joined())\"",
  "for name in groups[key] ?? [] { use(name) }",
  "for name in groups[key, default: []] { use(name) }",
  "if let group = groups[key] { for name in group { use(name) } }",
  "let group = groups[key]!\nuse(group.first)",
  "for name in names.union(others) { use(name) }",
  "let seen = Set(list)\nfor name in seen { use(name) }",
  "let seen = Set<String>()\nlet b = seen.map { $0 }",
  "var seen: Set<String> = []\nfor name in seen { use(name) }",
  "let counts = [\"a\": 1]\nfor pair in counts { use(pair) }",
  "let grouped = Dictionary(grouping: list, by: key)\nfor pair in grouped { use(pair) }",
  "for name in everyName() { use(name) }",
  "let keys = table.keys\nfor key in keys { use(key) }",
  "for pair in index { use(pair) }",
  "for name in list { for other in names { use(other) } }",
  "if let optional { for name in optional { use(name) } }",
  "for name in optional! { use(name) }",
  "list.forEach { $0.labels.map(use) }",
])
func `a walk over a dictionary or a set is found`(body: String) {
  #expect(!lines(world(body)).isEmpty)
}

@Test(arguments: [
  "for name in table.keys.sorted() { use(name) }",
  "for pod in table.values.sorted(by: isOlder) { use(pod) }",
  "for (name, pod) in table.sorted(by: { $0.key < $1.key }) { use(pod) }",
  "let pod = table[name]",
  "let pod = table[name]?.containers.map { $0 }",
  "if names.contains(name) { use(name) }",
  "let count = table.count + names.count",
  "let isDone = names.isEmpty && table.keys.contains(name)",
  "names.formUnion(others)",
  "let smallest = names.min()",
  "let list = Array(names).sorted()",
  "for name in list { use(name) }",
  "let first = list.first",
  "let names = list\nfor name in names { use(name) }",
  "let names = table.keys.sorted()\nfor name in names { use(name) }",
  "let moved = table.mapValues { $0 }\nuse(moved[name])",
  "for index in 0..<table.count { use(index) }",
  "// for name in names { }",
  "use(\"for name in names\")",
  "let order = list.map { names.contains($0) ? 1 : 0 }",
  "for name in names.sorted() where table[name] != nil { use(name) }",
  "for pod in ordered { use(pod) }",
  "for name in other.items { use(name) }",
  "let key = list.first { names.contains($0) }",
])
func `looking something up, counting and sorting are let through`(body: String) {
  #expect(lines(world(body)).isEmpty)
}

@Test func `a comment with a reason lets a walk through, one without does not`() {
  let onSameLine = world("for name in names { sum += 1 }  // order-free: a sum of ones")
  let onLineBefore = world("// order-free: a sum of ones\nfor name in names { sum += 1 }")
  let withoutReason = world("// order-free:\nfor name in names { sum += 1 }")
  #expect(lines(onSameLine).isEmpty)
  #expect(lines(onLineBefore).isEmpty)
  #expect(lines(withoutReason).count == 1)
}

@Test func `members are known in other files, by their name`() {
  let model = "struct Pod {\n  var labels: [String: String]\n}\n"
  let use = "func show(pod: Pod) {\n  for label in pod.labels { use(label) }\n}\n"
  #expect(lines(model, use) == [2])
}

@Test func `a parameter hides a member of the same name, in its function only`() {
  let text = """
    struct World {
      var pods: [String: Pod]
      func first(of pods: [Pod]) { for pod in pods { use(pod) } }
      func second() { for pod in pods { use(pod) } }
    }
    """
  #expect(lines(text) == [4])
}

@Test func `a name that two types use differently is not guessed at`() {
  let first = "struct A {\n  var items: [String]\n}\n"
  let second = "struct B {\n  var items: Set<String>\n}\n"
  let use = "func show(it: A) {\n  for item in it.items { use(item) }\n}\n"
  #expect(lines(first, second, use).isEmpty)
}

@Test(arguments: [
  ("[String: Int]", true), ("[Int]", false), ("Set<Int>", true), ("Dictionary<Int, [Int]>", true),
  ("[[String: Int]]", false), ("inout [String: Int]", true), ("Set<Int>?", true),
  ("OrderedSet<Int>", false), ("(Int) -> [Int]", false), ("[(key: Int, value: Int)]", false),
  ("[Int: [Int: Int]]", true), ("Settings", false),
])
func `a type's text says whether it has an order`(text: String, isUnordered: Bool) {
  #expect(TypeText(text).isUnordered == isUnordered)
}

@Test(arguments: [
  ("[String: Set<Int>]", "Set<Int>"), ("[[Int: Int]]", "[Int: Int]"),
  ("Dictionary<Int, Set<Int>>", "Set<Int>"), ("[Int: [Int: Bool]]", "[Int: Bool]"),
])
func `a subscript gives the type of the values`(text: String, value: String) {
  #expect(TypeText(text).subscripted?.text == value)
}

/// Puts statements into a type that has one of everything.
private func world(_ body: String) -> String {
  """
  typealias Index = [Int: Int]
  struct Pod {
    var containers: [String]
    let labels: [String: String]
  }
  struct World {
    var table: [String: Pod] = [:]
    let names: Set<String>
    let others: Set<String>
    var groups: [String: Set<String>]
    var index: Index
    var list: [String]
    var optional: Set<String>?
    var ordered: [Pod] { table.keys.sorted().map { table[$0]! } }
    func everyName() -> Set<String> { names }
    mutating func run(
      other: Other
    ) {
      \(body)
    }
  }
  """
}
