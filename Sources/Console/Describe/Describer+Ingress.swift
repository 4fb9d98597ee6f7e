import ClusterModel
import ControlPlane

extension Describer {
  mutating func ingress() {
    description.field("Name", metadata.name)
    description.labels("Labels", metadata.labels)
    description.field("Namespace", metadata.namespace)
    let addresses = value.items("status", "loadBalancer", "ingress")
      .map { $0.optionalText("ip") ?? $0.text("hostname") }.filter { !$0.isEmpty }
    description.field("Address", TableMaker.sortedOnce(addresses).joined(separator: ","))
    description.field(
      "Ingress Class", value.optionalText("spec", "ingressClassName") ?? "<none>")
    let fallback = value.value("spec", "defaultBackend").map(backend) ?? "<default>"
    description.field("Default backend", fallback)
    tls()
    rules(fallback)
    description.annotations("Annotations", metadata.annotations)
    events()
  }

  private mutating func tls() {
    let entries = value.items("spec", "tls")
    guard !entries.isEmpty else { return }
    description.line(0, "TLS:")
    for entry in entries {
      let hosts = entry.texts("hosts").joined(separator: ",")
      let secret = entry.text("secretName")
      description.line(1, secret.isEmpty ? "SNI routes \(hosts)" : "\(secret) terminates \(hosts)")
    }
  }

  private mutating func rules(_ fallback: String) {
    description.line(0, "Rules:")
    description.line(1, "Host", "Path", "Backends")
    description.line(1, "----", "----", "--------")
    let rules = value.items("spec", "rules").filter { $0.has("http") }
    for rule in rules {
      description.line(1, rule.text("host").isEmpty ? "*" : rule.text("host"), "")
      for path in rule.items("http", "paths") {
        description.line(
          2, "", "\(path.text("path")) ", path.value("backend").map(backend) ?? "")
      }
    }
    if rules.isEmpty { description.line(1, "*", "*", fallback) }
  }

  /// `web:80 (10.244.1.5:8080)`.
  private func backend(_ backend: Value) -> String {
    if let resource = backend.value("resource") {
      return "APIGroup: \(resource.text("apiGroup")), Kind: \(resource.text("kind")), "
        + "Name: \(resource.text("name"))"
    }
    let name = backend.text("service", "name")
    let number = backend.number("service", "port", "number") ?? 0
    let portName = backend.text("service", "port", "name")
    let title = "\(name):\(portName.isEmpty ? "\(number)" : portName)"
    guard let service = context.store.services[metadata.namespace, name] else {
      return "\(title) (<error: services \(name.goQuoted) not found>)"
    }
    let port = service.ports.last {
      number != 0 ? $0.port == number : !portName.isEmpty && $0.name == portName
    }
    return "\(title) (\(Self.endpoints(slices(of: service), port: port?.name ?? "")))"
  }

  mutating func endpoints() {
    nameAndNamespace()
    labelsAndAnnotations()
    description.line(0, "Subsets:")
    for subset in value.items("subsets") {
      for (title, field) in [
        ("Addresses", "addresses"), ("NotReadyAddresses", "notReadyAddresses"),
      ] {
        let addresses = subset.items(field).map { $0.text("ip") }
        description.field(title, addresses.joined(separator: ",").orNone, level: 1)
      }
      let ports = subset.items("ports")
      if !ports.isEmpty {
        description.line(1, "Ports:")
        description.line(2, "Name", "Port", "Protocol")
        description.line(2, "----", "----", "--------")
      }
      for port in ports {
        description.line(
          2, port.text("name").orUnset, port.text("port"),
          port.optionalText("protocol") ?? "TCP")
      }
      description.line(0, "")
    }
    events()
  }
}
