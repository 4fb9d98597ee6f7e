import ClusterModel
import SimulationCore

/// Rolls Deployments out by sizing their ReplicaSets (pkg/controller/deployment).
struct DeploymentController: Controller {
  let name = "deployment-controller"
  let watches = ResourceKinds.of(.deployment, .replicaSet, .pod)
  let podAspects: Change.Aspects = []

  mutating func observe(_ change: Change, in store: ObjectStore, _ keys: inout [WorkKey]) {
    switch change.kind {
    case .deployment where change.operation != .deleted:
      keys.append(WorkKey(.deployment, change.id))
    case .replicaSet:
      let metadata = change.tombstone ?? store.replicaSets[change.id]?.metadata
      if let id = Self.owner(of: metadata, in: store) { keys.append(WorkKey(.deployment, id)) }
      if let metadata, metadata.controllerReference == nil, change.operation != .deleted {
        for id in store.deployments.ids
        where store.deployments[id].map({ Self.matches($0, metadata) }) ?? false {
          keys.append(WorkKey(.deployment, id))
        }
      }
    case .pod where change.operation == .deleted:
      // The last pod of a Recreate rollout being gone lets the new ones start.
      guard let pod = change.tombstone, let owner = pod.controllerReference,
        let replicaSet = store.replicaSets[pod.namespace, owner.name],
        let id = Self.owner(of: replicaSet.metadata, in: store),
        store.deployments[id]?.strategy == .recreate
      else { return }
      keys.append(WorkKey(.deployment, id))
    default: break
    }
  }

  private static func owner(of metadata: ObjectMeta?, in store: ObjectStore) -> ObjectID? {
    guard let metadata, let owner = metadata.controllerReference, owner.kind == "Deployment" else {
      return nil
    }
    return store.deployments.id(namespace: metadata.namespace, name: owner.name)
  }

  private static func matches(_ deployment: Deployment, _ metadata: ObjectMeta) -> Bool {
    deployment.metadata.namespace == metadata.namespace && !deployment.metadata.isTerminating
      && !metadata.isTerminating && deployment.selector.matches(metadata.labels)
  }

  /// ReplicaSets that its selector matches and nobody controls become its own.
  private static func adoptions(by deployment: Deployment, _ store: ObjectStore) -> [Write] {
    let metadata = deployment.metadata
    let owner = OwnerReference(
      apiVersion: "apps/v1", kind: "Deployment", name: metadata.name, uid: metadata.uid)
    return store.replicaSets(ownedBy: .none).sorted().compactMap { id in
      guard let held = store.replicaSets[id], matches(deployment, held.metadata)
      else { return nil }
      return Write(.adopt(.replicaSet(held), owner))
    }
  }

  mutating func reconcile(_ key: WorkKey, _ context: inout ReconcileContext) -> Reconciliation {
    guard let deployment = context.store.deployments[key.id] else { return .nothing }
    // Only one without any of its own looks for what an earlier one has left behind.
    if context.store.replicaSets(ownedBy: deployment.metadata.uid).isEmpty {
      let adoptions = Self.adoptions(by: deployment, context.store)
      if !adoptions.isEmpty {
        var result = Reconciliation()
        result.writes = adoptions
        return result
      }
    }
    var rollout = Rollout(key.id, deployment, context)
    rollout.sync()
    return rollout.result
  }
}

/// One sync of one Deployment: what upstream's `syncDeployment` does, on values.
struct Rollout {
  let id: ObjectID
  let deployment: Deployment
  let store: ObjectStore
  let now: Timestamp
  /// The ReplicaSet with the present template, as it will be after this sync's writes.
  var newReplicaSet: ReplicaSet?
  var oldReplicaSets: [ReplicaSet] = []
  /// The status as far as this sync has worked it out.
  var status: DeploymentStatus
  var annotations: Labels
  var result = Reconciliation()

  init(_ id: ObjectID, _ deployment: Deployment, _ context: ReconcileContext) {
    self.id = id
    self.deployment = deployment
    store = context.store
    now = context.timestamp
    status = deployment.status
    annotations = deployment.metadata.annotations
    sortReplicaSets()
  }

  var allReplicaSets: [ReplicaSet] { oldReplicaSets + (newReplicaSet.map { [$0] } ?? []) }

  private mutating func sortReplicaSets() {
    let owned = store.replicaSets(ownedBy: deployment.metadata.uid)
      .compactMap { store.replicaSets[$0] }
      .sorted(by: Self.isOlder)
    for replicaSet in owned {
      if newReplicaSet == nil, Self.hasTemplate(of: deployment, replicaSet) {
        newReplicaSet = replicaSet
      } else {
        oldReplicaSets.append(replicaSet)
      }
    }
  }

  /// By creation, then by name.
  static func isOlder(_ left: ReplicaSet, _ right: ReplicaSet) -> Bool {
    let (a, b) = (left.metadata.creationTimestamp, right.metadata.creationTimestamp)
    if let a, let b, a != b { return a < b }
    return left.metadata.name < right.metadata.name
  }

  private static func hasTemplate(of deployment: Deployment, _ replicaSet: ReplicaSet) -> Bool {
    var template = replicaSet.template
    template.labels[TemplateHash.label] = deployment.template.labels[TemplateHash.label]
    return template == deployment.template
  }

  mutating func sync() {
    if deployment.metadata.isTerminating {
      writeStatus(calculatedStatus())
      return
    }
    notePause()
    if deployment.isPaused || isScalingEvent {
      adoptRevision(creating: false)
      scale()
      writeStatus(calculatedStatus())
      return
    }
    switch deployment.strategy {
    case .rollingUpdate: roll()
    case .recreate: recreate()
    }
  }

