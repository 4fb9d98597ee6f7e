import ClusterModel
import ControlPlane
import DataPlane
import Simulation

/// What is inside a node's machine: its devices, routes and the pods in their namespaces.
public struct MachineView: Hashable, Sendable {
  public struct Device: Hashable, Sendable {
    public var name: String
    /// `ethernet`, `bridge`, `vxlan vni 1 port 8472`.
    public var kind: String
    public var addresses: [String]
    public var mtu: Int
    public var isBridge = false
    public var isTunnel = false

    public init(_ name: String, kind: String, addresses: [String], mtu: Int) {
      (self.name, self.kind, self.addresses, self.mtu) = (name, kind, addresses, mtu)
    }
  }

  /// Those of the machine itself, without the ends of the pods' links.
  public var devices: [Device] = []
  /// The device at this end of a pod's link.
  public var links: [NamespacedName: String] = [:]
  /// As `ip route` prints them.
  public var routes: [String] = []

  public init() {}
}

extension MachineView {
  /// More routes than any screen shows need not be written.
  private static let routeLimit = 200

  init?(of node: String, _ pods: [PodRow], _ world: borrowing World) {
    guard let index = world.dataPlane.nodeIndex(named: node),
      let stack = world.dataPlane.networkStack(of: index)
    else { return nil }
    var names: [(index: Int, name: String)] = []
    for device in stack.devices {
      if case .veth(_, nil, _) = device.kind {
        names.append((device.index, device.name))
      } else if device.kind != .loopback {
        devices.append(Device(device))
      }
    }
    routes = stack.routes.prefix(Self.routeLimit).filter { !$0.isLocal }.map(\.text)
    for pod in pods where !pod.isOnHostNetwork {
      let own = world.dataPlane.networkStack(ofPod: pod.name.name, in: pod.name.namespace)
      for device in own?.devices ?? [] {
        guard case .veth(let peer, _, _) = device.kind else { continue }
        links[pod.name] = names.first { $0.index == peer }?.name
      }
    }
  }
}

extension MachineView.Device {
  fileprivate init(_ device: NetworkDevice) {
    self.init(
      device.name, kind: "", addresses: device.addresses.map { "\($0.address)/\($0.prefixLength)" },
      mtu: device.mtu)
    switch device.kind {
    case .loopback: kind = "loopback"
    case .ethernet: kind = "the machine's own card"
    case .bridge:
      kind = "bridge"
      isBridge = true
    case .veth: kind = "veth"
    case .vxlan(let identifier, let port, _):
      kind = "vxlan\(identifier.map { " vni \($0)" } ?? "") port \(port)"
      isTunnel = true
    case .ipip:
      kind = "IPIP tunnel"
      isTunnel = true
    case .dummy: kind = "bears addresses"
    }
  }
}
