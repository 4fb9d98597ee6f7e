import ClusterModel

/// What the pods of one template do; pods with equal behaviour share one.
struct Behaviour: Sendable {
  /// The part that its pods' specs decide.
  struct Description: Hashable, Sendable {
    var profile: Profile
    var references: [CallReference]
    /// Ports that the containers declare.
    var ports: [UInt16]
    var isHostNetwork: Bool
  }

  var workload: WorkloadIndex
  var description: Description
  /// For recognising the next pod of the template at a glance.
  var spec: Shared<PodSpec>
  var annotations: Labels
  var labels: Labels
  /// The Services of `description.references`.
  var services: [ServiceIndex]
  /// The calls to Services that exist.
  var calls: [Call] = []
  /// No Service leads to its pods: what they call, they call on their own account.
  var isSource = false
  var timeoutClass: Int32
  /// Pods whose processes run.
  var running = 0

  /// A pod listens on the ports it declares; one that declares none, on every port.
  func listens(on port: UInt16) -> Bool {
    description.ports.isEmpty ? !description.isHostNetwork : description.ports.contains(port)
  }
}

/// One of the calls that a request causes.
struct Call: Hashable, Sendable {
  var edge: EdgeIndex
  var milliCalls: Int64
}

extension Behaviour.Description {
  init(spec: PodSpec, annotations: Labels) {
    profile = Profile(annotations: annotations)
    references = CallReference.all(spec: spec, annotations: annotations)
    ports = spec.containers.flatMap(\.ports).compactMap { UInt16(exactly: $0.containerPort) }
    isHostNetwork = spec.hostNetwork
  }
}
