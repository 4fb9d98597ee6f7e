import ClusterModel
import Simulation
import Testing

@testable import Console

/// What commands say on a cluster with `web.yaml` applied.
@Suite struct KubectlTextTests {
  private static let files = MemoryFiles(texts: [
    "web.yaml": webManifest,
    "three.yaml": webManifest.replacing("replicas: 2", with: "replicas: 3"),
    "typo.yaml": webManifest.replacing("replicas: 2", with: "replica: 2"),
    "wrong.yaml": webManifest.replacing("replicas: 2", with: "replicas: two"),
    "other.yaml":
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {selector: {matchLabels: "
      + "{app: x}}, template: {metadata: {labels: {app: x}}, spec: {containers: [{name: web, "
      + "image: nginx}]}}}",
    "bad.yaml":
      "apiVersion: v1\nkind: Service\nmetadata: {name: bad}\nspec: {ports: [{port: 70000}]}",
    "two.yaml":
      "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 0}]}\n---\n"
      + "apiVersion: v1\nkind: Service\nmetadata: {name: b}\nspec: {ports: [{port: 0}]}",
    "template": "{{.metadata.name}}",
  ])

  private func run(_ command: String, on console: inout Console) -> CommandResult {
    console.execute(command, reading: Self.files)
  }

  private func console() -> Console {
    var console = Console(world: World())
    #expect(run("apply -f web.yaml", on: &console).status == 0)
    return console
  }

  @Test(arguments: [
    ("replace -f three.yaml", "deployment.apps/web replaced\nservice/web replaced\n"),
    (
      "autoscale deployment web --max=4 --cpu=50%",
      "horizontalpodautoscaler.autoscaling/web autoscaled\n"
    ),
    ("create configmap c --from-literal=a=b", "configmap/c created\n"),
    ("create secret generic s --from-literal=a=b", "secret/s created\n"),
    ("create job j --image=busybox -- date", "job.batch/j created\n"),
    ("create cronjob c --image=b --schedule='0 * * * *'", "cronjob.batch/c created\n"),
    ("create ingress i --rule='a.example/*=web:80'", "ingress.networking.k8s.io/i created\n"),
    ("create quota q --hard=pods=10", "resourcequota/q created\n"),
    ("create sa robot", "serviceaccount/robot created\n"),
    (
      "create pdb p --selector=app=web --min-available=1", "poddisruptionbudget.policy/p created\n"
    ),
    (
      "create role r --verb=get --resource=pods",
      "role.rbac.authorization.k8s.io/r created\n"
    ),
    ("rollout restart deployment/web", "deployment.apps/web restarted\n"),
    (
      "set resources deployment web --limits=cpu=1",
      "deployment.apps/web resource requirements updated\n"
    ),
    ("set serviceaccount deployment web robot", "deployment.apps/web serviceaccount updated\n"),
    ("config current-context", "kubarium\n"),
    ("auth can-i delete pods", "yes\n"),
    ("get deployment web -o go-template-file=template", "web"),
    (
      "get svc -o go-template='{{range .items}}{{.metadata.name}}:{{len .spec.ports}} {{end}}'",
      "kubernetes:1 web:1 "
    ),
    ("get svc web -o go-template='{{if .spec.nope}}a{{else}}{{.spec.nope}}{{end}}'", "<no value>"),
    (
      "get svc web -o go-template='{{(index .spec.ports 0).port | printf \"%05d\"}}'", "   80"
    ),
  ])
  func `a verb tells what it has done`(_ command: String, _ output: String) {
    var console = console()
    let result = run(command, on: &console)
    #expect(result.output == output)
    #expect(result.errors == "")
    #expect(result.status == 0)
  }

  @Test(arguments: [
    (
      "apply -f other.yaml",
      "The Deployment \"web\" is invalid: spec.selector: Invalid value: "
        + "{\"matchLabels\":{\"app\":\"x\"}}: field is immutable\n"
    ),
    (
      "create -f typo.yaml -n other",
      "Error from server (BadRequest): error when creating \"typo.yaml\": Deployment in version "
        + "\"v1\" cannot be handled as a Deployment: strict decoding error: unknown field "
        + "\"spec.replica\"\nError from server (NotFound): error when creating \"typo.yaml\": "
        + "namespaces \"other\" not found\n"
    ),
    (
      "create -f wrong.yaml",
      "Error from server (BadRequest): error when creating \"wrong.yaml\": Deployment in version "
        + "\"v1\" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct "
        + "field DeploymentSpec.spec.replicas of type int32\nError from server (AlreadyExists): "
        + "error when creating \"wrong.yaml\": services \"web\" already exists\n"
    ),
    (
      "apply -f two.yaml",
      "Error from server (Invalid): error when creating \"two.yaml\": Service \"a\" is invalid: "
        + "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive\n"
        + "Error from server (Invalid): error when creating \"two.yaml\": Service \"b\" is invalid: "
        + "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive\n"
    ),
    (
      "patch deployment web -p '{\"spec\":{\"replicas\":-1}}'",
      "The Deployment \"web\" is invalid: spec.replicas: Invalid value: -1: must be greater than or "
        + "equal to 0\n"
    ),
    (
      "patch deployment web -p '{\"spec\":{\"replicas\":\"x\"}}'",
      "The request is invalid: patch: Invalid value: \"map[spec:map[replicas:x]]\": unrecognized "
        + "type: int32\n"
    ),
    (
      "patch service web --type=json -p '[{\"op\":\"remove\",\"path\":\"/spec/nope\"}]'",
      "The request is invalid: the server rejected our request due to an error in our request\n"
    ),
    (
      "logs nobody",
      "error: error from server (NotFound): pods \"nobody\" not found in namespace \"default\"\n"
    ),
    (
      "autoscale deployment web --max=1 --min=2",
      "error: --max=MAXPODS must be larger or equal to --min=MINPODS, max: 1, min: 2\n"
    ),
    (
      "create deployment web --image=nginx",
      "error: failed to create deployment: deployments.apps \"web\" already exists\n"
    ),
    ("create job j", "error: either --image or --from must be specified\n"),
    (
      "replace -f bad.yaml",
      "The Service \"bad\" is invalid: spec.ports[0].port: Invalid value: 70000: must be between 1 "
        + "and 65535, inclusive\n"
    ),
    ("explain pod.spec.nope", "error: field \"nope\" does not exist\n"),
    ("explain nope", "error: the server doesn't have a resource type \"nope\"\n"),
    (
      "get svc web -o go-template='{{range}}'",
      "error: error parsing template: missing value for command\n"
    ),
  ])
  func `what cannot be done is said as kubectl says it`(_ command: String, _ errors: String) {
    var console = console()
    let result = run(command, on: &console)
    #expect(result.errors == errors)
    #expect(result.output == "")
    #expect(result.status == 1)
  }

  @Test func `a client's dry run shows what the server has not filled in`() {
    var console = console()
    #expect(
      run("create deployment d --image=nginx --port=80 --dry-run=client -o yaml", on: &console)
        .output == """
          apiVersion: apps/v1
          kind: Deployment
          metadata:
            labels:
              app: d
            name: d
          spec:
            replicas: 1
            selector:
              matchLabels:
                app: d
            strategy: {}
            template:
              metadata:
                labels:
                  app: d
              spec:
                containers:
                - image: nginx
                  name: nginx
                  ports:
                  - containerPort: 80
                  resources: {}
          status: {}

          """)
    #expect(
      run("run p --image=nginx --dry-run=client -o yaml", on: &console).output == """
        apiVersion: v1
        kind: Pod
        metadata:
          labels:
            run: p
          name: p
        spec:
          containers:
          - image: nginx
            name: p
            resources: {}
          dnsPolicy: ClusterFirst
          restartPolicy: Always
        status: {}

        """)
    #expect(
      run("expose deployment web --name=x --port=80 --dry-run=client -o yaml", on: &console).output
        == """
        apiVersion: v1
        kind: Service
        metadata:
          name: x
        spec:
          ports:
          - port: 80
            protocol: TCP
            targetPort: 80
          selector:
            app: web
        status:
          loadBalancer: {}

        """)
  }

  @Test func `diff shows the lines that apply would change and fails`() {
    var console = console()
    #expect(run("diff -f web.yaml", on: &console) == CommandResult())
    let result = run("diff -f three.yaml", on: &console)
    #expect(result.status == 1)
    #expect(result.output.contains("\n-  replicas: 2\n+  replicas: 3\n"))
    #expect(result.output.hasPrefix("diff -u -N /tmp/LIVE-0/apps.v1.Deployment.default.web "))
  }

  @Test func `a watch shows each change once while time passes`() {
    var console = console()
    let result = run("get pods -w --request-timeout=1m", on: &console)
    let lines = result.output.split(separator: "\n")
    #expect(lines.first?.hasPrefix("NAME") == true)
    #expect(lines.filter { $0.contains(" 1/1 ") }.count == 2)
    #expect(lines.dropFirst().allSatisfy { $0.hasPrefix("web-") })
    #expect(result.advanced)
  }

  @Test func `what an editor gives back is patched in`() throws {
    var console = console()
    let store = console.world.store
    let object = try #require(
      store.get(.services, namespace: "default", name: "web"))
    let text = Editing.text(of: object)
    #expect(
      Editing.save(text, of: object, in: &console).errors == "Edit cancelled, no changes made.\n")
    let edited = text.replacing("port: 80", with: "port: 81")
    #expect(Editing.save(edited, of: object, in: &console).output == "service/web edited\n")
    let broken = text.replacing("port: 80", with: "port: 70000")
    #expect(
      Editing.save(broken, of: object, in: &console).errors.hasPrefix(
        "The Service \"web\" is invalid: "))
  }

  @Test func `a pod is shown with its token, its container and its image`() throws {
    var console = console()
    _ = run("advance 1m", on: &console)
    let text = run("describe pods", on: &console).output
    #expect(text.contains("    Container ID:   containerd://"))
    #expect(text.contains("    Image ID:       docker.io/library/nginx@sha256:"))
    #expect(text.contains("/var/run/secrets/kubernetes.io/serviceaccount from kube-api-access-"))
    let name = run("get pods -o name", on: &console).output.split(separator: "\n")[0]
    let before = run("get \(name) -o yaml", on: &console).output
    #expect(before.contains("- mountPath: /var/run/secrets/kubernetes.io/serviceaccount"))
    #expect(run("label \(name) a=b", on: &console).output == "\(name) labeled\n")
    #expect(run("get \(name) -o yaml", on: &console).output.contains("    a: b\n"))
  }
}
