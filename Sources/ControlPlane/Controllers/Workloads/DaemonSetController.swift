import ClusterModel
import SimulationCore

/// Keeps one pod on every node that suits a DaemonSet (pkg/controller/daemon).
struct DaemonSetController: Controller {
  static let generation = "deprecated.daemonset.template.generation"

  let name = "daemonset-controller"
  let watches = ResourceKinds.of(.kept, .pod, .node)
  let podOwners: Change.PodOwners = [.daemonSet, .none]
  private var watch = KeptWatch("apps/v1", "DaemonSet")

  init() {}

  mutating func observe(_ change: Change, in store: ObjectStore, _ keys: inout [WorkKey]) {
    watch.observe(change, in: store, &keys)
    watch.observeOrphan(change, in: store, &keys)
    guard change.kind == .node,
      change.operation != .updated || !change.aspects.isDisjoint(with: [.spec, .metadata])
    else { return }
    keys += (store.kept[watch.resource.qualifiedPlural]?.ids ?? []).map { WorkKey(.kept, $0) }
  }

  mutating func reconcile(_ key: WorkKey, _ context: inout ReconcileContext) -> Reconciliation {
    guard let set = KeptWorkload(key.id, watch.resource, context.store) else { return .nothing }
    var round = DaemonRound(set, context)
    var result = Reconciliation()
    let claims = watch.isSettled(key, context) ? watch.adoptions(by: set, context.store) : []
    if !claims.isEmpty {
      // It counts anew when it has heard of what it took over and let go.
      result.writes = claims
      result.requeueAfter = .milliseconds(10)
      watch.expect(claims, key, context)
    } else if watch.isSettled(key, context) {
      result.writes = RevisionHistory(set, context.store).update(
        named: "\(set.metadata.name)-\(set.hash)", hash: set.hash, used: round.usedRevisions)
      round.manage()
      if round.writes.isEmpty { round.update() }
      result.writes += round.writes
      watch.expect(result.writes, key, context)
    }
    if let write = set.statusUpdate(round.status()) { result.writes.append(write) }
    context.names = round.names
    let minimum = set.number("minReadySeconds", default: 0)
    if minimum > 0, round.waitsForAvailability { result.requeueAfter = .seconds(Int64(minimum)) }
    return result
  }
}

/// One look at a DaemonSet, its nodes and its pods.
private struct DaemonRound {
  private struct Place {
    var node: Node
    var shouldRun: Bool
    var mayStay: Bool
    var pods: [(id: ObjectID, pod: Pod)] = []
  }

  private let set: KeptWorkload
  private let timestamp: Timestamp
  private let hash: String
  private let spec: PodSpec
  private var places: [Place] = []
  /// Pods for nodes that are not there.
  private var strays: [(id: ObjectID, pod: Pod)] = []
  var writes: [Write] = []
  var names: NameGenerator

  init(_ set: KeptWorkload, _ context: ReconcileContext) {
    self.set = set
    timestamp = context.timestamp
    names = context.names
    hash = set.hash
    spec = Self.tolerant(set.template.spec.value)
    var position: [String: Int] = [:]
    for node in context.store.nodes.list() {
      position[node.metadata.name] = places.count
      let (shouldRun, mayStay) = Self.suits(node, spec)
      places.append(Place(node: node, shouldRun: shouldRun, mayStay: mayStay))
    }
    for entry in set.pods
    where !(entry.pod.metadata.isTerminating && entry.pod.isTerminal) {
      let target = NodeAffinity.onlyNode(entry.pod.spec.value.affinity) ?? ""
      let name = entry.pod.isBound ? entry.pod.nodeName : target
      if let index = position[name] {
        places[index].pods.append(entry)
      } else {
        strays.append(entry)
      }
    }
  }

  /// util/daemonset_util.go AddOrUpdateDaemonPodTolerations.
  private static func tolerant(_ spec: PodSpec) -> PodSpec {
    var spec = spec
    var wanted: [(String, Taint.Effect)] = [
      ("not-ready", .noExecute), ("unreachable", .noExecute), ("disk-pressure", .noSchedule),
      ("memory-pressure", .noSchedule), ("pid-pressure", .noSchedule),
      ("unschedulable", .noSchedule),
    ]
    if spec.hostNetwork { wanted.append(("network-unavailable", .noSchedule)) }
    for (name, effect) in wanted {
      let toleration = Toleration(key: "node.kubernetes.io/\(name)", effect: effect)
      if !spec.tolerations.contains(toleration) { spec.tolerations.append(toleration) }
    }
    return spec
  }