  /// Whether the Deployment's size has changed since its ReplicaSets were last sized.
  private var isScalingEvent: Bool {
    allReplicaSets.contains { replicaSet in
      guard replicaSet.replicas > 0,
        let desired = Int(replicaSet.metadata.annotations[RolloutAnnotation.desired] ?? "")
      else { return false }
      return desired != deployment.replicas
    }
  }

  private mutating func notePause() {
    let progressing = status.conditions[type: "Progressing"]
    if progressing?.reason == "ProgressDeadlineExceeded" { return }
    let isNoted = progressing?.reason == "DeploymentPaused"
    if deployment.isPaused, !isNoted {
      set(.unknown, "DeploymentPaused", "Deployment is paused")
    } else if !deployment.isPaused, isNoted {
      set(.unknown, "DeploymentResumed", "Deployment is resumed")
    }
  }

  // MARK: Writes

  /// Gives `replicaSet` a size; true when that changes it.
  mutating func resize(_ replicaSet: ReplicaSet, to size: Int) -> Bool {
    guard replicaSet.replicas != size else { return false }
    sizeOrAnnotate(replicaSet, size)
    return true
  }

  /// Writes a ReplicaSet's size and the annotations that remember what it was sized for.
  mutating func sizeOrAnnotate(_ replicaSet: ReplicaSet, _ size: Int) {
    var changed = replicaSet
    changed.replicas = size
    RolloutAnnotation.setSizes(of: deployment, on: &changed.metadata.annotations)
    guard changed != replicaSet else { return }
    var event: EventRecord?
    if size != replicaSet.replicas {
      let verb = size > replicaSet.replicas ? "up" : "down"
      event = self.event(
        "Scaled \(verb) replica set \(replicaSet.metadata.name) from \(replicaSet.replicas) to \(size)"
      )
    }
    // Only this controller sizes it: another's status update is no conflict.
    changed.metadata.resourceVersion = 0
    result.writes.append(Write(.replace(.replicaSet(changed)), event: event))
    put(changed)
  }

  func event(_ message: String) -> EventRecord {
    EventRecord(
      ObjectReference("Deployment", deployment.metadata), "ScalingReplicaSet", message,
      from: "deployment-controller")
  }

  private mutating func put(_ replicaSet: ReplicaSet) {
    if newReplicaSet?.metadata.uid == replicaSet.metadata.uid {
      newReplicaSet = replicaSet
    } else if let index = oldReplicaSets.firstIndex(where: {
      $0.metadata.uid == replicaSet.metadata.uid
    }) {
      oldReplicaSets[index] = replicaSet
    }
  }

  mutating func writeStatus(_ newStatus: DeploymentStatus) {
    if newStatus != deployment.status || annotations != deployment.metadata.annotations {
      result.writes.append(Write(.deploymentStatus(id, newStatus, annotations)))
    }
  }
}

/// Annotations by which the controller remembers (pkg/controller/deployment/util).
enum RolloutAnnotation {
  static let revision = "deployment.kubernetes.io/revision"
  static let revisionHistory = "deployment.kubernetes.io/revision-history"
  static let desired = "deployment.kubernetes.io/desired-replicas"
  static let max = "deployment.kubernetes.io/max-replicas"

  static func setSizes(of deployment: Deployment, on annotations: inout Labels) {
    annotations[desired] = "\(deployment.replicas)"
    annotations[max] = "\(deployment.replicas + deployment.resolvedMaxSurge)"
  }

  /// Annotations of a Deployment that its ReplicaSets do not get.
  static func isOwn(_ key: String) -> Bool {
    [
      "kubectl.kubernetes.io/last-applied-configuration", revision, revisionHistory, desired, max,
      "deprecated.deployment.rollback.to",
    ].contains(key)
  }
}

extension Deployment {
  /// maxSurge and maxUnavailable in pods; both zero unless rolling (ResolveFenceposts).
  var fenceposts: (surge: Int, unavailable: Int) {
    guard strategy == .rollingUpdate else { return (0, 0) }
    let surge = Self.scaled(maxSurge, of: replicas, roundingUp: true)
    var unavailable = Self.scaled(maxUnavailable, of: replicas, roundingUp: false)
    if surge == 0, unavailable == 0 { unavailable = 1 }
    return (surge, min(unavailable, replicas))
  }

  var resolvedMaxSurge: Int {
    strategy == .rollingUpdate ? Self.scaled(maxSurge, of: replicas, roundingUp: true) : 0
  }
  var resolvedMaxUnavailable: Int { replicas == 0 ? 0 : fenceposts.unavailable }

  private static func scaled(_ value: IntOrString, of total: Int, roundingUp: Bool) -> Int {
    switch value {
    case .integer(let number): return number
    case .string(let text):
      let percent = Percentage.number(text) ?? 0
      let (product, overflow) = percent.multipliedReportingOverflow(by: total)
      if overflow { return total }
      return roundingUp ? (product + 99) / 100 : product / 100
    }
  }

  /// Whether a rollout can fail by taking too long; the largest value stands for never.
  var hasProgressDeadline: Bool { progressDeadlineSeconds != Int(Int32.max) }
}

/// The hash that names a ReplicaSet after its pod template.
///
/// Upstream hashes Go's dump of its struct; this hashes ours. Alphabet and length are the same.
enum TemplateHash {
  static let label = "pod-template-hash"

  static func of(_ template: PodTemplate, collisions: Int) -> String {
    var hash = FNV1a()
    hash.put(template.labels.text)
    hash.put("|")
    hash.put(template.annotations.text)
    hash.put("|")
    var text = PodSpecText(hash)
    text.put(template.spec.value)
    hash = text.sink
    if collisions > 0 { hash.put("|\(collisions)") }
    return NameGenerator.safeEncoded(hash.value)
  }
}
