import ClusterModel
import SimulationCore

/// One controller: what it watches, and what it does about it.
///
/// A controller never writes. `reconcile` compares the spec with what there is and returns the
/// writes that bring them together; the runner makes them, at the pace of the controller's client.
/// A new controller is one file with such a type and one line in `ControlPlane.controllers`.
protocol Controller: Sendable {
  /// As in `source.component` of its events: `deployment-controller`.
  var name: String { get }
  /// The kinds whose changes it hears of: a change of another kind does not wake it.
  var watches: ResourceKinds { get }
  /// What an update of a pod must have touched to concern it.
  var podAspects: Change.Aspects { get }
  /// What must own a pod, or have owned it before the change, for the pod to concern it.
  var podOwners: Change.PodOwners { get }
  /// How many keys it works on at a time.
  var workers: Int { get }
  /// The wait after a first failure, doubled for each further one.
  var retryDelay: Duration { get }

  /// Adds the keys that `change` concerns.
  mutating func observe(_ change: Change, in store: ObjectStore, _ keys: inout [WorkKey])

  /// Returns what is to be done about `key`.
  mutating func reconcile(_ key: WorkKey, _ context: inout ReconcileContext) -> Reconciliation
}

extension Controller {
  var watches: ResourceKinds { .all }
  var podAspects: Change.Aspects { .all }
  var podOwners: Change.PodOwners { .all }
  var workers: Int { 5 }
  var retryDelay: Duration { .milliseconds(5) }
}

/// What a controller sees when it reconciles.
struct ReconcileContext {
  /// The cluster; read only.
  let store: ObjectStore
  let now: Instant
  /// The wall clock.
  let timestamp: Timestamp
  /// The end of the watch log as far as this controller has heard of it. What it wrote itself
  /// behind that is not in its cache yet.
  let observed: Int
  /// Where in the watch log its own newest write about this key stands; zero for none.
  let lastWrite: Int
  var names: NameGenerator
  /// What pods used when they were last measured.
  var usage: [ObjectID: PodUsage] = [:]
  /// Why a request of the sync before was refused; nil when none was.
  var refusal: APIError?
}

/// What a controller wants done.
struct Reconciliation: Sendable {
  var writes: [Write] = []
  /// How many of the writes, from the first on, are made in batches of 1, 2, 4, 8 …, each when the
  /// one before has succeeded (pkg/controller/replicaset slowStartBatch).
  var slowStart = 0
  /// Look again after this long, whatever happens until then.
  var requeueAfter: Duration?
  /// The sync failed: look again after the back-off.
  var isFailure = false

  static let nothing = Reconciliation()
  static let failure: Reconciliation = {
    var result = Reconciliation()
    result.isFailure = true
    return result
  }()
}

/// One request of a controller to the API server.
struct Write: Sendable {
  enum Action: Sendable {
    indirect case create(StoredObject)
    indirect case replace(StoredObject)
    case deletePod(ObjectID)
    indirect case delete(StoredObject)
    indirect case replicaSetStatus(ObjectID, ReplicaSetStatus)
    /// The status subresource takes the annotations along.
    indirect case deploymentStatus(ObjectID, DeploymentStatus, Labels)
    case nodeCIDRs(ObjectID, [CIDR])
    case service(ObjectID, ServiceUpdate)
    case keptStatus(APIResource, ObjectID, Fields)
    /// A Job of the CronJob, which counts among its active ones from then on.
    case createJob(KeptObject, for: ObjectID)
    /// A delete that waits for what the object owns.
    case deleteInForeground(StoredObject)
    case removeFinalizer(StoredObject, String)
    /// The object belongs to a controller from now on.
    case adopt(StoredObject, OwnerReference)
    /// The object no longer belongs to the owner with this identity.
    case disown(StoredObject, UID)
    /// The scale subresource: another number of replicas.
    case scale(APIResource, ObjectID, Int)
    case nodeConditions(ObjectID, [Condition])
    case nodeTaints(ObjectID, adding: [Taint], removing: [Taint])
    case podCondition(ObjectID, Condition)
    /// Takes the pod out without asking its kubelet.
    case removePod(ObjectID)
    /// Nothing but the event.
    case say
    /// An update of a slice the writer knows to be its own: endpoints are put in place.
    indirect case slice(ObjectID, SliceUpdate)
  }

  var action: Action
  /// What to say when the request has succeeded.
  var event: EventRecord?

  init(_ action: Action, event: EventRecord? = nil) {
    self.action = action
    self.event = event
  }
}
