import ClusterModel
import Testing

@testable import Manifests

private let pod = """
  apiVersion: v1
  kind: Pod
  metadata:
    name: web
  spec:
    containers:
    - name: web
      image: web:1

  """

@Test(arguments: [
  (
    "a: b: c",
    "test.yaml:1:5: mapping values are not allowed in this context; quote the text if it holds"
      + " ': ', or line this key up with the ones above it"
  ),
  (
    "a:\n\tb: c",
    "test.yaml:2:1: while scanning for the next token: found character that cannot start any"
      + " token; indent with spaces instead of tabs, and quote a text that begins with @ or `"
  ),
  ("", "test.yaml:1:1: no objects in the input; write at least one object"),
  ("# nothing\n---\n---\n", "test.yaml:1:1: no objects in the input"),
  ("a: \"x\n", "test.yaml:2:1: while scanning a quoted scalar: found unexpected end of stream"),
  ("a: {b: c", "test.yaml:2:1: while parsing a flow mapping: did not find expected ',' or '}'"),
  ("a: 1\nb: 2\na: 3", "test.yaml:3:1: key \"a\" already set in map at 1:1; keep one"),
  ("{\"a\": 1, \"a\": 2}", "test.yaml:1:10: key \"a\" already set in map at 1:2"),
  ("a: \u{1b}[31m", "test.yaml:1:4: control characters are not allowed"),
  ("\"a\\e\": 1", "test.yaml:1:1: control characters in the key \"a\\x1b\"; remove them"),
  ("a: &a [*a]", "test.yaml:1:8: anchor 'a' value contains itself"),
  ("a: *b", "test.yaml:1:4: unknown anchor 'b' referenced"),
  ("a: {<<: 1}", "test.yaml:1:9: map merge requires map or sequence of maps as the value"),
  ("? [a]\n: b", "test.yaml:1:3: unsupported map key of type array"),
  ("{\"a\": [}", "test.yaml:1:8: invalid character '}' looking for beginning of value"),
  ("{\"a\": [\"d\" \"e\"]}", "test.yaml:1:12: invalid character '\"' after array element"),
  ("just a text", "test.yaml:1:1: expected an object, found a string"),
  ("- a", "test.yaml:1:1: expected an object, found a array"),
  ("kind: Pod", "test.yaml:1:1: Object 'apiVersion' is missing; add a line 'apiVersion: v1'"),
  ("apiversion: v1\nkind: Pod", "write 'apiVersion' instead of 'apiversion'"),
  (
    "apiVersion: apps/v1beta1\nkind: Deployment",
    "test.yaml:1:13: no matches for kind \"Deployment\" in version \"apps/v1beta1\"; use"
      + " 'apiVersion: apps/v1'"
  ),
  ("apiVersion: v1\nkind: Deployment", "no matches for kind \"Deployment\" in version \"v1\""),
  ("apiVersion: v1\nkind: Servce", "did you mean 'kind: Service' with 'apiVersion: v1'?"),
  ("apiVersion: extensions/v1beta1\nkind: Ingress", "use 'apiVersion: networking.k8s.io/v1'"),
  ("apiVersion: v1\nkind: Pod\nmetadata: {}", "test.yaml:3:11: resource name may not be empty"),
  (
    "apiVersion: v1\nkind: Pod\nmetadata: {name: \"a\\e[1m\"}",
    "test.yaml:3:18: control characters in metadata.name \"a\\x1b[1m\"; remove them"
  ),
])
func `bad input is named with its place and a way out`(text: String, complaint: String) {
  let reading = read(text)
  #expect(reading.manifests.isEmpty)
  #expect(
    reading.errors.contains { $0.description.contains(complaint) },
    "\(reading.diagnostics.map(\.description))")
}

@Test(arguments: [
  (
    "spec: {ports: [{port: '80'}]}",
    "json: cannot unmarshal string into Go struct field ServicePort.spec.ports.port of type int32"
  ),
  (
    "spec: {ports: [{port: 8000000000}]}",
    "json: cannot unmarshal number 8000000000 into Go struct field ServicePort.spec.ports.port of"
      + " type int32"
  ),
  (
    "spec: [1]",
    "json: cannot unmarshal array into Go struct field Service.spec of type v1.ServiceSpec"
  ),
  (
    "spec: {selector: {app: 5}}",
    "json: cannot unmarshal number into Go struct field ServiceSpec.spec.selector of type string"
  ),
  (
    "spec: {publishNotReadyAddresses: 'yes'}",
    "json: cannot unmarshal string into Go struct field"
      + " ServiceSpec.spec.publishNotReadyAddresses of type bool"
  ),
])
func `a wrong type is an error in the API server's words`(spec: String, message: String) {
  let reading = read("apiVersion: v1\nkind: Service\nmetadata: {name: web}\n\(spec)\n")
  #expect(reading.manifests.isEmpty)
  #expect(reading.errors.map(\.message) == [message])
  #expect(reading.errors.first?.line == 4)
}

