import Foundation
import Testing

@Suite struct `kubarium exec` {
  private static let shop = "demos/shop.yaml"

  @Test func `brings the shop up and every request succeeds`() throws {
    let result = try Program.exec(
      [
        "wait --for=condition=available deployment --all --timeout=120s", "advance 20s",
        "get endpointslices -l app=frontend -o name", "traffic list",
      ], files: [Self.shop])
    #expect(result.status == 0)
    #expect(result.errors == "")
    #expect(result.output.contains("deployment.apps/frontend condition met"))
    let rows = result.output.split(separator: "\n").filter { $0.hasSuffix("running") }
    #expect(rows.count >= 12)
    #expect(rows.allSatisfy { $0.contains(" 0.0% ") })
  }

  @Test func `prints for more commands what it printed for fewer, and then the rest`() throws {
    let commands = [
      "get nodes", "create deployment web --image=nginx --replicas=2", "advance 5s",
      "get pods -o wide", "get events", "scale deployment web --replicas=4", "advance 20s",
      "get all", "traffic list", "digest",
    ]
    var before = ""
    for count in 1...commands.count {
      let result = try Program.exec(Array(commands.prefix(count)))
      #expect(result.status == 0)
      #expect(result.output.hasPrefix(before))
      before = result.output
    }
  }

  @Test func `gives the same bytes in two processes and in both builds`() throws {
    let folder = try TemporaryFolder()
    let commands = try String(
      contentsOf: Program.root.appending(path: "demos/shop.commands"), encoding: .utf8)
    let script = try folder.file("script", commands + "\ndigest\n")
    func play(_ build: Program.Build, seed: String) throws -> String {
      let result = try Program.run(["exec", "--seed", seed, "-f", Self.shop, script], build: build)
      #expect(result.status == 0, "\(result.errors)")
      return result.output
    }
    let debug = try play(.debug, seed: "7")
    #expect(try play(.debug, seed: "7") == debug)
    if Program.path(.release) != nil { #expect(try play(.release, seed: "7") == debug) }
    #expect(try play(.debug, seed: "8") != debug)
  }

  @Test func `stops at the first command that fails, unless told to go on`() throws {
    let commands = ["get deployment nothing", "get namespaces"]
    let stopped = try Program.exec(commands)
    #expect(stopped.status == 1)
    #expect(stopped.output == "")
    #expect(
      stopped.errors == "Error from server (NotFound): deployments.apps \"nothing\" not found\n")
    let gone = try Program.exec(commands, options: ["--keep-going"])
    #expect(gone.status == 1)
    #expect(gone.output.contains("kube-system"))
  }

  @Test func `reads standard input`() throws {
    let manifest = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: here\n"
    let result = try Program.exec(["get ns here -o name"], files: ["-"], input: manifest)
    #expect(result.status == 0)
    #expect(result.output == "namespace/here\n")
  }
}

@Suite struct `Bad input` {
  /// A manifest, what the message must hold, and the exit status.
  private static let cases: [(name: String, text: String, message: String, status: Int32)] = [
    ("syntax", "kind: [\n", "syntax.yaml:", 2),
    (
      "type", "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n  ports:\n  - port: x\n",
      "type.yaml:6:11", 2
    ),
    ("empty", "", "empty.yaml", 2),
    (
      "control", "apiVersion: v1\nkind: Pod\nmetadata:\n  name: \"a\\u001b[2Jb\"\n",
      "control.yaml:4", 2
    ),
    ("nokind", "apiVersion: v1\nmetadata: {name: a}\n", "nokind.yaml:1", 2),
    (
      "bomb",
      "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
        + "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
        + "e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]\n"
        + "g: [*f,*f,*f,*f,*f,*f,*f,*f,*f,*f]\n", "bomb.yaml:", 2
    ),
    (
      "port",
      "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  ports:\n  - port: 70000\n",
      "spec.ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive", 2
    ),
    (
      "address",
      "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  clusterIP: 10.0.0.1\n"
        + "  ports:\n  - port: 80\n",
      "failed to allocate IP 10.0.0.1: the provided network does not match the current range", 2
    ),
    (
      "twice",
      "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n---\napiVersion: v1\n"
        + "kind: Namespace\nmetadata: {name: a}\n", "twice.yaml:", 2
    ),
  ]

  @Test(arguments: cases.map(\.name))
  func `is told where it is and what is wrong`(name: String) throws {
    let entry = try #require(Self.cases.first { $0.name == name })
    let folder = try TemporaryFolder()
    let path = try folder.file("\(name).yaml", entry.text)
    let result = try Program.exec(["get ns -o name"], files: [path])
    #expect(result.status == entry.status, "\(result.errors)")
    #expect(result.errors.contains(entry.message), "\(result.errors)")
    #expect(!result.errors.utf8.contains(0x1B))
    #expect(result.output == "")
  }

  @Test func `what the API server refuses is refused in its words`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file(
      "port.yaml",
      "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  ports:\n"
        + "  - {port: 70000, targetPort: 80}\n")
    let result = try Program.exec(["apply -f \(path)"])
    #expect(result.status == 1)
    #expect(
      result.errors
        == "The Service \"web\" is invalid: spec.ports[0].port: Invalid value: 70000: must be between "
        + "1 and 65535, inclusive\n")
  }

  @Test func `a file that does not exist is named`() throws {
    let result = try Program.exec(["get ns"], files: ["no-such-file.yaml"])
    #expect(result.status == 2)
    #expect(result.errors.contains("no-such-file.yaml"))
  }

  @Test func `an unknown field is warned about and passed over`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file(
      "field.yaml",
      "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  prots: []\n  ports:\n"
        + "  - port: 80\n")
    let result = try Program.exec(["get svc web -o name"], files: [path])
    #expect(result.status == 0)
    #expect(result.output == "service/web\n")
    #expect(result.errors.contains("unknown field \"spec.prots\""))
  }

  @Test(arguments: [
    ["exec", "--no-such-flag"], ["exec", "--nodes", "-1"], ["nonsense-verb", "--x"],
  ])
  func `bad usage ends with status 2`(arguments: [String]) throws {
    let result = try Program.run(arguments)
    #expect(result.status == 2, "\(result.output)\(result.errors)")
    #expect(!result.errors.isEmpty)
  }
}
