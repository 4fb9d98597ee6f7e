import ClusterModel
import ControlPlane
import Manifests
import Simulation

/// `ingress`: the ingress controller that comes with the program.
struct IngressVerb: Verb {
  let name = "ingress"
  let summary = "Install an ingress controller"
  let usage = "install"
  let isKubectl = false
  let subverbs: [any Verb] = [IngressInstallVerb()]
}

/// `ingress install`: a namespace, a Deployment, a Service and an IngressClass, as if they had been
/// applied.
struct IngressInstallVerb: Verb {
  let name = "install"
  let summary = "Install an ingress controller as pods behind a Service, with an IngressClass"
  let usage = "[--class NAME] [--replicas N] [--type LoadBalancer|NodePort|ClusterIP]"
  let isKubectl = false
  let examples = ["ingress install", "ingress install --class nginx --replicas 2"]
  let flags: [Flag] = [
    Flag("class", "The name of the IngressClass, which becomes the default; kubarium unless given"),
    Flag("replicas", .number, "How many pods; 1 unless given"),
    Flag(
      "type", "The type of the Service; LoadBalancer unless given",
      offers: .words(["LoadBalancer", "NodePort", "ClusterIP"])),
  ]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    try call.expectNoArguments()
    let replicas = call.values.number("replicas") ?? 1
    guard (0...1000).contains(replicas) else {
      throw call.wrongUsage("--replicas is 0 to 1000")
    }
    let type = call.values.text("type") ?? "LoadBalancer"
    guard ["LoadBalancer", "NodePort", "ClusterIP"].contains(type) else {
      throw call.wrongUsage("--type is LoadBalancer, NodePort or ClusterIP, not \(type.goQuoted)")
    }
    let objects = Self.objects(
      className: call.values.text("class") ?? "kubarium", replicas: replicas, type: type)
    for value in objects {
      let object = try ObjectCoding.object(from: value)
      let name = object.name
      let title = "\(object.resource.qualifiedSingular)/\(name.name)"
      if console.world.store.get(object.resource, namespace: name.namespace, name: name.name)
        != nil
      {
        transcript.output += "\(title) unchanged\n"
        continue
      }
      do {
        try console.world.request(.create(object))
      } catch {
        throw CommandFailure(error.kubectlText)
      }
      transcript.output += "\(title) created\n"
    }
  }

  /// The namespace of everything but the class.
  static let namespace = "ingress-system"
  private static let name = "ingress-controller"

  private static func objects(className: String, replicas: Int, type: String) -> [Value] {
    let labels: Value = [
      "app.kubernetes.io/name": "kubarium-ingress", "app.kubernetes.io/component": "controller",
    ]
    let metadata: Value = [
      "name": .string(name), "namespace": .string(namespace), "labels": labels,
    ]
    return [
      ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(namespace)]],
      [
        "apiVersion": "networking.k8s.io/v1", "kind": "IngressClass",
        "metadata": [
          "name": .string(className),
          "annotations": .object(Fields([(Ingress.defaultClassAnnotation, "true")])),
        ],
        "spec": ["controller": .string(IngressImplementation.own.controller)],
      ],
      [
        "apiVersion": "v1", "kind": "Service", "metadata": metadata,
        "spec": [
          "type": .string(type), "selector": labels,
          "ports": [
            ["name": "http", "port": 80, "targetPort": "http"],
            ["name": "https", "port": 443, "targetPort": "https"],
          ],
        ],
      ],
      [
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata,
        "spec": [
          "replicas": .integer(Int64(replicas)), "selector": ["matchLabels": labels],
          "template": ["metadata": ["labels": labels], "spec": podSpec],
        ],
      ],
    ]
  }

  private static let podSpec: Value = [
    "containers": [
      [
        "name": "controller", "image": .string("\(IngressImplementation.own.image):v1"),
        "ports": [
          ["name": "http", "containerPort": 80], ["name": "https", "containerPort": 443],
          ["name": "health", "containerPort": 10254],
        ],
        "readinessProbe": ["httpGet": ["path": "/healthz", "port": "health"]],
        "resources": ["requests": ["cpu": "100m", "memory": "90Mi"]],
      ]
    ]
  ]
}
