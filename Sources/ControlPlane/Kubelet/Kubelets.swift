import ClusterModel
import SimulationCore

/// The next thing that happens to a pod on its node.
@usableFromInline
enum PodStep: Hashable, Sendable {
  case start
  case sandboxReady
  /// The container's process has begun.
  case processStarted(Int32)
  /// The container runs, its postStart hook behind it: init containers first, then the others.
  case containerStarted(Int32)
  case probe(ProbeKind, Int32, run: UInt32)
  /// A container's process is found to have ended, the one that was started after so many.
  case containerExited(Int32, code: Int32, after: Int)
  /// A container that waits to be started again is looked at.
  case resync(Int32)
  /// The preStop hooks are done: SIGTERM.
  case terminate
  /// Every process has ended, but for those of sidecars.
  case exited
  case sidecarsExited
  /// The pod has been at it for as long as `activeDeadlineSeconds` lets it.
  case deadline
  /// The kubelet has cleaned up and lets the object go.
  case finalize
}

/// What a pod's processes do that packets notice at once, without any watch.
public struct PodSignal: Hashable, Sendable {
  public enum Kind: UInt8, Hashable, Sendable {
    /// The network is there: the address leads to the pod.
    case attached
    /// The processes accept connections.
    case started
    /// SIGTERM: no new connections, those in flight are finished.
    case draining
    /// The processes are gone.
    case stopped
    /// The processes are gone, the network is not: connections are refused.
    case restarting
    /// The network is gone: the address leads nowhere.
    case detached
  }

  public var kind: Kind
  public var pod: ObjectID
  public var name: NamespacedName
  public var time: Instant
}

/// Every node's kubelet: one watch for all of them, and one worker for each pod.
@usableFromInline
struct Kubelets: Sendable {
  static let watches = ResourceKinds.of(.pod, .node)

  var random: RandomStream
  /// By the pod's slot in the store.
  private var workers: ContiguousArray<PodWorker?> = []
  var nodes: [ObjectID: NodeAgent] = [:]
  /// Image names by number.
  private var imageNumbers: [String: Int32] = [:]
  private(set) var images: [String] = []
  /// What has happened to pods' processes and not been fetched yet.
  @usableFromInline var signals: [PodSignal] = []
  /// Kubelets that do not work.
  var silent: [ObjectID: SilentKubelet] = [:]
  /// Where the CNI gives addresses out of pools of the whole cluster instead of the nodes' blocks:
  /// one for each family.
  var pools: [CalicoIPAM] = []
  /// Nodes whose network is not set up yet.
  var joining: Set<ObjectID> = []
  private var lives: UInt32 = 0

  init(seed: UInt64) { random = RandomStream(seed: seed, component: "kubelet") }

  subscript(_ pod: ObjectID) -> PodWorker? {
    _read {
      let slot = Int(pod.slot)
      if slot < workers.count, workers[slot]?.pod == pod {
        yield workers[slot]
      } else {
        yield nil
      }
    }
    _modify {
      let slot = Int(pod.slot)
      while workers.count <= slot { workers.append(nil) }
      // An earlier pod of the slot is not this one; a new worker takes its place.
      if workers[slot]?.pod == pod {
        yield &workers[slot]
      } else {
        var none: PodWorker?
        yield &none
        if let none { workers[slot] = none }
      }
    }
  }

  /// The node whose kubelet looks after a pod.
  func node(of pod: ObjectID) -> ObjectID? {
    let slot = Int(pod.slot)
    return slot < workers.count && workers[slot]?.pod == pod ? workers[slot]?.node : nil
  }

  @usableFromInline
  func isServing(_ pod: ObjectID) -> Bool {
    let slot = Int(pod.slot)
    return slot < workers.count && workers[slot]?.pod == pod && workers[slot]?.isServing == true
  }

  /// Begins to look after a pod: what was planned for an earlier worker of it no longer counts.
  mutating func addWorker(_ worker: PodWorker) {
    var worker = worker
    lives &+= 1
    worker.life = lives
    self[worker.pod] = worker
  }

  func knows(image name: String) -> Bool { imageNumbers[name] != nil }

  mutating func number(ofImage name: String) -> Int32 {
    if let number = imageNumbers[name] { return number }
    let number = Int32(images.count)
    images.append(name)
    imageNumbers[name] = number
    return number
  }
}

/// What the kubelet holds of one pod.
struct PodWorker: Sendable {
  enum Phase: UInt8, Sendable {
    case starting, running, stopping, gone
  }

  var pod: ObjectID
  var node: ObjectID
  var name: NamespacedName
  /// Tells the worker from an earlier one of the same pod.
  var life: UInt32 = 0
  var phase = Phase.starting
  var hasSandbox = false
  /// Set once the processes accept connections.
  var isServing = false
  var addresses: [IPAddress] = []
  /// Containers whose process runs, counted over init containers and the others.
  var startedCount: Int32 = 0
  /// Probes whose outcome is open.
  var probes: [ProbeRun] = []
  var probeRuns: UInt32 = 0
  /// Containers that have ended before.
  var histories: [ContainerHistory] = []
  /// Set at SIGTERM.
  var isTold = false
  /// How long a volume that could not be mounted waits next time.
  var mountBackOff: Duration?
  /// When the readiness probe runs next; only for display.
  var nextProbe: Instant?
}

/// What the kubelet of one node holds beside its pods.
struct NodeAgent: Sendable {
  /// One a family, in the order of the node's blocks.
  var addresses: [HostLocalIPAM]
  /// Pulled images, by number.
  var images: Set<Int32> = []
  /// Images are pulled one after another: when the last pull ends.
  var pullsEnd = Instant(nanoseconds: .min / 2)
  /// Pods that wait for an image that is being pulled.
  var waiting: [Int32: [WaitingContainer]] = [:]

  /// Marks the address of a loaded pod.
  mutating func occupy(_ address: IPAddress) {
    for index in addresses.indices { addresses[index].occupy(address) }
  }

  /// An address of each family; none when one of the ranges is exhausted or there is no range.
  mutating func allocateAddresses() -> [IPAddress] {
    var given: [IPAddress] = []
    for index in addresses.indices {
      guard let address = addresses[index].allocate() else {
        for (earlier, held) in given.enumerated() { addresses[earlier].release(held) }
        return []
      }
      given.append(address)
    }
    return given
  }

  struct WaitingContainer: Sendable {
    var pod: ObjectID
    var container: Int32
    var since: Instant
  }
}
