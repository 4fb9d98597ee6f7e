import ClusterModel
import Simulation
import SimulationCore
import Testing

@testable import Console

@Suite struct `Commands about workloads` {
  private static let sets = """
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {name: db}
    spec:
      replicas: 2
      serviceName: db
      selector: {matchLabels: {app: db}}
      template:
        metadata: {labels: {app: db}}
        spec: {containers: [{name: db, image: "db:1"}]}
    ---
    apiVersion: apps/v1
    kind: DaemonSet
    metadata: {name: agent, annotations: {kubernetes.io/change-cause: first}}
    spec:
      selector: {matchLabels: {app: agent}}
      template:
        metadata: {labels: {app: agent}}
        spec: {containers: [{name: agent, image: "agent:1"}]}
    ---
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    metadata: {name: db}
    spec: {minAvailable: 2, selector: {matchLabels: {app: db}}}
    """

  private func console(_ commands: String, manifest: String = sets) -> Console {
    var console = Console(world: World())
    let result = console.execute(
      commands, reading: MemoryFiles(texts: ["sets.yaml": manifest, "web.yaml": webManifest]))
    #expect(result.status == 0, "\(result.errors)")
    return console
  }

  private func run(_ text: String, _ console: inout Console) -> CommandResult {
    console.execute(text, reading: MemoryFiles(texts: ["sets.yaml": Self.sets]))
  }

  @Test func `rollout status follows StatefulSets and DaemonSets`() {
    var console = console("apply -f sets.yaml")
    let first = run("rollout status sts/db", &console).output.split(separator: "\n")
    #expect(first.first == "Waiting for statefulset spec update to be observed...")
    #expect(first.contains("Waiting for 1 pods to be ready..."))
    #expect(first.last == "partitioned roll out complete: 2 new pods have been updated...")
    let daemons = run("rollout status ds/agent", &console).output
    #expect(daemons.hasSuffix("daemon set \"agent\" successfully rolled out\n"))
  }

  @Test func `rollout undo goes back to the template before`() {
    var console = console("apply -f sets.yaml; rollout status sts/db; rollout status ds/agent")
    let patch = """
      patch ds agent -p '{"spec":{"template":{"spec":{"containers":[{"name":"agent","image":"agent:2"}]}}}}'
      """
    #expect(run(patch, &console).status == 0)
    #expect(run("rollout status ds/agent", &console).status == 0)
    let history = run("rollout history ds/agent", &console).output
    #expect(
      history == """
        daemonset.apps/agent 
        REVISION  CHANGE-CAUSE
        1         first
        2         first


        """)
    #expect(
      run("rollout undo ds/agent", &console).output == "daemonset.apps/agent rolled back\n")
    #expect(run("rollout status ds/agent", &console).status == 0)
    let images = console.world.store.pods.list(namespace: "default")
      .filter { $0.metadata.labels["app"] == "agent" && !$0.metadata.isTerminating }
      .map { $0.spec.value.containers[0].image }
    #expect(images == ["agent:1", "agent:1", "agent:1"])
    #expect(
      run("get controllerrevisions -o name", &console).output.split(separator: "\n").count == 3)
  }

  @Test func `rollout restart makes the pods of a StatefulSet anew`() {
    var console = console("apply -f sets.yaml; rollout status sts/db; advance 5s")
    let before = console.world.store.pods["default", "db-0"]?.metadata.uid
    #expect(
      run("rollout restart sts/db", &console).output == "statefulset.apps/db restarted\n")
    #expect(run("rollout status sts/db", &console).status == 0)
    #expect(console.world.store.pods["default", "db-0"]?.metadata.uid != before)
  }

  @Test func `drain tells of the budget that holds it up`() {
    var console = console("apply -f sets.yaml; rollout status sts/db; advance 5s")
    let node = console.world.store.pods["default", "db-0"]?.nodeName ?? ""
    let refused = run("drain \(node) --ignore-daemonsets", &console)
    #expect(refused.status == 1)
    #expect(refused.output.contains("evicting pod default/db-0\n"))
    let problem = "error when evicting pods/\"db-0\" -n \"default\""
    let reason = "Cannot evict pod as it would violate the pod's disruption budget."
    #expect(refused.errors.contains("\(problem) (will retry after 5s): \(reason)\n"))
    #expect(refused.errors.contains("There are pending nodes to be drained:\n \(node)\n"))
    #expect(refused.errors.hasSuffix("\n\(problem): \(reason)\n"))
    #expect(
      run("scale sts db --replicas=3; rollout status sts/db; advance 5s", &console).status == 0)
    let drained = run("drain \(node) --ignore-daemonsets", &console)
    #expect(drained.output.hasSuffix("pod/db-0 evicted\nnode/\(node) drained\n"))
  }

  @Test func `autoscale makes an autoscaler and top shows what it sees`() {
    var console = console("apply -f web.yaml; rollout status deploy/web; advance 30s")
    #expect(
      run("autoscale deploy web --min=2 --max=5 --cpu=60%", &console).output
        == "horizontalpodautoscaler.autoscaling/web autoscaled\n")
    #expect(
      run("autoscale deploy web --min=5 --max=2", &console).errors
        == "error: --max=MAXPODS must be larger or equal to --min=MINPODS, max: 2, min: 5\n")
    let top = run("top pods --no-headers", &console).output.split(separator: "\n")
    #expect(top.count == 2 && top.allSatisfy { $0.contains("1m") && $0.contains("32Mi") })
    let nodes = run("top nodes", &console).output.split(separator: "\n")
    #expect(nodes.count == 5)
    #expect(nodes[0] == "NAME            CPU(cores)   CPU(%)   MEMORY(bytes)   MEMORY(%)   ")
    #expect(run("top pod nobody", &console).status == 1)
  }

  @Test func `deleting in the foreground leaves the owner until the rest is gone`() {
    var console = console("apply -f web.yaml; rollout status deploy/web")
    #expect(
      run("delete deploy web --cascade=foreground", &console).output
        == "deployment.apps \"web\" deleted from default namespace\n")
    #expect(run("get deploy web", &console).status == 0)
    #expect(run("advance 60s; get deploy web", &console).status == 1)
    #expect(run("get rs,pods", &console).output.isEmpty)
  }

  @Test func `a misspelt annotation is told, with what was meant`() {
    var console = console("apply -f web.yaml; rollout status deploy/web; advance 5s")
    let name = console.world.store.pods.list(namespace: "default").first?.metadata.name ?? ""
    #expect(
      run("annotate pod \(name) kubarium.dev/redy=false", &console).errors
        == "Warning: unknown annotation kubarium.dev/redy; did you mean kubarium.dev/ready?\n")
    #expect(
      run("annotate pod \(name) kubarium.dev/ready=no", &console).errors
        == "Warning: annotation kubarium.dev/ready: \"no\" is not true or false; it is ignored\n")
  }
}
