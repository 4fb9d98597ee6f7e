import ClusterModel
import ControlPlane
import DataPlane
import SimulationCore
import Traffic

/// A node's kube-proxy that does not work.
public struct StoppedProxy: Hashable, Sendable {
  public var node: String
  public var since: Instant
}

/// What breaks, layer by layer.
extension World {
  /// The faults that have not healed.
  public var faults: [ActiveFault] { controlPlane.faults }

  mutating func perform(_ command: FaultCommand) throws(APIError) {
    switch command {
    case .stopKubelet(let node): try controlPlane.fail(node, .kubeletStopped)
    case .stopProxy(let node): try stopProxy(of: node)
    case .crashNode(let node):
      try controlPlane.fail(node, .crashed)
      disconnect(node)
    case .crashPod(let namespace, let name):
      try controlPlane.crashPod(namespace: namespace, name: name)
    case .healNode(let node):
      try controlPlane.heal(node)
      restartProxy(of: node)
    case .healAll:
      for fault in faults { try controlPlane.heal(fault.node) }
      for proxy in stoppedProxies { restartProxy(of: proxy.node) }
    }
  }

  private mutating func stopProxy(of name: String) throws(APIError) {
    guard store.nodes["", name] != nil else { throw .notFound(.nodes, name) }
    guard !stoppedProxies.contains(where: { $0.node == name }) else { return }
    stoppedProxies.append(StoppedProxy(node: name, since: now))
    stoppedProxies.sort { $0.node < $1.node }
    if let index = dataPlane.nodeIndex(named: name) { dataPlane.stopProxy(on: index) }
  }

  private mutating func restartProxy(of name: String) {
    guard let place = stoppedProxies.firstIndex(where: { $0.node == name }) else { return }
    stoppedProxies.remove(at: place)
    if let index = dataPlane.nodeIndex(named: name) { dataPlane.startProxy(on: index, at: now) }
  }

  /// The machine is off the network: it forwards nothing and nobody gets in through it.
  private mutating func disconnect(_ name: String) {
    guard let index = dataPlane.nodeIndex(named: name) else { return }
    traffic.nodeUnavailable(index, at: now)
    dataPlane.detachNode(named: name)
  }
}
