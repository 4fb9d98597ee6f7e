import ClusterModel
import ControlPlane
import DataPlane
import Traffic

/// What breaks, layer by layer.
extension World {
  /// The faults that have not healed.
  public var faults: [ActiveFault] { controlPlane.faults }

  mutating func perform(_ command: FaultCommand) throws(APIError) {
    switch command {
    case .stopKubelet(let node): try controlPlane.fail(node, .kubeletStopped)
    case .crashNode(let node):
      try controlPlane.fail(node, .crashed)
      disconnect(node)
    case .crashPod(let namespace, let name):
      try controlPlane.crashPod(namespace: namespace, name: name)
    case .healNode(let node): try controlPlane.heal(node)
    case .healAll: for fault in faults { try controlPlane.heal(fault.node) }
    }
  }

  /// The machine is off the network: it forwards nothing and nobody gets in through it.
  private mutating func disconnect(_ name: String) {
    guard let index = dataPlane.nodeIndex(named: name) else { return }
    traffic.nodeUnavailable(index, at: now)
    dataPlane.detachNode(named: name)
  }
}
