import ClusterModel
import ControlPlane
import Simulation

/// What the kubelet puts into a pod: its files, its name and its environment.
struct PodFiles {
  let pod: Pod
  let world: World

  private var spec: PodSpec { pod.spec.value }

  /// The host name: the pod's, cut to what a label may have; on the host network the node's.
  var hostname: String {
    if spec.hostNetwork { return pod.nodeName }
    let name = spec.hostname.isEmpty ? pod.metadata.name : spec.hostname
    let cut = String(name.prefix(63))
    return String(cut.reversed().drop { $0 == "-" || $0 == "." }.reversed())
  }

  /// With the Service's name and the zone behind, where the pod names one.
  var fullName: String {
    if spec.hostNetwork || spec.subdomain.isEmpty { return hostname }
    return "\(hostname).\(spec.subdomain).\(pod.metadata.namespace).svc.cluster.local"
  }

  /// pkg/kubelet/kubelet_pods.go managedHostsFileContent.
  var hosts: String {
    let isHost = spec.hostNetwork
    var text = "# Kubernetes-managed hosts file\(isHost ? " (host network)" : "").\n"
    text += "127.0.0.1\tlocalhost\n"
    if isHost {
      text += "::1\tlocalhost ip6-localhost ip6-loopback\n"
    } else {
      text += "::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\n"
      text += "fe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n"
      let names = fullName == hostname ? hostname : "\(fullName)\t\(hostname)"
      for address in pod.status.podIPs { text += "\(address)\t\(names)\n" }
    }
    let aliases = spec.other["hostAliases"]?.array ?? []
    if !aliases.isEmpty { text += "\n# Entries added by HostAliases.\n" }
    for alias in aliases {
      let names = (alias["hostnames"]?.array ?? []).compactMap(\.string)
      text += "\(alias["ip"]?.string ?? "")\t\(names.joined(separator: "\t"))\n"
    }
    return text
  }

  var resolvConf: String { ResolverConfiguration(of: pod, in: world).text }

  // MARK: Environment

  /// The variables of a container, in order.
  func environment(of container: Container?) -> [(name: String, value: String)] {
    var all = [
      ("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
      ("HOSTNAME", hostname),
    ]
    for variable in container?.env ?? [] {
      if let value = variable.value ?? variable.valueFrom.flatMap(fieldValue) {
        all.append((variable.name, value))
      }
    }
    let own = all.map(\.0)
    all += serviceVariables.filter { !own.contains($0.name) }
    return all + [("HOME", "/root")]
  }

  private func fieldValue(_ source: Value) -> String? {
    guard let path = source["fieldRef"]?["fieldPath"]?.string else { return nil }
    return switch path {
    case "metadata.name": pod.metadata.name
    case "metadata.namespace": pod.metadata.namespace
    case "spec.nodeName": pod.nodeName
    case "spec.serviceAccountName": spec.serviceAccountName
    case "status.podIP": pod.status.podIP?.description
    case "status.podIPs": pod.status.podIPs.map(\.description).joined(separator: ",")
    case "status.hostIP": pod.status.hostIP?.description
    default: nil
    }
  }

  /// The Services there were when the pod started (pkg/kubelet/envvars/envvars.go).
  private var serviceVariables: [(name: String, value: String)] {
    var variables: [(name: String, value: String)] = []
    let hasLinks = spec.other["enableServiceLinks"]?.bool ?? true
    for service in world.store.services.list() {
      let isMaster =
        service.metadata.namespace == "default" && service.metadata.name == "kubernetes"
      let isOwn = hasLinks && service.metadata.namespace == pod.metadata.namespace
      guard isMaster || isOwn, let address = service.clusterIP, let port = service.ports.first,
        service.type != .externalName, isOlder(service)
      else { continue }
      let prefix = Self.variable(service.metadata.name)
      variables.append(("\(prefix)_SERVICE_HOST", "\(address)"))
      variables.append(("\(prefix)_SERVICE_PORT", "\(port.port)"))
      for named in service.ports where !named.name.isEmpty {
        variables.append(("\(prefix)_SERVICE_PORT_\(Self.variable(named.name))", "\(named.port)"))
      }
      variables += links(prefix, address, service.ports)
    }
    return variables.sorted { $0.name < $1.name }
  }

  private func links(
    _ prefix: String, _ address: IPAddress, _ ports: [ServicePort]
  ) -> [(name: String, value: String)] {
    let host = address.family == .ipv4 ? "\(address)" : "[\(address)]"
    var variables: [(name: String, value: String)] = []
    for (place, port) in ports.enumerated() {
      let transport = port.transport.lowercaseName
      let url = "\(transport)://\(host):\(port.port)"
      if place == 0 { variables.append(("\(prefix)_PORT", url)) }
      let own = "\(prefix)_PORT_\(port.port)_\(port.transport.name)"
      variables += [
        (own, url), ("\(own)_PROTO", transport), ("\(own)_PORT", "\(port.port)"),
        ("\(own)_ADDR", "\(address)"),
      ]
    }
    return variables
  }

  private func isOlder(_ service: Service) -> Bool {
    guard let started = pod.status.startTime, let made = service.metadata.creationTimestamp
    else { return true }
    return made <= started
  }

  private static func variable(_ name: String) -> String {
    String(name.uppercased().map { $0 == "-" ? "_" : $0 })
  }
}
