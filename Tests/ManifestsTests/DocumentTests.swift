import ClusterModel
import Spelling
import Testing

@testable import Manifests

@Test(arguments: [
  ("a: 1\n---\nb: 2\n", 2), ("---\na: 1\n---\n", 1), ("%YAML 1.1\n---\na: 1\n", 1),
  ("a: 1\n--- # next\nb: 2\n", 2), ("a: 1\n--- {b: 2}\n", 2), ("a: 1\r\n---\r\nb: 2\r\n", 2),
  ("{\"a\": 1}\n{\"b\": 2}", 2), ("\u{feff}a: 1", 1), ("a: 1\n...\n---\nb: 2\n", 2),
  ("# first\n\n\t{\"a\":\t1}", 1), ("a: |\n  text\n  --- not a mark\n", 1), ("null\n---\n~\n", 0),
])
func `documents are told apart`(text: String, count: Int) {
  let (documents, problems) = DocumentReader.read(Array(text.utf8))
  #expect(documents.count == count)
  #expect(problems.map(\.message) == [])
}

@Test func `lists are flattened, and their items may leave out what the list says`() {
  let text = """
    apiVersion: v1
    kind: List
    items:
    - {apiVersion: v1, kind: Namespace, metadata: {name: a}}
    - apiVersion: v1
      kind: NamespaceList
      items:
      - metadata: {name: b}
      - metadata: {name: c, lable: 1}
    """
  let reading = read(text)
  #expect(reading.manifests.compactMap(\.metadata?.name) == ["a", "b", "c"])
  #expect(
    reading.manifests.map(\.place) == [
      Place(line: 4, column: 3), Place(line: 8, column: 5), Place(line: 9, column: 5),
    ])
  #expect(reading.diagnostics.map(\.place) == [Place(line: 9, column: 25)])
}

@Test func `kinds that are not simulated are kept as written`() throws {
  let text = """
    apiVersion: example.com/v1
    kind: Widget
    metadata:
      name: w
    spec:
      anything:
      - 1
      - two

    """
  let manifest = try object(text)
  #expect(manifest.resource.plural == "widgets")
  #expect(YAMLWriter.text(ManifestEncoder.value(of: manifest)) == text)
}

@Test func `the last applied configuration is what kubectl annotates`() throws {
  let manifest = try object(
    """
    apiVersion: v1
    kind: Service
    metadata:
      name: web
      annotations:
        kubectl.kubernetes.io/last-applied-configuration: old
    spec:
      ports:
      - {port: 80, name: "a<b"}
    """)
  #expect(
    LastApplied.text(of: manifest.value, namespace: "default") == """
      {"apiVersion":"v1","kind":"Service","metadata":{"annotations":{},"name":"web",\
      "namespace":"default"},"spec":{"ports":[{"name":"a\\u003cb","port":80}]}}

      """)
}

@Test(
  arguments: [
    ("999ms", 999_000_000), ("10s", 10_000_000_000), ("3m", 180_000_000_000),
    ("1h", 3_600_000_000_000), ("1h30m", 5_400_000_000_000), ("0", 0), ("1.5s", 1_500_000_000),
    ("1us", 1000), ("-2s", -2_000_000_000), (".5m", 30_000_000_000),
    ("2562047h", 9_223_369_200_000_000_000),
  ] as [(String, Int64)])
func `durations are read as Go reads them`(text: String, nanoseconds: Int64) {
  #expect(DurationText.nanoseconds(text) == nanoseconds)
}

@Test(arguments: [
  "", "10", "s", "1 s", "1x", "1h 30m", "--1s", "1e3s", "9999999999h", "99999999999999999999s",
  ".s",
])
func `what is no duration, or too long a one, is refused`(text: String) {
  #expect(DurationText.nanoseconds(text) == nil)
}

@Test(
  arguments: [
    ("imagePullPolice", "imagePullPolicy"), ("lables", "labels"), ("Replicas", "replicas"),
    ("zzz", nil),
  ] as [(String, String?)])
func `the nearest name is suggested`(wrong: String, right: String?) {
  #expect(
    NearestName.of(wrong, in: ["imagePullPolicy", "labels", "replicas", "selector"]) == right)
}
