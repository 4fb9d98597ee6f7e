import ClusterModel
import SimulationCore

/// Keeps numbered pods with names of their own, one after the other (pkg/controller/statefulset).
struct StatefulSetController: Controller {
  let name = "statefulset-controller"
  let watches = ResourceKinds.of(.kept, .pod)
  let podOwners: Change.PodOwners = [.statefulSet, .none]

  /// A template with the revision that names it.
  struct Revision: Sendable {
    var name: String
    var template: PodTemplate
  }

  private var watch = KeptWatch("apps/v1", "StatefulSet")
  /// The revisions that pods may be made of: the one before the newest, and the newest.
  private var revisions: [ObjectID: [Revision]] = [:]

  init() {}

  mutating func observe(_ change: Change, in store: ObjectStore, _ keys: inout [WorkKey]) {
    watch.observe(change, in: store, &keys)
    watch.observeOrphan(change, in: store, &keys)
    if change.kind == .kept, change.resource == watch.resource.qualifiedPlural,
      change.operation == .deleted
    {
      revisions[change.id] = nil
    }
  }

  mutating func reconcile(_ key: WorkKey, _ context: inout ReconcileContext) -> Reconciliation {
    guard let set = KeptWorkload(key.id, watch.resource, context.store) else { return .nothing }
    let known = revisions(of: set)
    let round = StatefulRound(set, known, context)
    var result = Reconciliation()
    let claims = watch.isSettled(key, context) ? claims(of: set, context.store) : []
    if !claims.isEmpty {
      // It counts anew when it has heard of what it took over and let go.
      result.writes = claims
      result.requeueAfter = .milliseconds(10)
      watch.expect(claims, key, context)
    } else if watch.isSettled(key, context) {
      let newest = known.last?.name ?? ""
      result.writes = RevisionHistory(set, context.store).update(
        named: newest, hash: String(newest.dropFirst(set.metadata.name.utf8.count + 1)),
        used: round.usedRevisions)
      result.writes += round.next()
      watch.expect(result.writes, key, context)
    }
    result.writes += StatefulClaims(set).ownerUpdates(in: context.store)
    if let write = set.statusUpdate(round.status()) { result.writes.append(write) }
    let minimum = set.number("minReadySeconds", default: 0)
    if minimum > 0, round.waitsForAvailability { result.requeueAfter = .seconds(Int64(minimum)) }
    return result
  }

  /// Only pods that bear one of its names are its own (stateful_set_utils.go isMemberOf).
  private mutating func claims(of set: KeptWorkload, _ store: ObjectStore) -> [Write] {
    watch.adoptions(by: set, store).filter { write in
      guard case .adopt(.pod(let pod), _) = write.action else { return true }
      let prefix = "\(set.metadata.name)-"
      return pod.metadata.name.hasPrefix(prefix)
        && Int(pod.metadata.name.dropFirst(prefix.count)) != nil
    }
  }

  /// The newest revision last. A set that was loaded keeps the name that its template had.
  private mutating func revisions(of set: KeptWorkload) -> [Revision] {
    var known = revisions[set.id] ?? []
    if known.last?.template != set.template {
      let observed = set.status["observedGeneration"]?.integer
      let held = set.status["updateRevision"]?.string
      let isUnchanged = known.isEmpty && observed == set.metadata.generation
      known.append(
        Revision(
          name: (isUnchanged ? held : nil) ?? "\(set.metadata.name)-\(set.hash)",
          template: set.template))
    }
    revisions[set.id] = Array(known.suffix(10))
    return known
  }
}

/// One look at a StatefulSet and its pods (stateful_set_control.go updateStatefulSet).
private struct StatefulRound {
  private let set: KeptWorkload
  private let revisions: [StatefulSetController.Revision]
  private let timestamp: Timestamp
  private let replicas: Int
  private let start: Int
  private let isParallel: Bool
  private var byOrdinal: [Int: (id: ObjectID, pod: Pod)] = [:]
  /// Ordinals beyond the wanted ones, highest first.
  private var condemned: [Int] = []
  private let store: ObjectStore
  /// So many pods at most are made or deleted in one sync.
  private static let burst = 500

  init(
    _ set: KeptWorkload, _ revisions: [StatefulSetController.Revision], _ context: ReconcileContext
  ) {
    self.set = set
    self.revisions = revisions
    store = context.store
    timestamp = context.timestamp
    replicas = set.number("replicas", default: 1)
    start = set.spec["ordinals"]?["start"]?.integer.map { max(0, Int(clamping: $0)) } ?? 0
    isParallel = set.spec["podManagementPolicy"]?.string == "Parallel"
    for entry in set.pods {
      guard let ordinal = Self.ordinal(of: entry.pod, in: set) else { continue }
      byOrdinal[ordinal] = entry
      if ordinal < start || ordinal - start >= replicas { condemned.append(ordinal) }
    }
    condemned.sort(by: >)
  }

  private static func ordinal(of pod: Pod, in set: KeptWorkload) -> Int? {
    let prefix = set.metadata.name + "-"
    guard pod.metadata.name.hasPrefix(prefix) else { return nil }
    return Int(pod.metadata.name.dropFirst(prefix.count)).flatMap { $0 >= 0 ? $0 : nil }
  }

  private var updateRevision: String { revisions.last?.name ?? "" }
  private var currentRevision: String {
    self.set.status["currentRevision"]?.string ?? updateRevision
  }
  private var partition: Int {
    self.set.spec["updateStrategy"]?["rollingUpdate"]?["partition"]?.integer
      .map { max(0, Int(clamping: $0)) } ?? 0
  }

  /// The revisions that pods are of, and those that the status names.
  var usedRevisions: [String] {
    [currentRevision, updateRevision] + self.set.pods.map { revision(of: $0.pod) }
  }

