import ClusterModel
import Simulation
import SimulationCore
import Testing

@testable import Console

/// Files that a test makes up.
struct MemoryFiles: FileReading {
  var texts: [String: String]

  func files(at path: String, recursively: Bool) throws(UnreadableFile) -> [SourceFile] {
    guard let text = texts[path] else {
      throw UnreadableFile("the path \(path.goQuoted) does not exist")
    }
    return [SourceFile(name: path, bytes: Array(text.utf8))]
  }
}

let webManifest = """
  apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: web
  spec:
    replicas: 2
    selector: {matchLabels: {app: web}}
    template:
      metadata: {labels: {app: web}}
      spec:
        containers:
        - name: web
          image: nginx
          ports: [{containerPort: 80}]
  ---
  apiVersion: v1
  kind: Service
  metadata: {name: web}
  spec:
    selector: {app: web}
    ports: [{port: 80}]
  """

@Suite struct VerbTests {
  private func console(_ commands: String = "") -> Console {
    var console = Console(world: World())
    let result = console.execute(commands, reading: Self.files)
    #expect(result.errors == "", "\(commands)")
    return console
  }

  private static let files = MemoryFiles(texts: [
    "web.yaml": webManifest,
    "three.yaml": webManifest.replacing("replicas: 2", with: "replicas: 3"),
    "bad.yaml":
      "apiVersion: v1\nkind: Service\nmetadata: {name: bad}\nspec: {ports: [{port: 70000}]}",
    "broken.yaml": "a: [",
  ])

  private func run(_ text: String, _ console: inout Console) -> CommandResult {
    console.execute(text, reading: Self.files)
  }

