import ClusterModel
import Manifests

/// `explain`: the fields of a kind (kubectl pkg/explain/v2/templates/plaintext.tmpl).
///
/// The fields and types are the API's; the descriptions are our own and short.
struct ExplainVerb: Verb {
  let name = "explain"
  let summary = "Get documentation for a resource"
  let usage = "TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group]"
  let operands = Operands.objects
  let examples = ["kubectl explain pods", "kubectl explain deployment.spec.strategy"]
  let flags: [Flag] = [
    Flag("recursive", .toggle, "The fields of fields, too"),
    Flag("api-version", "The version of the kind"), .output(["plaintext"]),
  ]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    guard let word = call.arguments.first, !word.isEmpty else {
      throw CommandFailure(
        "error: You must specify the type of resource to explain. Use \"kubectl api-resources\" for "
          + "a complete list of supported resources.")
    }
    guard call.arguments.count == 1 else {
      throw CommandFailure(
        "error: We accept only this format: explain RESOURCE")
    }
    let parts = word.split(separator: ".").map(String.init)
    let resource = try ResourceNames.one(parts[0], in: console.world)
    guard let top = APISchema.type(of: resource) else {
      throw CommandFailure(
        "error: couldn't find resource for \"\(resource.apiVersion), Kind=\(resource.kind)\"")
    }
    var type = top
    var field: APISchema.Field?
    for name in parts.dropFirst() {
      guard let found = type.fields.first(where: { $0.name == name }) else {
        throw CommandFailure("error: field \(name.goQuoted) does not exist")
      }
      field = found
      guard let inner = found.structure else {
        type = APISchema.Structure(name: "", fields: [])
        continue
      }
      type = APISchema.structure(inner)
    }
    transcript.output += Self.head(resource, field)
    let text = field.map { FieldTexts.text($0.name) } ?? FieldTexts.text(ofKind: resource.kind)
    transcript.output += "DESCRIPTION:\n    \(text)\n    \n"
    guard !type.fields.isEmpty else { return transcript.output += "\n" }
    transcript.output += "FIELDS:\n"
    if call.values.flag("recursive") {
      Self.list(type, level: 1, above: [type.name], &transcript)
      transcript.output += "\n\n"
    } else {
      for field in type.fields {
        transcript.output +=
          "  \(field.name)\t<\(field.typeName)>\(field.isRequired ? " -required-" : "")\n"
          + "    \(FieldTexts.text(field.name))\n\n"
      }
      transcript.output += "\n"
    }
  }

  private static func head(_ resource: APIResource, _ field: APISchema.Field?) -> String {
    let group = resource.group.isEmpty ? "" : "GROUP:      \(resource.group)\n"
    let head = "\(group)KIND:       \(resource.kind)\nVERSION:    \(resource.version)\n\n"
    return head + (field.map { "FIELD: \($0.name) <\($0.typeName)>\n\n" } ?? "")
  }

  private static func list(
    _ type: APISchema.Structure, level: Int, above: [String], _ transcript: inout Transcript
  ) {
    for field in type.fields {
      let indent = String(repeating: "  ", count: level)
      transcript.output +=
        "\(indent)\(field.name)\t<\(field.typeName)>\(field.isRequired ? " -required-" : "")\n"
      if let inner = field.structure, !above.contains(inner) {
        list(APISchema.structure(inner), level: level + 1, above: above + [inner], &transcript)
      }
    }
  }
}

/// Short descriptions of kinds and fields, in our own words.
enum FieldTexts {
  static func text(ofKind kind: String) -> String {
    kinds[kind] ?? "\(kind) is an object of the Kubernetes API."
  }

  static func text(_ field: String) -> String { fields[field] ?? "<no description>" }

  private static let kinds = [
    "ConfigMap": "A ConfigMap holds configuration that pods read.",
    "CronJob": "A CronJob makes Jobs at the times of its schedule.",
    "DaemonSet": "A DaemonSet runs one pod on each of the nodes that it selects.",
    "Deployment": "A Deployment keeps a number of equal pods and replaces them step by step.",
    "EndpointSlice": "An EndpointSlice lists addresses that a Service sends its traffic to.",
    "Ingress": "An Ingress sends HTTP requests to Services by host and path.",
    "Job": "A Job runs pods until enough of them have succeeded.",
    "Namespace": "A Namespace is a scope for names.",
    "NetworkPolicy": "A NetworkPolicy says which traffic may reach and leave the pods it selects.",
    "Node": "A Node is a machine that runs pods.",
    "Pod": "A Pod is a group of containers that share an address and run on one node.",
    "PodDisruptionBudget": "A PodDisruptionBudget limits how many pods may be evicted at a time.",
    "ReplicaSet": "A ReplicaSet keeps a number of equal pods running.",
    "Service": "A Service gives a set of pods one address and one name.",
    "StatefulSet": "A StatefulSet keeps pods that have names and an order.",
  ]

