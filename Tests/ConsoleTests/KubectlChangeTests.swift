import ClusterModel
import Simulation
import SimulationCore
import Testing

@testable import Console

/// What changes objects, in kubectl's and the server's words.
@Suite struct `Changes in kubectl's words` {
  private static let files = MemoryFiles(texts: [
    "web.yaml": webManifest,
    "other.yaml": webManifest.replacing("app: web", with: "app: other"),
    "maps.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: new, labels: {a: b}}\n",
    "old.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: old, labels: {a: b}}\n",
    "foo.yaml": "apiVersion: v1\nkind: Foo\nmetadata: {name: p}\n---\n"
      + "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: there}\n",
    "twice.yaml": webManifest.replacing("replicas: 2", with: "replicas: \"2\"")
      .replacing("image: nginx", with: "image: true"),
    "role.yaml": """
    apiVersion: rbac.authorization.k8s.io/v1
    kind: Role
    metadata: {name: r}
    rules:
    - {apiGroups: ["", apps], resources: [pods, deployments/scale], verbs: [list]}
    - {apiGroups: [""], resources: [pods], verbs: [get]}
    """,
    "cron.yaml": """
    apiVersion: batch/v1
    kind: CronJob
    metadata: {name: cj}
    spec:
      schedule: "*/1 * * * *"
      jobTemplate:
        spec:
          template: {spec: {restartPolicy: Never, containers: [{name: j, image: busybox}]}}
    """,
    "rc.yaml": """
    apiVersion: v1
    kind: ReplicationController
    metadata: {name: rc}
    spec:
      replicas: 2
      template:
        metadata: {labels: {app: rc}}
        spec: {containers: [{name: a, image: nginx}]}
    """,
  ])

  private func console(_ commands: String = "apply -f web.yaml") -> Console {
    var console = Console(world: World())
    let result = console.execute(commands, reading: Self.files)
    #expect(result.errors == "", "\(commands)")
    return console
  }

  private func run(_ text: String, _ console: inout Console) -> CommandResult {
    console.execute(text, reading: Self.files)
  }

