import ClusterModel
import Simulation

extension ToolPlace {
  /// The pod's files; nil on a node.
  var files: PodFiles? {
    world.store.pods[namespace, pod].map { PodFiles(pod: $0, world: world) }
  }
}

/// `cat` of the files that the kubelet writes.
struct CatTool: Tool {
  let name = "cat"

  func run(_ arguments: [String], at place: ToolPlace) -> ToolResult {
    var result = ToolResult()
    for path in arguments {
      if let text = text(path, place) {
        result.output += text
      } else {
        result.errors += "cat: \(path.printable): No such file or directory\n"
        result.status = 1
      }
    }
    return result
  }

  private func text(_ path: String, _ place: ToolPlace) -> String? {
    guard let files = place.files else { return nodeText(path, place) }
    switch path {
    case "/etc/resolv.conf": return files.resolvConf
    case "/etc/hosts": return files.hosts
    case "/etc/hostname": return files.hostname + "\n"
    case "/var/run/secrets/kubernetes.io/serviceaccount/namespace": return place.namespace
    default: return nil
    }
  }
}

extension CatTool {
  private func nodeText(_ path: String, _ place: ToolPlace) -> String? {
    switch path {
    case "/etc/resolv.conf": return ResolverConfiguration.node.text
    case "/etc/hostname": return place.nodeName + "\n"
    case "/etc/hosts":
      let node = place.world.store.nodes["", place.nodeName]
      let own = node?.internalIP().map { "\($0)\t\(place.nodeName)\n" } ?? ""
      return "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n" + own
    default: return nil
    }
  }
}

/// `hostname`, with `-i` for the addresses, `-f` for the whole name and `-s` for its first label.
struct HostnameTool: Tool {
  let name = "hostname"

  func run(_ arguments: [String], at place: ToolPlace) -> ToolResult {
    guard let files = place.files else {
      guard arguments == ["-i"] || arguments == ["-I"] else {
        return ToolResult(output: place.nodeName + "\n")
      }
      let node = place.world.store.nodes["", place.nodeName]
      return ToolResult(output: "\(node?.internalIP().map { "\($0)" } ?? "")\n")
    }
    switch arguments {
    case []: return ToolResult(output: files.hostname + "\n")
    case ["-i"], ["-I"]:
      let addresses = files.pod.status.podIPs.map(\.description).joined(separator: " ")
      return ToolResult(output: addresses + "\n")
    case ["-f"], ["--fqdn"]: return ToolResult(output: files.fullName + "\n")
    case ["-s"]:
      return ToolResult(output: String(files.hostname.prefix { $0 != "." }) + "\n")
    default: return .failure("hostname: only -i, -I, -f and -s are simulated")
    }
  }
}

/// `env` and `printenv`.
struct EnvironmentTool: Tool {
  let name: String

  func run(_ arguments: [String], at place: ToolPlace) -> ToolResult {
    guard let files = place.files else { return .failure("\(name): not simulated on a node") }
    let containers = files.pod.spec.value.containers
    let container = containers.first { $0.name == place.container } ?? containers.first
    let all = files.environment(of: container)
    if arguments.isEmpty {
      return ToolResult(output: all.map { "\($0.name)=\($0.value.printable)\n" }.joined())
    }
    guard name == "printenv" else {
      return .failure("env: only the whole environment can be shown")
    }
    let found = arguments.compactMap { word in all.last { $0.name == word }?.value }
    return ToolResult(
      output: found.map { $0.printable + "\n" }.joined(),
      status: found.count == arguments.count ? 0 : 1)
  }
}
