/// The pods a controller makes: their metadata and spec.
public struct PodTemplate: Hashable, Sendable {
  public var labels: Labels
  public var annotations: Labels
  public var spec: Shared<PodSpec>
  /// Other fields of the template's metadata.
  public var otherMetadata = Fields()

  public init(labels: Labels, annotations: Labels = Labels(), spec: Shared<PodSpec>) {
    self.labels = labels
    self.annotations = annotations
    self.spec = spec
  }
}

/// A ReplicaSet.
public struct ReplicaSet: APIObject {
  public static let kind = ResourceKind.replicaSet

  public var metadata: ObjectMeta
  public var replicas = 1
  public var minReadySeconds = 0
  public var selector: LabelSelector
  public var template: PodTemplate
  public var otherSpec = Fields()
  public var status = ReplicaSetStatus()

  public init(metadata: ObjectMeta, selector: LabelSelector, template: PodTemplate) {
    self.metadata = metadata
    self.selector = selector
    self.template = template
  }
}

public struct ReplicaSetStatus: Hashable, Sendable {
  public var replicas = 0
  public var fullyLabeledReplicas = 0
  public var readyReplicas = 0
  public var availableReplicas = 0
  public var terminatingReplicas: Int?
  public var observedGeneration: Int64 = 0
  public var conditions: [Condition] = []
  public var other = Fields()

  public init() {}
}

/// A Deployment.
public struct Deployment: APIObject {
  public static let kind = ResourceKind.deployment

  public enum Strategy: String, Hashable, Sendable {
    case rollingUpdate = "RollingUpdate"
    case recreate = "Recreate"
  }

  public var metadata: ObjectMeta
  public var replicas = 1
  public var selector: LabelSelector
  public var template: PodTemplate
  public var strategy = Strategy.rollingUpdate
  public var maxSurge = IntOrString.string("25%")
  public var maxUnavailable = IntOrString.string("25%")
  public var minReadySeconds = 0
  public var revisionHistoryLimit = 10
  public var progressDeadlineSeconds = 600
  public var isPaused = false
  public var otherSpec = Fields()
  public var status = DeploymentStatus()

  public init(metadata: ObjectMeta, selector: LabelSelector, template: PodTemplate) {
    self.metadata = metadata
    self.selector = selector
    self.template = template
  }
}

public struct DeploymentStatus: Hashable, Sendable {
  public var observedGeneration: Int64 = 0
  public var replicas = 0
  public var updatedReplicas = 0
  public var readyReplicas = 0
  public var availableReplicas = 0
  public var unavailableReplicas = 0
  public var terminatingReplicas: Int?
  public var conditions: [Condition] = []
  public var collisionCount: Int?
  public var other = Fields()

  public init() {}
}