  private func isHealthy(_ pod: Pod) -> Bool {
    pod.status.phase == .running && pod.isReady && !pod.metadata.isTerminating
      && set.isAvailable(pod, at: timestamp)
  }

  /// What is to be done next: with ordered pods one thing at a time.
  func next() -> [Write] {
    var writes: [Write] = []
    for offset in 0..<replicas {
      guard writes.count < Self.burst else { return writes }
      let ordinal = start + offset
      guard let entry = byOrdinal[ordinal] else {
        writes += create(ordinal)
        if !isParallel { return writes }
        continue
      }
      if entry.pod.isTerminal, !entry.pod.metadata.isTerminating {
        writes.append(delete(entry))
        if !isParallel { return writes }
        continue
      }
      if !isParallel, !isHealthy(entry.pod) { return writes }
    }
    let firstUnhealthy = condemned.last { byOrdinal[$0].map { !isHealthy($0.pod) } ?? false }
    for ordinal in condemned {
      guard let entry = byOrdinal[ordinal], writes.count < Self.burst else { continue }
      if entry.pod.metadata.isTerminating {
        if isParallel { continue }
        return writes
      }
      if !isParallel, !isHealthy(entry.pod), ordinal != firstUnhealthy { return writes }
      writes.append(delete(entry))
      if !isParallel { return writes }
    }
    return writes.isEmpty ? nextUpdates() : writes
  }

  /// Pods of an older template go, the highest number first, when so few above them are unwell
  /// as `maxUnavailable` allows: one unless it says more.
  private func nextUpdates() -> [Write] {
    guard set.spec["updateStrategy"]?["type"]?.string != "OnDelete" else { return [] }
    let lowest = min(replicas, max(0, partition - start))
    var left = maxUnavailable
    var writes: [Write] = []
    for offset in (lowest..<replicas).reversed() where left > 0 {
      guard let entry = byOrdinal[start + offset] else {
        left -= 1
        continue
      }
      if revision(of: entry.pod) != updateRevision, !entry.pod.metadata.isTerminating {
        writes.append(delete(entry))
        left -= 1
      } else if !isHealthy(entry.pod) {
        left -= 1
      }
    }
    return writes
  }

  private var maxUnavailable: Int {
    let written = set.spec["updateStrategy"]?["rollingUpdate"]?["maxUnavailable"]
    let share = written?.string.flatMap { Percentage.number($0) }
    let number =
      share.map { replicas * min($0, 100) / 100 } ?? written?.integer.map { Int(clamping: $0) }
    return max(1, number ?? 1)
  }

  private func revision(of pod: Pod) -> String {
    pod.metadata.labels["controller-revision-hash"] ?? ""
  }

  private func create(_ ordinal: Int) -> [Write] {
    // Below the partition pods are made of the template before.
    let isOld = ordinal < partition && currentRevision != updateRevision
    let old = isOld ? revisions.last { $0.name == currentRevision } : nil
    let name = "\(set.metadata.name)-\(ordinal)"
    let template = old?.template ?? set.template
    var spec = template.spec.value
    spec.hostname = name
    spec.subdomain = set.spec["serviceName"]?.string ?? ""
    let claims = StatefulClaims(set)
    claims.mount(into: &spec, of: name)
    var pod = set.pod(
      Shared(spec),
      labels: [
        "apps.kubernetes.io/pod-index": "\(ordinal)",
        "controller-revision-hash": old?.name ?? updateRevision,
        "statefulset.kubernetes.io/pod-name": name,
      ])
    pod.metadata.generateName = set.metadata.name + "-"
    pod.metadata.name = name
    return claims.missing(for: name, in: store)
      + [Write(.create(.pod(pod)), event: event("SuccessfulCreate", "create", name))]
  }

  private func delete(_ entry: (id: ObjectID, pod: Pod)) -> Write {
    Write(
      .deletePod(entry.id), event: event("SuccessfulDelete", "delete", entry.pod.metadata.name))
  }

  private func event(_ reason: String, _ verb: String, _ pod: String) -> EventRecord {
    set.event(
      reason, "\(verb) Pod \(pod) in StatefulSet \(set.metadata.name) successful",
      from: "statefulset-controller")
  }

  var waitsForAvailability: Bool {
    self.set.pods.contains { $0.pod.isReady && !set.isAvailable($0.pod, at: timestamp) }
  }

  /// stateful_set_control.go updateStatefulSet and completeRollingUpdate.
  func status() -> Fields {
    let pods = set.pods.map(\.pod)
    let running = pods.filter { $0.status.phase == .running && $0.isReady }
    var current = currentRevision
    let updated = pods.filter { !$0.metadata.isTerminating && revision(of: $0) == updateRevision }
    let isComplete =
      updated.count == replicas && running.count == replicas && pods.count == replicas
    if isComplete { current = updateRevision }
    let ofCurrent = pods.filter { !$0.metadata.isTerminating && revision(of: $0) == current }
    func number(_ count: Int) -> Value { .integer(Int64(count)) }
    var status = set.status
    status["availableReplicas"] = number(running.count { set.isAvailable($0, at: timestamp) })
    status["collisionCount"] = status["collisionCount"] ?? 0
    status["currentReplicas"] = ofCurrent.isEmpty ? nil : number(ofCurrent.count)
    status["currentRevision"] = .string(current)
    status["observedGeneration"] = .integer(set.metadata.generation)
    status["readyReplicas"] = running.isEmpty ? nil : number(running.count)
    status["replicas"] = number(pods.count)
    status["updateRevision"] = .string(updateRevision)
    status["updatedReplicas"] = updated.isEmpty ? nil : number(updated.count)
    return status
  }
}
