import ClusterModel
import Testing

private let labels: Labels = ["app": "web", "tier": "front", "size": "5"]

@Test(arguments: [
  (LabelSelector(), true),
  (LabelSelector(matchLabels: ["app": "web"]), true),
  (LabelSelector(matchLabels: ["app": "web", "tier": "back"]), false),
  (LabelSelector(matchLabels: ["other": "web"]), false),
  (
    LabelSelector(matchExpressions: [.init(key: "tier", operator: .in, values: ["a", "front"])]),
    true
  ),
  (LabelSelector(matchExpressions: [.init(key: "none", operator: .in, values: ["a"])]), false),
  (
    LabelSelector(matchExpressions: [.init(key: "tier", operator: .notIn, values: ["front"])]),
    false
  ),
  (LabelSelector(matchExpressions: [.init(key: "none", operator: .notIn, values: ["a"])]), true),
  (LabelSelector(matchExpressions: [.init(key: "app", operator: .exists)]), true),
  (LabelSelector(matchExpressions: [.init(key: "none", operator: .exists)]), false),
  (LabelSelector(matchExpressions: [.init(key: "app", operator: .doesNotExist)]), false),
  (LabelSelector(matchExpressions: [.init(key: "none", operator: .doesNotExist)]), true),
  (
    LabelSelector(matchExpressions: [.init(key: "size", operator: .greaterThan, values: ["4"])]),
    true
  ),
  (
    LabelSelector(matchExpressions: [.init(key: "size", operator: .lessThan, values: ["5"])]), false
  ),
  (
    LabelSelector(matchExpressions: [.init(key: "app", operator: .greaterThan, values: ["4"])]),
    false
  ),
  (
    LabelSelector(
      matchLabels: ["app": "web"], matchExpressions: [.init(key: "tier", operator: .doesNotExist)]),
    false
  ),
])
func `a selector matches when every requirement holds`(selector: LabelSelector, matches: Bool) {
  #expect(selector.matches(labels) == matches)
}

@Test func `a selector is printed as kubectl prints it`() {
  let selector = LabelSelector(
    matchLabels: ["b": "1", "a": "2"],
    matchExpressions: [
      .init(key: "c", operator: .in, values: ["y", "x"]),
      .init(key: "d", operator: .notIn, values: ["z"]), .init(key: "e", operator: .exists),
      .init(key: "f", operator: .doesNotExist),
    ])
  #expect(selector.text == "a=2,b=1,c in (x,y),d notin (z),e,!f")
}

@Test func `labels are sorted by key and each key stands once`() {
  var labels: Labels = ["b": "1", "a": "2", "b": "3"]
  #expect(labels.text == "a=2,b=3")
  labels["a"] = nil
  labels["c"] = "4"
  #expect(labels.text == "b=3,c=4")
  #expect(labels.merging(["c": "5", "a": "0"]).text == "a=0,b=3,c=5")
}

@Test func `fields are sorted by name whatever the order they come in`() {
  var state: UInt64 = 7
  for _ in 0..<200 {
    var fields = Fields()
    var names: Set<String> = []
    for _ in 0..<20 {
      state = state &* 6_364_136_223_846_793_005 &+ 1
      let name = "k\((state >> 33) % 12)"
      if state >> 63 == 0 {
        fields[name] = "x"
        names.insert(name)
      } else {
        fields[name] = nil
        names.remove(name)
      }
      #expect(fields.all.map(\.name) == names.sorted())
    }
  }
}

@Test(arguments: [
  ("9bfbe1b9-d0ef-4e99-bed7-731a25952f20", "9bfbe1b9-d0ef-4e99-bed7-731a25952f20"),
  ("00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000001"),
])
func `identifiers read back`(text: String, canonical: String) {
  #expect(UID(text).description == canonical)
  #expect(UID("not a uuid") == UID("not a uuid"))
  #expect(UID("not a uuid") != UID("not a uuid."))
}

@Test(arguments: [
  (Toleration(key: "a", isExists: true), true), (Toleration(key: "b", isExists: true), false),
  (Toleration(), true), (Toleration(key: "a", isExists: false, value: "v"), true),
  (Toleration(key: "a", isExists: false, value: "w"), false),
  (Toleration(key: "a", effect: .noExecute), false), (Toleration(isExists: false), false),
])
func `a toleration tolerates what it names`(toleration: Toleration, tolerates: Bool) {
  #expect(toleration.tolerates(Taint(key: "a", value: "v", effect: .noSchedule)) == tolerates)
}

@Test(
  arguments: [
    ("deploy", "deployments"), ("svc", "services"), ("pods", "pods"), ("Pod", "pods"),
    ("deployments.apps", "deployments"), ("endpointslice", "endpointslices"), ("nosuch", nil),
  ] as [(String, String?)])
func `resources go by several names`(name: String, plural: String?) {
  #expect(APIResource.named(name)?.plural == plural)
}

@Test(arguments: [
  ("Policy", "policies"), ("Gateway", "gateways"), ("Class", "classes"), ("Widget", "widgets"),
])
func `a kind nobody knows gets its plural by rule`(kind: String, plural: String) {
  let resource = APIResource.of(apiVersion: "example.com/v1", kind: kind)
  #expect(resource.plural == plural)
  #expect(resource.living == .kept)
}