  /// Whether a pod should run on the node, and whether one that does may stay
  /// (daemon_controller.go NodeShouldRunDaemonPod).
  private static func suits(_ node: Node, _ spec: PodSpec) -> (shouldRun: Bool, mayStay: Bool) {
    let labels = node.metadata.labels
    for pair in spec.nodeSelector.pairs where labels[pair.key] != pair.value {
      return (false, false)
    }
    if let affinity = spec.affinity,
      !NodeAffinity(affinity).matches(name: node.metadata.name, labels: labels)
    {
      return (false, false)
    }
    let untolerated = node.taints.filter { taint in
      taint.effect != .preferNoSchedule && !spec.tolerations.contains { $0.tolerates(taint) }
    }
    return (untolerated.isEmpty, !untolerated.contains { $0.effect == .noExecute })
  }

  /// Creates and deletes pods so that each node has one or none.
  mutating func manage() {
    for place in places {
      let active = place.pods.filter { !$0.pod.metadata.isTerminating }
      let over = active.filter { $0.pod.isTerminal }
      for entry in over { deleteFailed(entry, on: place.node.metadata.name) }
      let running = active.filter { !$0.pod.isTerminal }
      if place.shouldRun {
        // A pod that is going holds its node until it is gone.
        if place.pods.isEmpty { create(on: place.node.metadata.name) }
        for entry in surplus(running) { delete(entry) }
      } else if !place.mayStay {
        for entry in running { delete(entry) }
      }
    }
    for entry in strays where !entry.pod.isBound && !entry.pod.metadata.isTerminating {
      delete(entry)
    }
  }

  /// All but the oldest; while pods are replaced in surges, all but one of each template.
  private func surplus(_ running: [(id: ObjectID, pod: Pod)]) -> [(id: ObjectID, pod: Pod)] {
    guard maxSurge > 0 else { return Array(running.dropFirst()) }
    let updated = running.filter { isUpdated($0.pod) }
    let old = running.filter { !isUpdated($0.pod) }
    return Array(updated.dropFirst()) + Array(old.dropFirst())
  }

  /// The revisions that pods are of.
  var usedRevisions: [String] {
    self.set.pods.map {
      "\(self.set.metadata.name)-\($0.pod.metadata.labels["controller-revision-hash"] ?? "")"
    }
  }

  /// maxSurge or maxUnavailable of the update strategy, of so many nodes.
  private func share(_ name: String, of nodes: Int, default absent: Int) -> Int {
    let written = set.spec["updateStrategy"]?["rollingUpdate"]?[name]
    if let percent = written?.string.flatMap({ Percentage.number($0) }) {
      return (nodes * min(percent, 100) + 99) / 100
    }
    return written?.integer.map { Int(clamping: $0) } ?? absent
  }

  private var maxSurge: Int {
    share("maxSurge", of: places.count(where: \.shouldRun), default: 0)
  }

  private mutating func create(on node: String) {
    var spec = spec
    var affinity = spec.affinity?.fields ?? Fields()
    var nodeAffinity = affinity["nodeAffinity"]?.fields ?? Fields()
    let field: Value = ["key": "metadata.name", "operator": "In", "values": [.string(node)]]
    nodeAffinity["requiredDuringSchedulingIgnoredDuringExecution"] = [
      "nodeSelectorTerms": [["matchFields": [field]]]
    ]
    affinity["nodeAffinity"] = .object(nodeAffinity)
    spec.affinity = .object(affinity)
    let generation = set.metadata.annotations[DaemonSetController.generation] ?? "1"
    var pod = set.pod(
      Shared(spec),
      labels: ["controller-revision-hash": hash, "pod-template-generation": generation])
    pod.metadata.generateName = set.metadata.name + "-"
    pod.metadata.name = names.name(from: pod.metadata.generateName)
    writes.append(
      Write(
        .create(.pod(pod)),
        event: set.event(
          "SuccessfulCreate", "Created pod: \(pod.metadata.name)", from: "daemonset-controller")))
  }

  private mutating func delete(_ entry: (id: ObjectID, pod: Pod)) {
    writes.append(
      Write(
        .deletePod(entry.id),
        event: set.event(
          "SuccessfulDelete", "Deleted pod: \(entry.pod.metadata.name)",
          from: "daemonset-controller")))
  }

