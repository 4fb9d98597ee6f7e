import ClusterModel
import ControlPlane
import Simulation

/// `ss -tlnp` and `ss -ulnp`: what listens on a node, as iproute2 prints it.
struct SocketsTool: Tool {
  let name = "ss"

  private struct Socket {
    var address: String
    var port: Int
    var process: String
    var isUDP = false
  }

  func run(_ arguments: [String], at place: ToolPlace) -> ToolResult {
    let letters = Set(arguments.filter { $0.hasPrefix("-") }.joined().filter { $0 != "-" })
    guard letters.isSubset(of: ["t", "u", "l", "n", "p", "4", "H", "a"]), letters.contains("l")
    else { return .failure("ss: only -l with t, u, n, p, 4 and H is simulated") }
    let wantsUDP = letters.contains("u")
    let wantsTCP = letters.contains("t") || !wantsUDP
    let sockets = sockets(of: place).filter { $0.isUDP ? wantsUDP : wantsTCP }
    let hasBoth = wantsUDP && wantsTCP
    return ToolResult(
      output: text(
        sockets, hasType: hasBoth, hasProcess: letters.contains("p"),
        hasHeader: !letters.contains("H")))
  }

  private func text(
    _ sockets: [Socket], hasType: Bool, hasProcess: Bool, hasHeader: Bool
  ) -> String {
    let rows = sockets.map { socket -> (state: String, local: String, port: String, any: String) in
      let any = socket.address.hasPrefix("[") || socket.address == "*" ? "*" : "0.0.0.0"
      return (socket.isUDP ? "UNCONN" : "LISTEN", socket.address, "\(socket.port)", any)
    }
    let left = max(13, rows.map(\.local.count).max() ?? 0)
    let right = max(4, rows.map(\.port.count).max() ?? 0)
    func pad(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(0, width - text.count))
    }
    func indent(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    var output = ""
    if hasHeader {
      output +=
        (hasType ? "Netid  " : "") + "State   Recv-Q  Send-Q  " + indent("Local Address", left)
        + ":" + pad("Port", right) + "  Peer Address:Port" + (hasProcess ? "  Process" : "") + "\n"
    }
    for (socket, row) in zip(sockets, rows) {
      output +=
        (hasType ? pad(socket.isUDP ? "udp" : "tcp", 7) : "") + pad(row.state, 8)
        + pad("0", 8) + pad(socket.isUDP ? "0" : "4096", 8) + indent(row.local, left) + ":"
        + pad(row.port, right) + "  " + indent(row.any, 12) + ":*   "
        + (hasProcess
          ? "  users:((\"\(socket.process)\",pid=\(pid(socket)),fd=\(fd(socket))))" : "")
        + "\n"
    }
    return output
  }

  /// Processes have no numbers here; the same one always gets the same.
  private func pid(_ socket: Socket) -> Int {
    700 + socket.process.utf8.reduce(0) { ($0 * 31 + Int($1)) % 1300 }
  }
  private func fd(_ socket: Socket) -> Int { 3 + socket.port % 17 }

  private func sockets(of place: ToolPlace) -> [Socket] {
    let world = place.world
    var sockets = [
      Socket(address: "127.0.0.1", port: 10_248, process: "kubelet"),
      Socket(address: "0.0.0.0", port: 22, process: "sshd"),
      Socket(address: "*", port: 10_250, process: "kubelet"),
      Socket(address: "127.0.0.1", port: 68, process: "dhclient", isUDP: true),
    ]
    let mode = world.dataPlane.configuration.proxyMode
    if mode != .ebpf {
      sockets += [
        Socket(address: "127.0.0.1", port: 10_249, process: "kube-proxy"),
        Socket(address: "*", port: 10_256, process: "kube-proxy"),
      ]
      for service in world.store.services.list() where service.healthCheckNodePort > 0 {
        sockets.append(
          Socket(address: "*", port: service.healthCheckNodePort, process: "kube-proxy"))
      }
    }
    let cni = world.dataPlane.configuration.cni
    switch cni {
    case .flannel: sockets.append(Socket(address: "0.0.0.0", port: 8472, process: "-", isUDP: true))
    case .calicoVXLAN:
      sockets.append(Socket(address: "0.0.0.0", port: 4789, process: "-", isUDP: true))
    case .cilium:
      sockets.append(Socket(address: "0.0.0.0", port: 8472, process: "-", isUDP: true))
    case .calico, .calicoBGP:
      sockets.append(Socket(address: "0.0.0.0", port: 179, process: "bird"))
    case .flannelHostGateway, .ciliumNative: break
    }
    sockets += podSockets(on: place.nodeName, world)
    return sockets.sorted { left, right in
      if left.isUDP != right.isUDP { return left.isUDP }
      let (first, second) = (left.address == "*", right.address == "*")
      if first != second { return second }
      return left.port != right.port ? left.port < right.port : left.process < right.process
    }
  }

  /// What runs in pods on the node's own network, by its name.
  private func podSockets(on node: String, _ world: World) -> [Socket] {
    var sockets: [Socket] = []
    for pod in world.store.pods.list()
    where pod.nodeName == node && pod.spec.value.hostNetwork && pod.isActive {
      for container in pod.spec.value.containers {
        let known = Self.controlPlane[container.name] ?? []
        for (address, port) in known {
          let own = address == "IP" ? pod.status.hostIP?.description ?? "0.0.0.0" : address
          sockets.append(Socket(address: own, port: port, process: container.name))
        }
        for port in container.ports where !known.contains(where: { $0.1 == port.containerPort }) {
          sockets.append(
            Socket(
              address: "*", port: port.containerPort, process: container.name,
              isUDP: port.transport == .udp))
        }
      }
    }
    return sockets
  }

  private static let controlPlane: [String: [(String, Int)]] = [
    "etcd": [("IP", 2379), ("127.0.0.1", 2379), ("IP", 2380), ("127.0.0.1", 2381)],
    "kube-apiserver": [("*", 6443)],
    "kube-controller-manager": [("127.0.0.1", 10_257)],
    "kube-scheduler": [("127.0.0.1", 10_259)],
  ]
}