  @Test func `a strategic patch puts what is new in front`() {
    var console = console()
    let patch =
      "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"b\",\"image\":\"b\"}]}}}}"
    #expect(
      run("patch deploy web -p '\(patch)'", &console).output == "deployment.apps/web patched\n")
    let names = "get deploy web -o jsonpath='{.spec.template.spec.containers[*].name}'"
    #expect(run(names, &console).output == "b web")
  }

  @Test(arguments: [
    (
      "-p '{bad'",
      "error: unable to parse \"{bad\": yaml: line 1: did not find expected ',' or '}'\n"
    ),
    (
      "-p '{\"spec\":{\"replicas\":\"x\"}}'",
      "The request is invalid: patch: Invalid value: \"map[spec:map[replicas:x]]\": unrecognized "
        + "type: int32\n"
    ),
    (
      "--type=foo -p '{}'", "error: --type must be one of [json merge strategic], not \"foo\"\n"
    ),
  ])
  func `a patch that fits nothing`(_ arguments: String, _ message: String) {
    var console = console()
    let result = run("patch deploy web \(arguments)", &console)
    #expect(result.errors.hasPrefix(message), "\(result.errors)")
    #expect(result.status == 1)
  }

  @Test func `another cluster address is refused wherever it is written`() {
    var console = console()
    #expect(
      run("patch svc web -p '{\"spec\":{\"clusterIP\":\"10.96.0.77\"}}'", &console).errors
        == "The Service \"web\" is invalid: spec.clusterIPs[0]: Invalid value: [\"10.96.0.77\"]: "
        + "may not change once set\n")
  }

  @Test func `apply --force makes anew what cannot be changed`() {
    var console = console()
    let uid = console.world.store.deployments["default", "web"]?.metadata.uid
    #expect(run("apply -f other.yaml", &console).status == 1)
    #expect(
      run("apply -f other.yaml --force", &console).output == """
        deployment.apps/web configured
        service/web unchanged

        """)
    let deployment = console.world.store.deployments["default", "web"]
    #expect(deployment?.selector.matchLabels == ["app": "other"])
    #expect(deployment?.metadata.uid != uid)
  }

  @Test func `apply --prune takes away what was applied and is in the files no longer`() {
    var console = console("apply -f old.yaml; create configmap kept")
    #expect(
      run("apply -f maps.yaml --prune", &console).errors.hasPrefix(
        "error: all resources selected for prune without explicitly passing --all."))
    #expect(
      run("apply -f maps.yaml --prune -l a=b", &console).output == """
        configmap/new created
        configmap/old pruned

        """)
    #expect(
      run("get cm -o name", &console).output
        == "configmap/kept\nconfigmap/kube-root-ca.crt\nconfigmap/new\n")
  }

  @Test func `applying a CronJob again changes nothing`() {
    var console = console("apply -f cron.yaml")
    #expect(run("apply -f cron.yaml", &console).output == "cronjob.batch/cj unchanged\n")
  }

  @Test func `a Role has a line for each resource`() {
    var console = console("apply -f role.yaml")
    #expect(
      run("describe role r", &console).output == """
        Name:         r
        Labels:       <none>
        Annotations:  <none>
        PolicyRule:
          Resources               Non-Resource URLs  Resource Names  Verbs
          ---------               -----------------  --------------  -----
          pods                    []                 []              [list get]
          deployments/scale       []                 []              [list]
          deployments.apps/scale  []                 []              [list]
          pods.apps               []                 []              [list]

        """)
  }

  @Test func `a kind that nobody serves keeps the others from nothing`() {
    var console = console("version")
    let result = run("apply -f foo.yaml", &console)
    #expect(result.output == "configmap/there created\n")
    #expect(
      result.errors == """
        error: resource mapping not found for name: "p" namespace: "" from "foo.yaml": no matches \
        for kind "Foo" in version "v1"
        ensure CRDs are installed first

        """)
    #expect(result.status == 1)
  }

  @Test func `of several values that fit no field the first is told of`() {
    var console = console("version")
    let errors = run("create -f twice.yaml", &console).errors
    #expect(errors.split(separator: "\n").count == 1, "\(errors)")
    #expect(errors.contains("DeploymentSpec.spec.replicas of type int32"))
  }

  @Test func `labels and annotations are checked as kubectl and the server do`() {
    var console = console()
    #expect(
      run("label deploy web a=b/c", &console).errors.hasPrefix(
        "error: invalid label value: \"a=b/c\": a valid label must be"))
    #expect(
      run("label deploy web 'a b=c'", &console).errors.hasPrefix(
        "The Deployment \"web\" is invalid: metadata.labels: Invalid value: \"a b\": "))
    #expect(run("annotate deploy web a=b", &console).status == 0)
    #expect(run("annotate deploy web a=b", &console).output == "deployment.apps/web annotated\n")
    #expect(
      run("annotate deploy web a=c", &console).errors
        == "error: --overwrite is false but found the following declared annotation(s): 'a' already "
        + "has a value (b)\n")
  }

  @Test(arguments: [
    ("rollout history svc/web", "error: no history viewer has been implemented for \"Service\"\n"),
    ("rollout undo svc/web", "error: no rollbacker has been implemented for \"Service\"\n"),
    ("rollout status svc/web", "error: no status viewer has been implemented for Service\n"),
    ("rollout pause svc/web", "error: services \"web\" pausing is not supported\n"),
    (
      "rollout foo",
      "error: unknown command \"foo\"\nSee 'kubectl rollout -h' for help and examples\n"
    ),
    ("delete -l app=web", "error: at least one resource must be specified to use a selector\n"),
    ("scale deploy -l app=nope --replicas=1", "error: no objects passed to scale\n"),
    (
      "get pods -l 'a b'",
      "Error from server (BadRequest): Unable to find \"/v1, Resource=pods\" that match label "
        + "selector \"a b\", field selector \"\": unable to parse requirement: found 'b', expected: "
        + "in, notin, =, ==, !=, gt, lt\n"
    ),
    (
      "taint node node-1 a=b",
      "error: invalid taint spec: a=b, name part must consist of alphanumeric characters, '-', '_' "
        + "or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or "
        + "'my.name',  or '123-abc', regex used for validation is "
        + "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')\n"
    ),
  ])
  func `what is refused`(_ command: String, _ message: String) {
    var console = console()
    let result = run(command, &console)
    #expect(result.errors == message)
    #expect(result.status == 1)
  }

  @Test func `a request for Endpoints is answered with a warning, once`() {
    var console = console()
    #expect(
      run("get ep,endpoints", &console).errors
        == "Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice\n")
  }

  @Test func `a ReplicationController keeps its pods`() {
    var console = console("apply -f rc.yaml; advance 30s")
    #expect(
      run("get rc -o wide", &console).output == """
        NAME   DESIRED   CURRENT   READY   AGE   CONTAINERS   IMAGES   SELECTOR
        rc     2         2         2       30s   a            nginx    app=rc

        """)
    _ = run("scale rc rc --replicas=1; advance 60s", &console)
    #expect(console.world.store.pods.list(namespace: "default").count == 1)
    let text = run("describe rc rc", &console).output
    #expect(text.contains("Selector:     app=rc\nLabels:       app=rc\n"))
    #expect(text.contains("Replicas:     1 current / 1 desired\n"))
    #expect(text.contains("replication-controller  Deleted pod: rc-"))
    _ = run("delete rc rc; advance 60s", &console)
    #expect(console.world.store.pods.list(namespace: "default").isEmpty)
  }

  @Test func `a machine that comes back under its name runs its pods again`() {
    var console = console("apply -f web.yaml; advance 30s")
    _ = run("scale nodes --replicas=0; advance 5s; scale nodes --replicas=3; advance 3m", &console)
    let store = console.world.store
    #expect(store.nodes.list().count { $0.isReady } == 4)
    for pod in store.pods.list() {
      #expect(pod.isReady, "\(pod.metadata.name)")
      let blocks = store.nodes["", pod.nodeName]?.podCIDRs ?? []
      guard let address = pod.status.podIP, !pod.spec.value.hostNetwork else { continue }
      #expect(blocks.contains { $0.contains(address) }, "\(pod.metadata.name)")
    }
    // The blocks that are free again come last.
    #expect(store.nodes["", "node-1"]?.podCIDRs.first?.description == "10.244.4.0/24")
  }

  @Test func `a machine takes the place of one whose Node was deleted`() {
    var console = console("apply -f web.yaml; advance 30s; delete node node-1")
    _ = run("scale nodes --replicas=3; advance 3m", &console)
    #expect(console.world.store.nodes.list().count { $0.isReady } == 4)
    #expect(console.world.store.pods.list().count { !$0.isReady } == 0)
  }

  @Test func `a taint that one node lacks is taken from the others`() {
    var console = console("taint node node-2 lane=fast:NoSchedule")
    let result = run("taint nodes --all lane-", &console)
    #expect(result.output == "node/node-2 untainted\n")
    #expect(result.errors.contains("taint \"lane\" not found"))
    #expect(result.status == 1)
  }

  @Test func `a container counts as running when its postStart hook is done`() {
    let pod = """
      apiVersion: v1
      kind: Pod
      metadata: {name: hook}
      spec:
        containers:
        - name: a
          image: nginx
          lifecycle: {postStart: {exec: {command: [sleep, "20"]}}}
      """
    var console = Console(world: World())
    let files = MemoryFiles(texts: ["hook.yaml": pod])
    _ = console.execute("apply -f hook.yaml; advance 10s", reading: files)
    #expect(run("events --for pod/hook", &console).output.contains("Container started"))
    #expect(run("get pod hook --no-headers", &console).output.contains("ContainerCreating"))
    #expect(run("advance 20s; get pod hook --no-headers", &console).output.contains("1/1"))
  }
}