@Test func `an unknown field is a warning and the rest is taken`() throws {
  let reading = read(pod + "    foo: 1\n    imagePullPolice: Always\n  nodeSelecto: {}\n")
  #expect(
    reading.diagnostics.map(\.description) == [
      "test.yaml:9:5: warning: unknown field \"spec.containers[0].foo\"; it is ignored",
      "test.yaml:10:5: warning: unknown field \"spec.containers[0].imagePullPolice\"; did you mean"
        + " \"imagePullPolicy\"? It is ignored",
      "test.yaml:11:3: warning: unknown field \"spec.nodeSelecto\"; did you mean"
        + " \"nodeSelector\"? It is ignored",
    ])
  let manifest = try #require(reading.manifests.first)
  #expect(YAMLWriter.text(ManifestEncoder.value(of: manifest)).contains("foo") == false)
}

@Test func `a fault in one document does not hide the others`() {
  let reading = read("a: b: c\n---\n\(pod)---\nkind: Pod\n---\n{\"a\": [}\n")
  #expect(reading.manifests.count == 1)
  #expect(reading.errors.map(\.line) == [1, 12, 14])
}

@Test func `a name that is given twice is an error with both places`() {
  let twice =
    pod + "---\n" + pod.replacing("name: web\nspec", with: "name: web\n  namespace: default\nspec")
  #expect(
    complaints(twice) == [
      "test.yaml:10:1: pod \"web\" is given twice: first at test.yaml:1:1; remove or rename one of"
        + " the two"
    ])
  let elsewhere = pod.replacing("name: web\nspec", with: "name: web\n  namespace: other\nspec")
  #expect(complaints(pod + "---\n" + elsewhere) == [])
}

@Test(arguments: ["[", "{a: ", "- ", "{\"a\":", "? ", "[{\"a\":"])
func `deep nesting is refused`(opening: String) {
  let text = String(repeating: opening, count: 100_000)
  #expect(complaints(text).first?.contains("nested more than 100 levels deep") == true)
}

@Test func `nesting that only aliases make is refused, too`() {
  let lines = (0..<3000).map { "a\($0): &a\($0) [\($0 == 0 ? "x" : "*a\($0 - 1)")]" }
  #expect(complaints(lines.joined(separator: "\n")).first?.contains("levels deep") == true)
}

@Test(arguments: ["", "? *a9\n: x\n", "b: {<<: *a9}\n"])
func `anchors that expand without end are refused`(last: String) {
  var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
  for level in 1...9 {
    let nine = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
    text += "a\(level): &a\(level) [\(nine)]\n"
  }
  #expect(complaints(text + last).first?.contains("document contains excessive aliasing") == true)
}

@Test func `honest aliases are fine`() {
  let shared = "&labels {app: web}"
  let text = "a: \(shared)\nb: [" + Array(repeating: "*labels", count: 50).joined(separator: ", ")
  #expect(values(text + "]").first?["b"]?.array?.count == 50)
}

@Test(
  arguments: [
    [0xFF, 0xFE, 0x61, 0x00], [0x61, 0x3A, 0x20, 0xC3, 0x28], [0x61, 0x3A, 0x20, 0x00],
    [0x7B, 0x22, 0xC3, 0x28, 0x22, 0x3A, 0x31, 0x7D],
  ] as [[UInt8]])
func `bytes that are no text are refused`(bytes: [UInt8]) {
  let reading = ManifestReader.read(bytes, file: "test.yaml")
  #expect(reading.hasErrors)
  #expect(reading.manifests.isEmpty)
}

@Test func `an input beyond the limit is refused by its size`() {
  let bytes = [UInt8](repeating: 0x20, count: 65 << 20)
  let reading = ManifestReader.read(bytes, file: "big.yaml")
  #expect(
    reading.diagnostics.map(\.description) == [
      "big.yaml:1:1: the input has 65 MiB; at most 64 MiB are read; split it into several files"
    ])
}

@Test func `two megabytes of objects are read`() {
  let count = 16_000
  let text = (0..<count).map { index in
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c\(index), labels: {app: a}}\n"
      + "data:\n  key: value of some length, so that it is like a real one\n---\n"
  }
  let reading = read(text.joined())
  #expect(reading.manifests.count == count)
  #expect(reading.diagnostics.isEmpty)
}

@Test func `problems are bounded in number and still errors`() {
  let reading = read(String(repeating: "kind: 1\n---\n", count: 5000))
  #expect(reading.diagnostics.count == 101)
  #expect(reading.diagnostics.last?.message == "9900 more problems")
  #expect(reading.hasErrors)
}

@Test func `no cut or flipped byte of a manifest crashes the reader`() {
  let bytes = Array((pod + "---\n{\"kind\": \"List\", \"items\": [1, \"\\u00e9\"]}\n").utf8)
  for cut in 0...bytes.count { _ = ManifestReader.read(Array(bytes[..<cut]), file: "a") }
  for position in bytes.indices {
    for flip in [0x01, 0x20, 0x80, 0xFF] as [UInt8] {
      var changed = bytes
      changed[position] ^= flip
      for diagnostic in ManifestReader.read(changed, file: "a").diagnostics {
        #expect(!diagnostic.description.hasControlCharacters)
      }
    }
  }
}
