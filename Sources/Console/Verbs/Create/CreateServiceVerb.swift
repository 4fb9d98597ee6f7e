import ClusterModel

/// `create service` (kubectl pkg/cmd/create/create_service.go).
struct CreateServiceVerb: Verb {
  let name = "service"
  let aliases = ["svc"]
  let summary = "Create a service using a specified subcommand"
  let usage = "SUBCOMMAND"
  let subverbs: [any Verb] = [
    CreateTypedServiceVerb(name: "clusterip", type: .clusterIP),
    CreateTypedServiceVerb(name: "nodeport", type: .nodePort),
    CreateTypedServiceVerb(name: "loadbalancer", type: .loadBalancer),
    CreateTypedServiceVerb(name: "externalname", type: .externalName),
  ]
}

/// `create service TYPE`; its pods are those with the label `app=NAME`.
struct CreateTypedServiceVerb: Verb {
  let name: String
  let type: Service.ServiceType

  var summary: String { "Create a \(type.rawValue) service" }
  var usage: String {
    type == .externalName ? "NAME --external-name EXTERNAL-NAME" : "NAME --tcp=PORT:TARGETPORT"
  }
  var flags: [Flag] {
    var flags = [Flag("tcp", .list, "PORT or PORT:TARGETPORT; may be given several times")]
    if type == .clusterIP { flags.append(Flag("clusterip", "An address, or None for headless")) }
    if type == .nodePort { flags.append(Flag("node-port", .number, "The port on every node")) }
    if type == .externalName { flags.append(Flag("external-name", "The name it stands for")) }
    return flags + Mutation.flags
  }

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let name = try call.onlyName()
    let labels: Labels = ["app": name]
    var service = Service(
      metadata: ObjectMeta(name: name, namespace: call.namespace, labels: labels))
    service.type = type
    service.selector = labels
    service.ports = try ports(call)
    let address = call.values.text("clusterip") ?? ""
    service.isHeadless = address == "None"
    if type == .externalName {
      guard let target = call.values.text("external-name") else {
        throw CommandFailure("error: required flag(s) \"external-name\" not set")
      }
      service.externalName = target
    } else if service.ports.isEmpty, !service.isHeadless {
      throw CommandFailure("error: at least one tcp port specifier must be provided")
    }
    if !address.isEmpty, !service.isHeadless {
      guard let parsed = IPAddress(address) else {
        throw CommandFailure("error: invalid ClusterIP value: \(address.printable)")
      }
      service.clusterIPs = [parsed]
    }
    if let port = call.values.number("node-port"), !service.ports.isEmpty {
      service.ports[0].nodePort = port
    }
    try Mutation(call).create(
      .service(service), failing: "failed to create \(type.rawValue) service", &console,
      &transcript)
  }

  private func ports(_ call: Call) throws(CommandFailure) -> [ServicePort] {
    var ports: [ServicePort] = []
    let texts = call.values.texts("tcp").flatMap { $0.split(separator: ",").map(String.init) }
    for text in texts {
      let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
      guard let port = parts.first.flatMap({ Int($0) }), (0...65535).contains(port) else {
        throw CommandFailure(
          "error: tcp port specifier must be PORT or PORT:TARGETPORT: \(text.printable)")
      }
      let target = parts.count == 2 ? IntOrString(parts[1]) : .integer(port)
      let name = String(text.map { $0 == ":" ? "-" : $0 })
      ports.append(ServicePort(name: name, port: port, targetPort: target))
    }
    return ports
  }
}

extension IntOrString {
  /// A number where the text is one.
  init(_ text: String) { self = Int(text).map(IntOrString.integer) ?? .string(text) }
}