  @Test func `apply creates, then leaves alone, then configures`() {
    var console = console()
    #expect(
      run("apply -f web.yaml", &console).output == """
        deployment.apps/web created
        service/web created

        """)
    #expect(
      run("apply -f web.yaml", &console).output == """
        deployment.apps/web unchanged
        service/web unchanged

        """)
    #expect(
      run("kubectl apply -f three.yaml", &console).output == """
        deployment.apps/web configured
        service/web unchanged

        """)
    #expect(console.world.store.deployments["default", "web"]?.replicas == 3)
  }

  @Test func `applying again after a rollout still changes nothing`() {
    var console = console("apply -f web.yaml; rollout status deployment/web; advance 10s")
    #expect(
      run("apply -f web.yaml", &console).output == """
        deployment.apps/web unchanged
        service/web unchanged

        """)
  }

  @Test func `rollout status moves time until every replica is available`() {
    var console = console("apply -f web.yaml")
    let result = run("rollout status deployment web", &console)
    #expect(result.advanced)
    #expect(result.status == 0)
    #expect(result.output.hasSuffix("deployment \"web\" successfully rolled out\n"))
    #expect(console.world.store.deployments["default", "web"]?.status.availableReplicas == 2)
  }

  @Test func `wait names each object whose condition is met`() {
    var console = console("apply -f web.yaml")
    let result = run("wait --for=condition=Available deploy --all --timeout=120s", &console)
    #expect(result.output == "deployment.apps/web condition met\n")
    #expect(result.advanced)
  }

  @Test func `wait gives up in kubectl's words at its time`() {
    var console = console("apply -f web.yaml")
    let before = console.world.now
    let result = run("wait --for=condition=nope deploy/web --timeout=5s", &console)
    #expect(result.errors == "error: timed out waiting for the condition on deployments/web\n")
    #expect(result.status == 1)
    #expect(console.world.now - before == .seconds(5))
  }

  @Test func `other commands let time stand still`() {
    var console = console("apply -f web.yaml")
    let before = console.world.now
    for command in [
      "scale deploy web --replicas=5", "get pods", "delete svc web", "label deploy web a=b",
      "set image deploy/web web=nginx:2", "rollout restart deploy web", "cordon node-1",
      "rollout status deploy web --watch=false",
    ] {
      let result = run(command, &console)
      #expect(!result.advanced, "\(command)")
      #expect(console.world.now == before, "\(command)")
    }
  }

  @Test(
    arguments: [
      ("scale deploy/web --replicas=4", "deployment.apps/web scaled\n"),
      ("set image deploy web web=nginx:2", "deployment.apps/web image updated\n"),
      ("label deploy web tier=front", "deployment.apps/web labeled\n"),
      ("annotate svc web owner='team a'", "service/web annotated\n"),
      ("delete svc web", "service \"web\" deleted from default namespace\n"),
      ("delete deploy/web", "deployment.apps \"web\" deleted from default namespace\n"),
      ("expose deploy web --name=web2 --port=81", "service/web2 exposed\n"),
      ("run one --image=busybox", "pod/one created\n"),
      ("create namespace shop", "namespace/shop created\n"),
      ("create deployment api --image=api:1 --replicas=2", "deployment.apps/api created\n"),
      ("create service nodeport np --tcp=80:8080", "service/np created\n"),
      ("rollout restart deployment/web", "deployment.apps/web restarted\n"),
      ("rollout pause deployment/web", "deployment.apps/web paused\n"),
      ("patch svc web -p '{\"spec\":{\"type\":\"NodePort\"}}'", "service/web patched\n"),
      (
        "patch deploy web --type=json -p '[{\"op\":\"replace\",\"path\":\"/spec/replicas\",\"value\":1}]'",
        "deployment.apps/web patched\n"
      ),
      ("patch deploy web --type=merge -p '{}'", "deployment.apps/web patched (no change)\n"),
      (
        "scale deploy web --replicas=9 --dry-run=server",
        "deployment.apps/web scaled (server dry run)\n"
      ),
      ("delete deploy web -o name", "deployment.apps/web\n"),
      ("get deploy,svc -o name", "deployment.apps/web\nservice/kubernetes\nservice/web\n"),
      ("digest; digest --help; seed", nil),
    ] as [(String, String?)])
  func `verbs answer as kubectl does`(_ command: String, _ output: String?) {
    var console = console("apply -f web.yaml")
    let result = run(command, &console)
    #expect(result.errors == "")
    #expect(result.status == 0)
    if let output { #expect(result.output == output) }
  }

  @Test(arguments: [
    ("get foo", "error: the server doesn't have a resource type \"foo\"\n"),
    ("get pods nope", "Error from server (NotFound): pods \"nope\" not found\n"),
    ("get deploy/nope", "Error from server (NotFound): deployments.apps \"nope\" not found\n"),
    ("get pods --foo", "error: unknown flag: --foo\nSee 'kubectl get --help' for usage.\n"),
    ("scale deploy/web", "error: required flag(s) \"replicas\" not set\n"),
    (
      "scale deploy/web --replicas=3 --current-replicas=7",
      "error: Expected replicas to be 7, was 2\n"
    ),
    ("set image deploy/web x=y", "error: unable to find container named \"x\"\n"),
    (
      "label deploy web app=x; label deploy web app=y",
      "error: 'app' already has a value (x), and --overwrite is false\n"
    ),
    ("delete pods", "error: resource(s) were provided, but no name was specified\n"),
    (
      "create namespace default",
      "Error from server (AlreadyExists): namespaces \"default\" already exists\n"
    ),
    ("rollout undo deploy/web", "error: no rollout history found for deployment \"web\"\n"),
    ("rollout resume deploy/web", "error: deployments.apps \"web\" is not paused\n"),
    ("wait --for=condition=ready pod --all -n kube-public", "error: no matching resources found\n"),
    (
      "frobnicate",
      "error: unknown command \"frobnicate\" for \"kubectl\"\nSee 'help' for the commands there are.\n"
    ),
    ("scael", "error: unknown command \"scael\" for \"kubectl\"\n\nDid you mean this?\n\tscale\n"),
    ("get 'x", "error: line 1: a single quote is never closed\n"),
  ])
  func `failures are told in kubectl's words`(_ command: String, _ errors: String) {
    var console = console("apply -f web.yaml")
    let result = run(command, &console)
    #expect(result.errors == errors)
    #expect(result.status == 1)
  }

  @Test func `a scale that must not happen does not`() {
    var console = console("apply -f web.yaml")
    let digest = console.world.digest
    _ = run("scale deploy web --replicas=9 --dry-run=server", &console)
    _ = run("scale deploy web --replicas=9 --current-replicas=1", &console)
    _ = run("delete deploy web --dry-run=client", &console)
    #expect(console.world.digest == digest)
  }

  @Test func `unreadable input ends with status 2 and names the place`() {
    var console = console()
    let digest = console.world.digest
    let broken = run("apply -f broken.yaml", &console)
    #expect(broken.status == 2)
    #expect(broken.errors.hasPrefix("broken.yaml:2:1: "))
    #expect(run("apply -f nope.yaml", &console).status == 2)
    #expect(console.world.digest == digest)
  }

  @Test func `an invalid object is refused by the server`() {
    var console = console()
    let result = run("apply -f bad.yaml", &console)
    #expect(result.status == 1)
    #expect(result.errors.hasPrefix("The Service \"bad\" is invalid: "))
    #expect(console.world.store.services["default", "bad"] == nil)
  }

  @Test func `a line of several commands stops at the first failure`() {
    var console = console()
    let result = run("get foo; create namespace x", &console)
    #expect(result.status == 1)
    #expect(console.world.store.namespaces["", "x"] == nil)
  }

  @Test func `undo brings back the previous template`() {
    var console = console(
      """
      apply -f web.yaml; rollout status deploy web; set image deploy web web=nginx:2
      rollout status deploy web
      """)
    #expect(run("rollout undo deploy/web", &console).output == "deployment.apps/web rolled back\n")
    let image = console.world.store.deployments["default", "web"]?.template.spec.value.containers
    #expect(image?.first?.image == "nginx")
  }

  @Test func `cordon is told once and drain evicts`() {
    var console = console("apply -f web.yaml; rollout status deploy web")
    let node = console.world.store.pods.list(namespace: "default").first?.nodeName ?? ""
    #expect(run("cordon \(node)", &console).output == "node/\(node) cordoned\n")
    #expect(run("cordon \(node)", &console).output == "node/\(node) already cordoned\n")
    let refused = run("drain \(node)", &console)
    #expect(refused.status == 1)
    #expect(refused.errors.contains("cannot delete DaemonSet-managed Pods"))
    let drained = run("drain \(node) --ignore-daemonsets", &console)
    #expect(drained.status == 0)
    #expect(drained.output.hasSuffix("node/\(node) drained\n"))
  }

  @Test(arguments: [
    ("sca", ["scale"]), ("rollout st", ["status"]), ("get depl", ["deployments"]),
    ("get deployments w", ["web"]), ("get deployments/w", ["deployments/web"]),
    ("scale deploy web --repl", ["--replicas"]), ("get pods -n kube-s", ["kube-system"]),
    ("get pods --namespace=kube-s", ["--namespace=kube-system"]), ("get pods -o y", ["yaml"]),
    ("cordon control", ["control-plane"]), ("trace external svc/w", ["svc/web:80"]),
    ("kubectl ge", ["get"]), ("get pods; des", ["describe"]), ("nonsense x", []),
    ("set im", ["image"]),
  ])
  func `completion knows verbs, kinds, names and flags`(_ line: String, _ words: [String]) {
    let console = console("apply -f web.yaml")
    #expect(console.completions(of: line) == words)
  }
}

