import ClusterModel
import SimulationCore

/// A workload that is kept as it was written, as its controller sees it.
struct KeptWorkload {
  let id: ObjectID
  let object: KeptObject
  let template: PodTemplate
  /// Every pod it owns, in the order of admission.
  let pods: [(id: ObjectID, pod: Pod)]

  /// Nil when it is gone, or is nobody whose pods could be made.
  init?(_ id: ObjectID, _ resource: APIResource, _ store: ObjectStore) {
    guard let object = store.kept[resource.qualifiedPlural]?[id], let template = object.template,
      !object.metadata.isTerminating
    else { return nil }
    self.id = id
    self.object = object
    self.template = template
    pods = store.pods(ownedBy: object.metadata.uid).ids.compactMap { id in
      store.pods[id].map { (id, $0) }
    }
  }

  var metadata: ObjectMeta { object.metadata }
  var spec: Value { object.body["spec"] ?? .object(Fields()) }
  var status: Fields { object.body["status"]?.fields ?? Fields() }

  /// A number of the spec that cannot be negative.
  func number(_ name: String, default absent: Int) -> Int {
    spec[name]?.integer.map { max(0, Int(clamping: $0)) } ?? absent
  }

  /// Names the template, as `controller-revision-hash` does.
  var hash: String { TemplateHash.of(template, collisions: 0) }

  /// Names it as the controller of what it owns.
  var reference: OwnerReference {
    OwnerReference(
      apiVersion: object.resource.apiVersion, kind: object.resource.kind, name: metadata.name,
      uid: metadata.uid)
  }

  /// A pod of the template; it still needs a name.
  func pod(_ spec: Shared<PodSpec>, labels: Labels) -> Pod {
    var own = ObjectMeta(
      name: "", namespace: metadata.namespace, labels: template.labels.merging(labels))
    own.annotations = template.annotations
    own.ownerReferences = [reference]
    return Pod(metadata: own, spec: spec)
  }

  func event(
    _ reason: String, _ message: String, from component: String, type: Event.EventType = .normal
  ) -> EventRecord {
    EventRecord(
      ObjectReference(object.resource.kind, metadata), reason, message, from: component, type: type)
  }

  /// The write that brings the status up to date; nil when it is.
  func statusUpdate(_ new: Fields) -> Write? {
    new == status ? nil : Write(.keptStatus(object.resource, id, new))
  }

  /// Whether a pod has been ready for as long as `minReadySeconds` asks.
  func isAvailable(_ pod: Pod, at time: Timestamp) -> Bool {
    guard pod.isActive, pod.isReady else { return false }
    let seconds = Int64(number("minReadySeconds", default: 0))
    guard seconds > 0 else { return true }
    guard let since = pod.status.conditions[type: "Ready"]?.lastTransitionTime else { return false }
    return time.seconds - since.seconds >= seconds
  }
}

/// Which changes concern the controller of a kept kind, and how far it must have read to go on.
struct KeptWatch: Sendable {
  let resource: APIResource
  /// As in `ReplicaSetController`: up to where the log must have been read.
  var expectations: [ObjectID: Int] = [:]
  private var adoption = Adoption()

  init(_ apiVersion: String, _ kind: String) {
    resource = APIResource.of(apiVersion: apiVersion, kind: kind)
  }

  /// Adds the workload that `change` is about, or whose pod it is about.
  mutating func observe(_ change: Change, in store: ObjectStore, _ keys: inout [WorkKey]) {
    switch change.kind {
    case .kept where change.resource == resource.qualifiedPlural:
      if change.operation == .deleted {
        expectations[change.id] = nil
      } else {
        keys.append(WorkKey(.kept, change.id))
      }
    case .pod:
      guard change.isAboutPod(of: resource.kind, in: store),
        let (namespace, owner) = change.podOwner(in: store),
        let id = store.kept[resource.qualifiedPlural]?.id(namespace: namespace, name: owner.name)
      else { return }
      keys.append(WorkKey(.kept, id))
    default: break
    }
  }

  /// Adds the workloads that a pod may belong to which nothing controls.
  mutating func observeOrphan(_ change: Change, in store: ObjectStore, _ keys: inout [WorkKey]) {
    guard let (namespace, labels) = adoption.observe(change, in: store) else { return }
    let table = store.kept[resource.qualifiedPlural]
    for id in table?.ids ?? [] {
      guard let object = table?[id], object.metadata.namespace == namespace,
        Self.selector(of: object).matches(labels)
      else { continue }
      keys.append(WorkKey(.kept, id))
    }
  }

  /// The writes that let a workload take over what it matches and let go what it does not.
  mutating func adoptions(by set: KeptWorkload, _ store: ObjectStore) -> [Write] {
    adoption.writes(
      for: set.reference, in: set.metadata.namespace, matching: Self.selector(of: set.object), store
    )
  }

  /// `spec.selector`, which is a plain map in the core group.
  private static func selector(of object: KeptObject) -> LabelSelector {
    if !object.resource.group.isEmpty {
      return Budget.selector(of: object) ?? LabelSelector()
    }
    let fields = object.body["spec"]?["selector"]?.fields ?? Fields()
    return LabelSelector(
      matchLabels: Labels(fields.all.map { ($0.name, $0.value.string ?? "") }))
  }

  func isSettled(_ key: WorkKey, _ context: ReconcileContext) -> Bool {
    context.observed >= expectations[key.id] ?? 0
  }

  mutating func expect(_ writes: [Write], _ key: WorkKey, _ context: ReconcileContext) {
    if !writes.isEmpty { expectations[key.id] = context.store.log.end }
  }
}
