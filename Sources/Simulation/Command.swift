import ClusterModel
import ControlPlane
import DataPlane
import SimulationCore
import Traffic

/// Something that a person, a script or a lesson does to the world.
///
/// Together with its time each one is an entry of the journal, and the journal is the session:
/// replaying it gives the same world.
public enum Command: Hashable, Sendable {
  /// `POST`: a new object.
  case create(StoredObject)
  /// `PUT`: the whole object anew. A resource version other than zero must be the present one.
  case replace(StoredObject)
  /// `DELETE`, with the grace period in seconds if it is not the object's own.
  case delete(APIResource, namespace: String, name: String, DeleteOptions)
  /// `pods/eviction`: a delete that a disruption budget may refuse.
  case evict(namespace: String, name: String)
  /// Machines join or leave until there are so many workers.
  case scaleNodes(Int)
  case traffic(TrafficCommand)
  case fault(FaultCommand)
  /// A program opens a connection, talks, and closes it.
  case dial(TraceRequest)
  /// A program asks a pod of the cluster's DNS.
  case resolve(DNSQuestion, server: IPAddress)
  /// `conntrack -D` on a node: the entries that the filter lets through are forgotten.
  case forgetConnections(node: String, ConntrackFilter)
}

/// What becomes of the objects that the deleted one owns, and how soon.
public struct DeleteOptions: Hashable, Sendable {
  public enum Propagation: Hashable, Sendable {
    case background, foreground, orphan
  }

  /// Nil for the object's own grace period; 0 removes a pod at once.
  public var gracePeriodSeconds: Int?
  public var propagation = Propagation.background

  public init(gracePeriodSeconds: Int? = nil, propagation: Propagation = .background) {
    self.gracePeriodSeconds = gracePeriodSeconds
    self.propagation = propagation
  }
}

/// A change of the load.
public enum TrafficCommand: Hashable, Sendable {
  /// Thousandths of a request per second in all; nil gives the clients their own rate back.
  case rate(EdgeSelector, Int64?)
  case start(EdgeSelector)
  case stop(EdgeSelector)
}

/// Something that breaks, or is mended.
public enum FaultCommand: Hashable, Sendable {
  /// The kubelet of a node does nothing any more; its pods go on.
  case stopKubelet(String)
  /// kube-proxy of a node learns nothing any more; its rules stay as they are.
  case stopProxy(String)
  /// A node's machine is off.
  case crashNode(String)
  /// The main container of a pod ends with an error.
  case crashPod(namespace: String, name: String)
  /// A node works again.
  case healNode(String)
  /// Every fault is mended.
  case healAll
}