@Suite struct ConsoleFuzzTests {
  @Test func `no line of random bytes ends the program`() {
    var console = Console(world: World())
    var generator = Bytes(seed: 11)
    for _ in 0..<4000 {
      let text = generator.text(below: 60)
      _ = console.execute(text)
      _ = console.completions(of: text)
    }
  }

  @Test func `no line of random words ends the program`() {
    let words =
      Verbs.all.flatMap { [$0.name] + $0.subverbs.map(\.name) } + [
        "pods", "deploy", "svc/kubernetes", "-n", "kube-system", "-o", "json", "--all", "-A", "--",
        "-l", "a=b", "--replicas=3", "--replicas=-9223372036854775808", "node/control-plane", "=",
        "{}", "--for=condition=ready", "--timeout=1s", "1ms", "99", "/", "a/b/c", "--port", "65536",
        "'", "\"", "\\", ";", "#", "\u{1B}[2J", "external", "10.96.0.1:443", "[::1]:80",
        "--dry-run",
        "--type=json", "-p", "[{\"op\":\"remove\",\"path\":\"/metadata\"}]", "--sort-by", "{.a}",
      ]
    var console = Console(world: World())
    var generator = Bytes(seed: 5)
    for _ in 0..<4000 {
      let line = (0...generator.below(7)).map { _ in words[generator.below(words.count)] }
      let result = console.execute(line.joined(separator: " "))
      #expect([0, 1, 2].contains(result.status))
      #expect(!result.errors.unicodeScalars.contains("\u{1B}"))
      _ = console.completions(of: line.joined(separator: " "))
    }
  }
}
