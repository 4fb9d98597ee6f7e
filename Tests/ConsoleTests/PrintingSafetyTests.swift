import ClusterModel
import ControlPlane
import Testing

@testable import Console

@Suite struct PrintingSafetyTests {
  @Test(arguments: [
    ("plain", "plain"), ("a\u{1b}[31mb", "a^[[31mb"), ("a\tb", "a\\tb"),
    ("bell\u{7}", "bell\\x07"), ("c1\u{9b}", "c1\\x9b"), ("first\nsecond", "first..."),
    ("first\r\nsecond", "first..."), ("\u{202e}txt", "\\u202etxt"), ("back\\slash", "back\\slash"),
  ])
  func `a cell moves no cursor`(_ text: String, _ cell: String) {
    #expect(TextSafety.cell(text) == cell)
  }

  private static let hostile = "x\u{1b}]0;title\u{7}\t\r\u{8}\u{9b}2J\u{200e}"

  /// A kept object with a hostile text wherever a printer may look.
  private func object(_ resource: APIResource) -> StoredObject {
    let text = Value.string(Self.hostile)
    let anything: Value = [
      "type": text, "name": text, "kind": text, "host": text, "path": text, "image": text,
      "reason": text, "message": text, "status": text, "key": text, "operator": "In",
      "values": [text], "matchLabels": ["a": text], "ip": text, "cidr": text, "cpu": text,
    ]
    let names = [
      "spec", "status", "data", "metadata", "template", "podSelector", "selector", "rules",
      "ingress", "egress", "subsets", "subjects", "roleRef", "type", "conditions", "metrics",
    ]
    var spec = anything.fields ?? Fields()
    for name in names { spec[name] = .array([anything]) }
    spec["template"] = ["spec": ["containers": [anything], "volumes": [anything]]]
    var metadata = ObjectMeta(
      name: Self.hostile, namespace: Self.hostile, labels: Labels([("a", Self.hostile)]))
    metadata.annotations = Labels([("b", Self.hostile + "\n" + Self.hostile)])
    let body = Fields(names.map { ($0, .object(spec)) })
    return .kept(KeptObject(resource: resource, metadata: metadata, body: body))
  }

  @Test func `no kind lets control characters through`() {
    var context = PrintContext(now: Timestamp(seconds: 0))
    context.isWide = true
    context.withNamespace = true
    context.showLabels = true
    context.labelColumns = [Self.hostile]
    for resource in APIResource.wellKnown where resource.living == .kept {
      let object = object(resource)
      let text = printTable(resource, [object], context) + describe(object, context)
      let bad = text.unicodeScalars.filter { $0.isControl && $0 != "\n" }
      #expect(bad.isEmpty, "\(resource.plural)")
      #expect(text.contains("x^[]0;title"), "\(resource.plural)")
    }
  }

  @Test func `data of other shapes than expected is read as empty`() {
    let shapes: [Value] = [.null, 1, "text", true, [], [:], [[:]], [[]], ["x"]]
    let context = PrintContext(now: Timestamp(seconds: 0))
    for resource in APIResource.wellKnown where resource.living == .kept {
      for shape in shapes {
        let names = ["spec", "status", "subsets", "data", "secrets", "template", "subjects"]
        let kept = KeptObject(
          resource: resource, metadata: ObjectMeta(name: "x"),
          body: Fields(names.map { ($0, shape) }))
        #expect(printTable(resource, [.kept(kept)], context).contains("x"))
        #expect(describe(.kept(kept), context).hasPrefix("Name:"))
      }
    }
  }
}
