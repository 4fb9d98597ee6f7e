import SimulationCore

/// What is wrong with a node.
public enum NodeFault: String, Hashable, Sendable {
  /// Its kubelet does nothing any more; what runs goes on running.
  case kubeletStopped
  /// The machine is off: no process, no network.
  case crashed
}

/// A fault that has not healed.
public struct ActiveFault: Hashable, Sendable {
  public var node: String
  public var fault: NodeFault
  public var since: Instant
  /// Whether it is being mended: the kubelet is starting.
  public var isHealing: Bool
}

/// A node's kubelet that does not work, and what has happened meanwhile.
struct SilentKubelet: Sendable {
  var fault: NodeFault
  var since: Instant
  /// When the kubelet works again; nil while nobody mends it.
  var returns: Instant?
  /// Steps that came due and that nobody took.
  var missed: [(pod: ObjectID, step: PodStep)] = []
  var pulled: [Int32] = []
  /// Pods whose object is gone but whose processes nobody has stopped.
  var leftovers: [PodWorker] = []
}
