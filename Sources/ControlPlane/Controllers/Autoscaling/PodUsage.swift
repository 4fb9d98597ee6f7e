import ClusterModel
import SimulationCore

/// What a pod's containers use, as the metrics API tells it.
public struct PodUsage: Hashable, Sendable {
  public struct Container: Hashable, Sendable {
    public var name: String
    /// Thousandths of a core, on average over the window.
    public var milliCPU: Int64
    /// Bytes.
    public var memory: Int64

    public init(name: String, milliCPU: Int64, memory: Int64) {
      self.name = name
      self.milliCPU = milliCPU
      self.memory = memory
    }
  }

  /// When it was measured.
  public var timestamp: Timestamp
  public var containers: [Container]

  /// Over how long a measurement goes: metrics-server reads each kubelet every 15 s.
  public static let window = Duration.seconds(15)

  public init(timestamp: Timestamp, containers: [Container]) {
    self.timestamp = timestamp
    self.containers = containers
  }

  public var milliCPU: Int64 { containers.map(\.milliCPU).reduce(0, +) }
  public var memory: Int64 { containers.map(\.memory).reduce(0, +) }

  /// In thousandths, as the autoscaler counts; of one container or of all. Nil for a container
  /// that is not there and for resources that nobody measures.
  func milli(_ resource: String, container: String?) -> Int64? {
    let counted = containers.filter { container == nil || $0.name == container }
    if counted.isEmpty { return nil }
    switch resource {
    case "cpu": return counted.map(\.milliCPU).reduce(0, +)
    case "memory": return counted.map { $0.memory * 1000 }.reduce(0, +)
    default: return nil
    }
  }
}

extension ControlPlane {
  /// Whether somebody wants the pods measured from time to time.
  public var hasAutoscalers: Bool {
    store.kept[HorizontalPodAutoscalerController.resource.qualifiedPlural] != nil
  }

  /// The pods in the namespaces of autoscalers.
  public var measuredPods: [ObjectID] {
    let autoscalers = store.kept[HorizontalPodAutoscalerController.resource.qualifiedPlural]
    let namespaces = Set((autoscalers?.list() ?? []).map(\.metadata.namespace)).sorted()
    return namespaces.flatMap { store.pods(inNamespace: $0) }
  }

  /// What a pod used when it was last measured.
  public func lastUsage(of id: ObjectID) -> PodUsage? { usage[id] }

  /// Puts a new measurement in the place of the last one.
  public mutating func report(_ usage: [ObjectID: PodUsage]) { self.usage = usage }
}
