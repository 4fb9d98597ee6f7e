import ClusterModel
import ControlPlane

/// `expose`: a Service for the pods of a workload (kubectl pkg/cmd/expose/expose.go).
struct ExposeVerb: Verb {
  let name = "expose"
  let summary = "Take a workload, pod or service and expose it as a new service"
  let usage = "(-f FILENAME | TYPE NAME) [--port=port] [--target-port=N] [--type=type] [flags]"
  let operands = Operands.objects
  let examples = ["kubectl expose deployment web --port=80 --target-port=8080 --type=NodePort"]
  let flags: [Flag] =
    [
      Flag("port", "The port of the service; several with commas"),
      Flag("target-port", "Port number or name on the container"),
      Flag("name", "Name of the service; default is that of the resource"),
      Flag("protocol", "TCP, UDP or SCTP", offers: .words(["TCP", "UDP", "SCTP"])),
      Flag(
        "type", "ClusterIP, NodePort, LoadBalancer or ExternalName",
        offers: .words(["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"])),
      Flag("selector", "Labels to use as the selector: a=b,c=d"),
      Flag("labels", short: "l", "Labels of the service: a=b,c=d"),
      Flag("cluster-ip", "The ClusterIP, or None for a headless service"),
      Flag("external-ip", "An additional address that nodes take traffic for"),
      Flag("external-name", "The name that a service of type ExternalName stands for"),
      Flag("load-balancer-ip", "The address to give to the load balancer"),
      Flag("session-affinity", "None or ClientIP", offers: .words(["None", "ClientIP"])),
      .filename,
    ] + Mutation.flags

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let mutation = try Mutation(call)
    var query = try ObjectQuery(call.without("selector"), in: console.world)
    for manifest in try ManifestFiles(call).objects(&transcript) {
      query.items.append(.init(resource: manifest.resource, name: manifest.metadata.name))
    }
    guard query.isByName else {
      throw call.wrongUsage("you must provide one or more resources by argument or filename")
    }
    let targets = try query.fetch(from: console.world, &transcript)
    mutation.forEach(targets, &console, &transcript) {
      (object, console, transcript) throws(CommandFailure) in
      let service = try service(for: object, call)
      let unsaid = (call.values.text("type") ?? "").isEmpty ? ["type"] : []
      try mutation.create(
        .service(service), "exposed", leavingOut: unsaid, &console, &transcript)
    }
  }

  private func service(for object: StoredObject, _ call: Call) throws(CommandFailure) -> Service {
    var labels = object.metadata.labels
    if let text = call.values.text("labels") { labels = try Labels(assignments: text) }
    let name = call.values.text("name") ?? object.metadata.name
    var service = Service(
      metadata: ObjectMeta(name: name, namespace: call.namespace, labels: labels))
    service.selector = try selector(for: object, call)
    service.ports = try ports(for: object, call)
    try setAddresses(&service, call)
    switch call.values.text("session-affinity") {
    case nil, "", "None": break
    case "ClientIP": service.affinitySeconds = 10_800
    case let text?: throw CommandFailure("error: unknown session affinity: \(text.printable)")
    }
    return service
  }

  private func setAddresses(_ service: inout Service, _ call: Call) throws(CommandFailure) {
    if let text = call.values.text("type"), !text.isEmpty {
      guard let type = Service.ServiceType(rawValue: text) else {
        let cause =
          "spec.type: Unsupported value: \(text.goQuoted): supported values: \"ClusterIP\", "
          + "\"ExternalName\", \"LoadBalancer\", \"NodePort\""
        throw CommandFailure(
          "The Service \(service.metadata.name.goQuoted) is invalid: \(cause)")
      }
      service.type = type
    }
    service.externalName = call.values.text("external-name") ?? ""
    service.loadBalancerIP = call.values.text("load-balancer-ip") ?? ""
    if let text = call.values.text("external-ip"), !text.isEmpty { service.externalIPs = [text] }
    guard let text = call.values.text("cluster-ip"), !text.isEmpty else { return }
    service.isHeadless = text == "None"
    if service.isHeadless { return }
    guard let address = IPAddress(text) else {
      throw CommandFailure(
        "The Service \(service.metadata.name.goQuoted) is invalid: spec.clusterIPs[0]: Invalid "
          + "value: \(text.goQuoted): must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
      )
    }
    service.clusterIPs = [address]
  }

  private func selector(for object: StoredObject, _ call: Call) throws(CommandFailure) -> Labels {
    let kinds = ["Deployment", "Pod", "ReplicaSet", "ReplicationController", "Service"]
    guard kinds.contains(object.resource.kind) else {
      throw CommandFailure("error: cannot expose a \(object.resource.groupKind)")
    }
    if let text = call.values.text("selector") { return try Labels(assignments: text) }
    let hasExpressions =
      switch object {
      case .deployment(let deployment): !deployment.selector.matchExpressions.isEmpty
      case .replicaSet(let set): !set.selector.matchExpressions.isEmpty
      case .namespace, .node, .pod, .service, .endpointSlice, .event, .kept: false
      }
    if hasExpressions {
      throw CommandFailure(
        "error: couldn't retrieve selectors via --selector flag or introspection: couldn't convert "
          + "expressions - \"matchExpressions\" to map-based selector format")
    }
    if let labels = object.podLabels, !labels.isEmpty { return labels }
    let problem =
      switch object {
      case .pod: "the pod has no labels and cannot be exposed"
      case .service(let service):
        "invalid service '\(service.metadata.name)': Service is defined without a selector"
      case .namespace, .node, .replicaSet, .deployment, .endpointSlice, .event, .kept:
        "invalid deployment: no selectors, therefore cannot be exposed"
      }
    throw CommandFailure(
      "error: couldn't retrieve selectors via --selector flag or introspection: \(problem)")
  }

  private func ports(for object: StoredObject, _ call: Call) throws(CommandFailure) -> [ServicePort]
  {
    let transport = try transport(call)
    var found: [(port: Int, transport: TransportProtocol)] = []
    if let text = call.values.text("port"), !text.isEmpty {
      for part in text.split(separator: ",") {
        guard let port = Int(part), (0...65535).contains(port) else {
          throw CommandFailure("error: invalid port \(String(part).goQuoted)")
        }
        found.append((port, transport ?? .tcp))
      }
    } else if case .service(let service) = object {
      found = service.ports.map { ($0.port, transport ?? $0.transport) }
    } else {
      let ports = object.podSpec?.containers.flatMap(\.ports) ?? []
      found = ports.map { ($0.containerPort, transport ?? $0.transport) }
    }
    guard !found.isEmpty else {
      throw call.wrongUsage("couldn't find port via --port flag or introspection")
    }
    let target = call.values.text("target-port").flatMap { $0.isEmpty ? nil : IntOrString($0) }
    return found.enumerated().map { index, port in
      // One port needs no name, several do.
      ServicePort(
        name: found.count > 1 ? "port-\(index + 1)" : "", transport: port.transport,
        port: port.port, targetPort: target ?? .integer(port.port))
    }
  }

  private func transport(_ call: Call) throws(CommandFailure) -> TransportProtocol? {
    guard let text = call.values.text("protocol"), !text.isEmpty else { return nil }
    guard let transport = TransportProtocol(name: text) else {
      throw CommandFailure("error: unknown protocol: \(text.printable)")
    }
    return transport
  }
}

extension Call {
  /// The same call for readers that take this flag for something else.
  func without(_ flag: String) -> Call {
    var call = self
    call.values.remove(flag)
    return call
  }
}
