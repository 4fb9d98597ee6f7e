import ClusterModel
import ControlPlane

/// `api-versions` (kubectl pkg/cmd/apiresources/apiversions.go).
struct APIVersionsVerb: Verb {
  let name = "api-versions"
  let summary = "Print the supported API versions on the server"
  let usage = ""

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    var versions: Set<String> = []
    for resource in ServedResource.all(in: console.world).map(\.resource) {
      versions.insert(resource.apiVersion)
      if resource.group == "autoscaling" { versions.insert("autoscaling/v1") }
    }
    for version in versions.sorted() { transcript.print(version) }
  }
}

/// `cluster-info` (kubectl pkg/cmd/clusterinfo).
struct ClusterInfoVerb: Verb {
  let name = "cluster-info"
  let summary = "Display cluster information"
  let usage = ""

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let url = ClusterAddress.url(console.world.store)
    transcript.print("Kubernetes control plane is running at \(url)")
    if console.world.store.services["kube-system", "kube-dns"] != nil {
      transcript.print(
        "CoreDNS is running at \(url)/api/v1/namespaces/kube-system/services/kube-dns:dns/proxy")
    }
    transcript.print("")
    transcript.print(
      "To further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.")
  }
}

/// Where the API server listens.
enum ClusterAddress {
  static func url(_ store: ObjectStore) -> String {
    let slice = store.endpointSlices["default", "kubernetes"]
    let nodes = store.nodes.list()
    let master =
      nodes.first { $0.roles.contains("control-plane") }?.internalIP() ?? nodes.first?.internalIP()
    let address = slice?.endpoints.first?.addressTexts.first ?? master.map { "\($0)" }
    let port = slice?.ports.first?.port ?? 6443
    return "https://\(address ?? "127.0.0.1"):\(port)"
  }
}

/// `config`: the one context there is (kubectl pkg/cmd/config).
struct ConfigVerb: Verb {
  let name = "config"
  let summary = "Show kubeconfig files"
  let usage = "SUBCOMMAND"
  let subverbs: [any Verb] = [
    ConfigViewVerb(), CurrentContextVerb(), GetContextsVerb(), SetContextVerb(),
  ]
}

struct ConfigViewVerb: Verb {
  let name = "view"
  let summary = "Display merged kubeconfig settings"
  let usage = "[flags]"
  let flags: [Flag] = [
    .output(["json", "yaml"]), Flag("minify", .toggle, "Only what the current context uses"),
  ]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    var context: Fields = ["cluster": "kubarium", "user": "kubarium-admin"]
    if console.namespace != "default" { context["namespace"] = .string(console.namespace) }
    let value: Value = [
      "apiVersion": "v1",
      "clusters": [
        [
          "cluster": [
            "certificate-authority-data": "DATA+OMITTED",
            "server": .string(ClusterAddress.url(console.world.store)),
          ],
          "name": "kubarium",
        ]
      ],
      "contexts": [["context": .object(context), "name": "kubarium"]],
      "current-context": "kubarium",
      "kind": "Config",
      "users": [
        [
          "name": "kubarium-admin",
          "user": [
            "client-certificate-data": "DATA+OMITTED", "client-key-data": "DATA+OMITTED",
          ],
        ]
      ],
    ]
    transcript.output +=
      call.values.text("output") == "json" ? Rendering.json(value) : Rendering.yaml(value)
  }
}

struct CurrentContextVerb: Verb {
  let name = "current-context"
  let summary = "Display the current-context"
  let usage = ""

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  { transcript.print("kubarium") }
}

struct GetContextsVerb: Verb {
  let name = "get-contexts"
  let summary = "Describe one or many contexts"
  let usage = "[(-o name)] [--no-headers]"
  let flags: [Flag] = [
    .output(["name"]), Flag("no-headers", .toggle, "No line of column names"),
  ]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    if call.values.text("output") == "name" { return transcript.print("kubarium") }
    let header = ["CURRENT", "NAME", "CLUSTER", "AUTHINFO", "NAMESPACE"]
    let namespace = console.namespace == "default" ? "" : console.namespace
    let row = ["*", "kubarium", "kubarium", "kubarium-admin", namespace]
    transcript.output += TextColumns().text(
      call.values.flag("no-headers") ? [row] : [header, row])
  }
}

/// `config set-context --current --namespace=NS`: where commands without `-n` work from now on.
struct SetContextVerb: Verb {
  let name = "set-context"
  let summary = "Set the namespace of the context"
  let usage = "[NAME | --current] [--namespace=namespace]"
  let flags: [Flag] = [Flag("current", .toggle, "Modify the current context")]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    guard call.values.flag("current") != !call.arguments.isEmpty else {
      throw call.wrongUsage("you must specify a non-empty context name or --current")
    }
    if let name = call.arguments.first, name != "kubarium" {
      throw CommandFailure("error: there is only the context \"kubarium\"")
    }
    if let namespace = call.values.text("namespace"), !namespace.isEmpty {
      console.namespace = namespace
    }
    transcript.print("Context \"kubarium\" modified.")
  }
}

/// `auth`: everybody may do everything here.
struct AuthVerb: Verb {
  let name = "auth"
  let summary = "Inspect authorization"
  let usage = "SUBCOMMAND"
  let subverbs: [any Verb] = [CanIVerb(), WhoAmIVerb()]
}

struct CanIVerb: Verb {
  let name = "can-i"
  let summary = "Check whether an action is allowed"
  let usage = "VERB [TYPE | TYPE/NAME | NONRESOURCEURL]"
  let flags: [Flag] = [
    .allNamespaces, Flag("quiet", short: "q", .toggle, "Only the exit status"),
    Flag("as", "Another user; changes nothing here"),
  ]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    guard call.arguments.count >= 2 else {
      throw CommandFailure(
        "error: you must specify two arguments: verb resource or verb resource/resourceName.")
    }
    let kind = call.arguments[1].split(separator: "/").first.map(String.init) ?? ""
    if kind != "*", !call.arguments[1].hasPrefix("/"),
      ResourceNames.find(kind, in: console.world) == nil
    {
      transcript.warn(
        "Warning: the server doesn't have a resource type '\(kind.printable)'\n")
    }
    if !call.values.flag("quiet") { transcript.print("yes") }
  }
}

struct WhoAmIVerb: Verb {
  let name = "whoami"
  let summary = "Experimental: Check self subject attributes"
  let usage = ""

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    transcript.output += TextColumns().text([
      ["ATTRIBUTE", "VALUE"], ["Username", "kubarium-admin"],
      ["Groups", "[system:masters system:authenticated]"],
    ])
  }
}