  private mutating func deleteFailed(_ entry: (id: ObjectID, pod: Pod), on node: String) {
    let metadata = entry.pod.metadata
    let isFailed = entry.pod.status.phase == .failed
    writes.append(
      Write(
        .say,
        event: set.event(
          isFailed ? "FailedDaemonPod" : "SucceededDaemonPod",
          "Found \(isFailed ? "failed" : "succeeded") daemon pod "
            + "\(metadata.namespace)/\(metadata.name) on node \(node), will try to "
            + (isFailed ? "kill" : "delete") + " it",
          from: "daemonset-controller", type: isFailed ? .warning : .normal)))
    delete(entry)
  }

  private func isUpdated(_ pod: Pod) -> Bool {
    if pod.metadata.labels["controller-revision-hash"] == hash { return true }
    let generation = set.metadata.annotations[DaemonSetController.generation]
    return generation != nil && pod.metadata.labels["pod-template-generation"] == generation
  }

  /// Replaces pods of an older template, so many at a time as may be unavailable
  /// (update.go rollingUpdate).
  mutating func update() {
    let strategy = set.spec["updateStrategy"]
    guard strategy?["type"]?.string ?? "RollingUpdate" == "RollingUpdate" else { return }
    let running = places.filter(\.shouldRun)
    if maxSurge > 0 { return surge(running) }
    let allowed = share("maxUnavailable", of: running.count, default: 1)
    var unavailable = 0
    var old: [(id: ObjectID, pod: Pod)] = []
    for place in running {
      guard let entry = place.pods.first(where: { $0.pod.isActive }) else {
        unavailable += 1
        continue
      }
      if !set.isAvailable(entry.pod, at: timestamp) { unavailable += 1 }
      if !isUpdated(entry.pod) { old.append(entry) }
    }
    // Those that do not work anyway cost nothing.
    for entry in old where !set.isAvailable(entry.pod, at: timestamp) { delete(entry) }
    let left = max(0, allowed - unavailable)
    for entry in old.filter({ set.isAvailable($0.pod, at: timestamp) }).prefix(left) {
      delete(entry)
    }
  }

  /// A new pod beside the old one, on so many nodes at a time; the old one goes when it is not
  /// needed any more (update.go rollingUpdate with surge).
  private mutating func surge(_ running: [Place]) {
    var left = maxSurge
    var candidates: [String] = []
    for place in running {
      let active = place.pods.filter(\.pod.isActive)
      guard let old = active.first(where: { !isUpdated($0.pod) }) else { continue }
      let isOldAvailable = set.isAvailable(old.pod, at: timestamp)
      guard let new = active.first(where: { isUpdated($0.pod) }) else {
        if isOldAvailable {
          candidates.append(place.node.metadata.name)
        } else {
          create(on: place.node.metadata.name)
        }
        continue
      }
      if !isOldAvailable {
        delete(old)
        continue
      }
      left -= 1
      if set.isAvailable(new.pod, at: timestamp) { delete(old) }
    }
    for node in candidates.prefix(max(0, left)) { create(on: node) }
  }

  var waitsForAvailability: Bool {
    places.contains { place in
      place.pods.contains { $0.pod.isReady && !set.isAvailable($0.pod, at: timestamp) }
    }
  }

  /// daemon_controller.go updateDaemonSetStatus.
  func status() -> Fields {
    var counts: [String: Int] = [:]
    for place in places {
      let pods = place.pods.map(\.pod)
      if place.shouldRun {
        counts["desired", default: 0] += 1
        guard !pods.isEmpty else { continue }
        counts["current", default: 0] += 1
        let first = pods.min {
          $0.metadata.creationTimestamp ?? .init(seconds: 0) < $1.metadata.creationTimestamp
            ?? .init(seconds: 0)
        }
        guard let pod = first else { continue }
        if pod.isReady { counts["ready", default: 0] += 1 }
        if set.isAvailable(pod, at: timestamp) { counts["available", default: 0] += 1 }
        if isUpdated(pod) { counts["updated", default: 0] += 1 }
      } else if !pods.isEmpty {
        counts["misscheduled", default: 0] += 1
      }
    }
    func number(_ name: String) -> Value { .integer(Int64(counts[name] ?? 0)) }
    var status = set.status
    status["currentNumberScheduled"] = number("current")
    status["desiredNumberScheduled"] = number("desired")
    status["numberMisscheduled"] = number("misscheduled")
    status["numberReady"] = number("ready")
    status["observedGeneration"] = .integer(set.metadata.generation)
    let missing = (counts["desired"] ?? 0) - (counts["available"] ?? 0)
    status["numberAvailable"] = counts["available"] == nil ? nil : number("available")
    status["numberUnavailable"] = missing > 0 ? .integer(Int64(missing)) : nil
    status["updatedNumberScheduled"] = counts["updated"] == nil ? nil : number("updated")
    return status
  }
}
