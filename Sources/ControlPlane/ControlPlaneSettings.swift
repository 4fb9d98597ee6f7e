import ClusterModel
import SimulationCore

/// The flags of the cluster's components that matter here, at their defaults.
public struct ControlPlaneSettings: Hashable, Sendable {
  public var podSubnets: [CIDR]
  public var serviceSubnets: [CIDR]
  public var nodePortRange = 30000...32767
  /// Requests a second of one controller's client (kube-controller-manager --kube-api-qps).
  public var clientQPS = 20
  /// The name of the CNI: which pods stand for it, and how its errors read.
  public var cni = "flannel"
  /// Whether a cloud gives Services of type LoadBalancer their addresses.
  public var hasCloud = false
  /// Tokens its client can save up (--kube-api-burst).
  public var clientBurst = 30
  /// From a write to the watchers' hearing of it, up to a half less.
  public var watchDelay = Duration.milliseconds(4)

  /// When every watcher hears of what was written at `time`.
  ///
  /// A busy API server sends what has gathered: all that is written within half of the delay
  /// arrives together, and at the same time everywhere. A quiet one sends each change by itself.
  func delivery(of time: Instant, isBusy: Bool) -> Instant {
    guard isBusy else { return time + watchDelay }
    let arrival = (time + watchDelay).nanoseconds
    let quantum = max(1, watchDelay.nanoseconds / 2)
    return Instant(nanoseconds: arrival - ((arrival % quantum) + quantum) % quantum)
  }

  /// How long the scheduler takes for one pod.
  public var schedulingTime = Duration.microseconds(900)

  public init(podSubnets: [CIDR], serviceSubnets: [CIDR]) {
    self.podSubnets = podSubnets
    self.serviceSubnets = serviceSubnets
  }

  /// kubeadm's service subnet and flannel's pod subnet.
  public static let `default` = ControlPlaneSettings(
    podSubnets: [CIDR(IPAddress(v4: 0x0AF4_0000), prefixLength: 16)],
    serviceSubnets: [CIDR(IPAddress(v4: 0x0A60_0000), prefixLength: 12)])
}

/// How much the API server has had to write lately.
struct WriteLoad: Hashable, Sendable {
  private static let window = Duration.milliseconds(10)
  /// Writes within the window from which on what watchers hear gathers.
  private static let many = 20

  private var start = Instant.zero
  private var writes = 0

  var isHigh: Bool { writes >= Self.many }

  mutating func count(_ number: Int, at time: Instant) {
    if time - start > Self.window {
      start = time
      writes = 0
    }
    writes += number
  }
}
