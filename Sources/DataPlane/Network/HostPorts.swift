import ClusterModel
import Crypto

/// Ports of nodes that lead to pods: a container's `hostPort` (plugins/meta/portmap).
struct HostPortTable: Sendable {
  struct Key: Hashable, Sendable {
    var node: Int32
    /// Of `PortSetTable`.
    var code: UInt32
  }

  struct Target: Hashable, Sendable {
    /// The pod's address of the family, in `AddressTable`.
    var addresses: [Int32]
    var port: UInt16
    /// Nil: every address of the node.
    var hostIP: IPAddress?
  }

  private var targets: [Key: Target] = [:]
  private(set) var isEmpty = true

  mutating func add(_ key: Key, _ target: Target) {
    targets[key] = target
    isEmpty = false
  }

  mutating func remove(_ key: Key) {
    targets[key] = nil
    isEmpty = targets.isEmpty
  }

  func find(_ key: Key) -> Target? { targets[key] }
}

extension DataPlane {
  /// The node ports that the containers of a pod ask for.
  static func hostPorts(
    of spec: PodSpec, addresses: [Int32], on node: Int32
  ) -> [(key: HostPortTable.Key, target: HostPortTable.Target)] {
    var found: [(key: HostPortTable.Key, target: HostPortTable.Target)] = []
    for container in spec.initContainers.filter({ $0.restartPolicy == "Always" }) + spec.containers
    {
      for port in container.ports {
        guard let outer = UInt16(exactly: port.hostPort), outer > 0,
          let inner = UInt16(exactly: port.containerPort)
        else { continue }
        let hostIP = IPAddress(port.hostIP)
        found.append(
          (
            HostPortTable.Key(node: node, code: PortSetTable.code(port.transport, outer)),
            HostPortTable.Target(
              addresses: addresses, port: inner,
              hostIP: hostIP.flatMap { $0.isUnspecified ? nil : $0 })
          ))
      }
    }
    return found
  }

  /// Where a packet for the node itself goes on to; nil when no container asks for the port.
  func hostPortTarget(
    of flow: Flow, at node: Int32
  ) -> (address: IPAddress, port: UInt16, isMasqueraded: Bool)? {
    let key = HostPortTable.Key(
      node: node, code: PortSetTable.code(flow.transport, flow.destinationPort))
    guard let target = hostPorts.find(key),
      flow.destination.isLoopback || isLocal(flow.destination, at: node),
      target.hostIP.map({ $0 == flow.destination }) ?? true
    else { return nil }
    for id in target.addresses where addresses[id].address.family == flow.destination.family {
      let address = addresses[id].address
      // CNI-HOSTPORT-SETMARK: what could answer the client directly, and the node's loopback.
      let range =
        cni.plugin == .flannel
        ? podRange(of: node, address.family) : CIDR(address, prefixLength: address.family.width)
      let isNear = range?.contains(flow.source) ?? false
      let isMarked = cni.plugin != .cilium && (isNear || flow.source.isLoopback)
      return (address, target.port, isMarked)
    }
    return nil
  }
}

/// The rules of a host port, as `iptables-save` prints them.
struct HostPortText {
  let flow: Flow
  let endpoint: String
  let namespace: String
  let pod: String

  /// Of the network's name and the container's identifier, here the pod's name
  /// (plugins/pkg/utils/utils.go FormatChainName: 28 characters).
  private var chain: String {
    let digits = SHA512.hash(data: Array("cbr0\(namespace)/\(pod)".utf8)).prefix(11)
      .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    return "CNI-DN-" + digits.prefix(21)
  }

  private var transport: String { flow.transport.lowercaseName }

  var rules: [String] {
    [
      "-A CNI-HOSTPORT-DNAT -p \(transport) -m comment --comment "
        + "\"dnat name: \\\"cbr0\\\" id: \\\"\(namespace)/\(pod)\\\"\" -m multiport --dports "
        + "\(flow.destinationPort) -j \(chain)",
      "-A \(chain) -p \(transport) -m \(transport) --dport \(flow.destinationPort) -j DNAT "
        + "--to-destination \(endpoint)",
    ]
  }

  static let masquerade =
    "-A CNI-HOSTPORT-MASQ -m mark --mark 0x2000/0x2000 -j MASQUERADE"
}