  private static let fields = [
    "addresses": "The addresses at which it can be reached.",
    "affinity": "Rules for which nodes and beside which pods it may run.",
    "annotations": "Notes that tools leave on the object.",
    "apiVersion": "The group and version of the kind.",
    "args": "Arguments of the container's program.",
    "backend": "Where requests are sent to.",
    "cidr": "A range of addresses such as 10.0.0.0/8.",
    "clusterIP": "The virtual address of the Service; None for a headless one.",
    "clusterIPs": "The virtual addresses, one for each family.",
    "command": "The program of the container, in place of the image's own.",
    "conditions": "What is the case at present, each with its reason.",
    "containerPort": "The port at which the container listens.",
    "containers": "The containers that run side by side.",
    "dnsPolicy": "Where the pod's resolver looks names up.",
    "egress": "What the pods may send to.",
    "endpoints": "The addresses with their conditions.",
    "env": "Environment variables of the container.",
    "except": "Parts of the range that do not belong to it.",
    "externalIPs": "Further addresses whose traffic nodes take for the Service.",
    "externalName": "The name for which the Service is an alias.",
    "externalTrafficPolicy": "Whether traffic from outside stays on the node that it reaches.",
    "finalizers": "Who has work to do before the object may go.",
    "hostNetwork": "Whether the pod has the node's network instead of its own.",
    "host": "The host of the request.",
    "image": "The image that the container runs.",
    "imagePullPolicy": "When the image is pulled: Always, IfNotPresent or Never.",
    "ingress": "What may reach the pods.",
    "initContainers": "Containers that run to their end before the others start.",
    "internalTrafficPolicy": "Whether traffic of the cluster stays on its node.",
    "ipFamilies": "The families of addresses: IPv4, IPv6.",
    "ipFamilyPolicy": "Whether the Service has one family of addresses or two.",
    "kind": "The kind of the object.",
    "labels": "Names and values by which objects are selected.",
    "lifecycle": "What runs after the start and before the stop of the container.",
    "livenessProbe": "A probe whose failure restarts the container.",
    "maxSurge": "How many pods more than wanted there may be during an update.",
    "maxUnavailable": "How many pods fewer than wanted there may be.",
    "metadata": "The name of the object and what all objects carry.",
    "minReadySeconds": "How long a pod has to be ready before it counts as available.",
    "name": "The name, unique among its kind.",
    "namespace": "The namespace that the object is in.",
    "nodeName": "The node that the pod runs on.",
    "nodePort": "The port at which every node takes traffic for the Service.",
    "nodeSelector": "Labels that the node has to have.",
    "path": "The path of the request.",
    "paused": "Whether the rollout stands still.",
    "podCIDR": "The addresses that the node gives to pods.",
    "podSelector": "Which pods.",
    "policyTypes": "Whether it rules Ingress, Egress or both.",
    "port": "The number of the port.",
    "ports": "The ports.",
    "progressDeadlineSeconds": "After how long without progress a rollout counts as failed.",
    "protocol": "TCP, UDP or SCTP.",
    "readinessProbe": "A probe that decides whether the pod gets traffic.",
    "replicas": "How many pods are wanted.",
    "resources": "What the container asks for and may use at most.",
    "restartPolicy": "When containers are started again.",
    "revisionHistoryLimit": "How many old revisions are kept.",
    "rules": "The rules, one for each host.",
    "schedule": "When, as cron writes it.",
    "selector": "The labels of the pods that belong to it.",
    "serviceAccountName": "The account that the pod's processes have.",
    "sessionAffinity": "Whether a client stays with one endpoint.",
    "spec": "What is wanted.",
    "startupProbe": "A probe that holds the others back until it has succeeded.",
    "status": "What is observed.",
    "strategy": "How old pods are replaced by new ones.",
    "taints": "What keeps pods away that do not tolerate it.",
    "targetPort": "The port at the pods, by number or name.",
    "template": "The pods to make.",
    "terminationGracePeriodSeconds": "How long the containers have to end by themselves.",
    "tolerations": "The taints that do not keep the pod away.",
    "topologySpreadConstraints": "How evenly pods are spread over zones or nodes.",
    "trafficDistribution": "Which endpoints are preferred.",
    "type": "The type.",
    "unschedulable": "Whether new pods are kept away.",
    "updateStrategy": "How pods are replaced by new ones.",
    "volumes": "What containers may mount.",
  ]
}
