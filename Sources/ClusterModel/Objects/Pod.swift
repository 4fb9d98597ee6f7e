/// A Pod.
///
/// Its parts lie behind one reference until it is written to: pods are handed around at every
/// event, and copying one costs no more than that.
public struct Pod: APIObject {
  public static let kind = ResourceKind.pod

  @usableFromInline
  struct Parts: Hashable, Sendable {
    @usableFromInline var metadata: ObjectMeta
    @usableFromInline var spec: Shared<PodSpec>
    @usableFromInline var nodeName: String
    @usableFromInline var status: PodStatus
  }

  @usableFromInline var parts: CopyOnWrite<Parts>

  public init(
    metadata: ObjectMeta, spec: Shared<PodSpec>, nodeName: String = "", status: PodStatus = .init()
  ) {
    parts = CopyOnWrite(
      Parts(metadata: metadata, spec: spec, nodeName: nodeName, status: status))
  }

  public var metadata: ObjectMeta {
    @inlinable _read { yield parts.value.metadata }
    @inlinable _modify { yield &parts.value.metadata }
  }
  /// Everything of `spec` but `nodeName`; shared by the pods of one template.
  public var spec: Shared<PodSpec> {
    @inlinable _read { yield parts.value.spec }
    @inlinable _modify { yield &parts.value.spec }
  }
  /// `spec.nodeName`; empty until the scheduler has bound the pod.
  public var nodeName: String {
    @inlinable _read { yield parts.value.nodeName }
    @inlinable _modify { yield &parts.value.nodeName }
  }
  public var status: PodStatus {
    @inlinable _read { yield parts.value.status }
    @inlinable _modify { yield &parts.value.status }
  }

  /// The Ready condition, which is also an endpoint's `serving`.
  public var isReady: Bool { status.conditions.isTrue("Ready") }
  public var isBound: Bool { !nodeName.isEmpty }
  /// Succeeded or Failed: the pod will never run again.
  public var isTerminal: Bool { status.phase == .succeeded || status.phase == .failed }
  /// Neither over nor being deleted (pkg/controller/controller_utils.go IsPodActive).
  public var isActive: Bool { !isTerminal && !metadata.isTerminating }
}

/// `spec` of a pod without `nodeName`.
public struct PodSpec: Hashable, Sendable {
  public var initContainers: [Container] = []
  public var containers: [Container] = []
  public var restartPolicy = "Always"
  public var terminationGracePeriodSeconds = 30
  public var dnsPolicy = "ClusterFirst"
  public var dnsConfig: Value?
  public var hostNetwork = false
  public var hostname = ""
  public var subdomain = ""
  public var nodeSelector = Labels()
  public var affinity: Value?
  public var topologySpreadConstraints: Value?
  public var tolerations: [Toleration] = []
  public var readinessGates: [String] = []
  public var schedulerName = "default-scheduler"
  public var serviceAccountName = ""
  public var priority: Int?
  public var priorityClassName = ""
  /// Whether the service account's token is mounted; `Pod.visibleSpec` has the volume.
  public var mountsToken = false
  public var other = Fields()

  public init(containers: [Container] = []) { self.containers = containers }
}

/// A container of a pod.
public struct Container: Hashable, Sendable {
  public var name: String
  public var image: String
  public var imagePullPolicy = ""
  public var command: [String] = []
  public var args: [String] = []
  public var ports: [ContainerPort] = []
  public var env: [EnvironmentVariable] = []
  public var requests = ResourceList()
  public var limits = ResourceList()
  public var readinessProbe: Probe?
  public var livenessProbe: Probe?
  public var startupProbe: Probe?
  public var lifecycle: Value?
  /// `Always` on an init container makes it a sidecar.
  public var restartPolicy: String?
  public var other = Fields()

  public init(name: String, image: String) {
    self.name = name
    self.image = image
  }
}

public struct ContainerPort: Hashable, Sendable {
  public var name: String
  public var containerPort: Int
  /// Zero when unset.
  public var hostPort: Int
  public var hostIP: String
  public var transport: TransportProtocol

  public init(
    name: String = "", containerPort: Int, hostPort: Int = 0, hostIP: String = "",
    transport: TransportProtocol = .tcp
  ) {
    self.name = name
    self.containerPort = containerPort
    self.hostPort = hostPort
    self.hostIP = hostIP
    self.transport = transport
  }
}

public struct EnvironmentVariable: Hashable, Sendable {
  public var name: String
  public var value: String?
  /// A reference to another source, kept as written.
  public var valueFrom: Value?

  public init(name: String, value: String?, valueFrom: Value? = nil) {
    self.name = name
    self.value = value
    self.valueFrom = valueFrom
  }
}

/// A probe of the kubelet (defaults: pkg/apis/core/v1/defaults.go SetDefaults_Probe).
public struct Probe: Hashable, Sendable {
  public enum Handler: String, Hashable, Sendable {
    case httpGet, tcpSocket, exec, grpc
  }

  public var handler: Handler
  /// The handler's own fields, as written and defaulted.
  public var action: Fields
  public var initialDelaySeconds = 0
  public var timeoutSeconds = 1
  public var periodSeconds = 10
  public var successThreshold = 1
  public var failureThreshold = 3
  public var other = Fields()

  public init(handler: Handler, action: Fields = Fields()) {
    self.handler = handler
    self.action = action
  }
}

/// `status` of a pod.
public struct PodStatus: Hashable, Sendable {
  public enum Phase: String, Hashable, Sendable {
    case pending = "Pending"
    case running = "Running"
    case succeeded = "Succeeded"
    case failed = "Failed"
    case unknown = "Unknown"
  }

  public var phase = Phase.pending
  public var reason = ""
  public var message = ""
  public var conditions: [Condition] = []
  public var hostIP: IPAddress?
  /// The primary address first.
  public var podIPs: [IPAddress] = []
  public var startTime: Timestamp?
  public var initContainerStatuses: [ContainerStatus] = []
  public var containerStatuses: [ContainerStatus] = []
  public var nominatedNodeName = ""
  public var qosClass = ""
  public var other = Fields()

  public init() {}

  public var podIP: IPAddress? { podIPs.first }
}

/// What the kubelet reports of one container.
public struct ContainerStatus: Hashable, Sendable {
  public enum State: Hashable, Sendable {
    case waiting(reason: String, message: String)
    case running(startedAt: Timestamp?)
    case terminated(Termination)
    /// None reported.
    case none
  }

  public struct Termination: Hashable, Sendable {
    public var exitCode: Int
    public var signal: Int
    public var reason: String
    public var message: String
    public var startedAt: Timestamp?
    public var finishedAt: Timestamp?
    public var containerID: String

    public init(
      exitCode: Int, signal: Int = 0, reason: String = "", message: String = "",
      startedAt: Timestamp? = nil, finishedAt: Timestamp? = nil, containerID: String = ""
    ) {
      self.exitCode = exitCode
      self.signal = signal
      self.reason = reason
      self.message = message
      self.startedAt = startedAt
      self.finishedAt = finishedAt
      self.containerID = containerID
    }
  }

  public var name: String
  public var image: String
  public var state = State.none
  public var lastState = State.none
  public var isReady = false
  public var hasStarted: Bool?
  public var restartCount = 0
  public var other = Fields()

  public init(name: String, image: String) {
    self.name = name
    self.image = image
  }
}
