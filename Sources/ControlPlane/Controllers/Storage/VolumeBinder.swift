import ClusterModel
import SimulationCore

/// Gives claims their volumes (pkg/controller/volume/persistentvolume and pvcprotection).
///
/// Simplified: whatever no volume suits is provided at once, with or without a storage class; only
/// a class that does not exist keeps a claim waiting.
struct VolumeBinder: Controller {
  let name = "persistentvolume-controller"
  let watches = ResourceKinds.of(.kept, .pod)
  let podAspects: Change.Aspects = .standing
  /// Claims that are being deleted and may be in use; nothing is looked at without any.
  private var leaving: [ObjectID] = []
  /// Claims that wait for a class, a volume or a pod.
  private var waiting: [ObjectID] = []

  init() {}

  mutating func observe(_ change: Change, in store: ObjectStore, _ keys: inout [WorkKey]) {
    switch change.kind {
    case .pod where change.operation != .created: keys += leaving.map { WorkKey(.kept, $0) }
    case .pod where !waiting.isEmpty: keys += waiting.map { WorkKey(.kept, $0) }
    case .kept where change.resource == Claims.claim.qualifiedPlural:
      if change.operation == .deleted {
        leaving.removeAll { $0 == change.id }
        waiting.removeAll { $0 == change.id }
      } else {
        keys.append(WorkKey(.kept, change.id))
      }
    case .kept
    where change.resource == Claims.volume.qualifiedPlural
      || change.resource == Claims.storageClass.qualifiedPlural:
      keys += waiting.map { WorkKey(.kept, $0) }
    default: break
    }
  }

  mutating func reconcile(_ key: WorkKey, _ context: inout ReconcileContext) -> Reconciliation {
    guard let claim = context.store.kept[Claims.claim.qualifiedPlural]?[key.id] else {
      return .nothing
    }
    waiting.removeAll { $0 == key.id }
    var result = Reconciliation()
    if claim.metadata.isTerminating {
      if Claims.isUsed(claim, in: context.store) {
        if !leaving.contains(key.id) { leaving.append(key.id) }
      } else if claim.metadata.finalizers.contains(Claims.claimProtection) {
        result.writes = [Write(.removeFinalizer(.kept(claim), Claims.claimProtection))]
      }
      return result
    }
    guard claim.body["status"]?["phase"]?.string == "Pending" else { return .nothing }
    result.writes = bind(claim, key.id, context)
    return result
  }

  private mutating func bind(
    _ claim: KeptObject, _ id: ObjectID, _ context: ReconcileContext
  ) -> [Write] {
    let store = context.store
    if let volume = Claims.match(for: claim, in: store) {
      var bound = volume
      var spec = volume.body["spec"]?.fields ?? Fields()
      spec["claimRef"] = Provisioning.reference(to: claim)
      bound.body["spec"] = .object(spec)
      bound.metadata.annotations["pv.kubernetes.io/bound-by-controller"] = "yes"
      return [Write(.replace(.kept(bound)))] + Provisioning.binding(of: claim, id, to: bound)
    }
    let named = Claims.storageClassName(claim)
    let found = store.kept[Claims.storageClass.qualifiedPlural]?["", named]
    guard named.isEmpty || found != nil else {
      waiting.append(id)
      return [
        say(
          claim, "ProvisioningFailed", "storageclass.storage.k8s.io \"\(named)\" not found",
          .warning)
      ]
    }
    if found?.body["volumeBindingMode"]?.string == "WaitForFirstConsumer",
      !Claims.isUsed(claim, in: store)
    {
      waiting.append(id)
      return [
        say(
          claim, "WaitForFirstConsumer",
          "waiting for first consumer to be created before binding", .normal)
      ]
    }
    let volume = Provisioning.volume(for: claim, found)
    return [Write(.create(.kept(volume)), event: provisioned(claim, volume, found))]
      + Provisioning.binding(of: claim, id, to: volume)
  }

  private func provisioned(
    _ claim: KeptObject, _ volume: KeptObject, _ storageClass: KeptObject?
  ) -> EventRecord? {
    storageClass.map { found in
      EventRecord(
        ObjectReference("PersistentVolumeClaim", claim.metadata), "ProvisioningSucceeded",
        "Successfully provisioned volume \(volume.metadata.name)",
        from: found.body["provisioner"]?.string ?? name)
    }
  }

  private func say(
    _ claim: KeptObject, _ reason: String, _ message: String, _ type: Event.EventType
  ) -> Write {
    Write(
      .say,
      event: EventRecord(
        ObjectReference("PersistentVolumeClaim", claim.metadata), reason, message, from: name,
        type: type))
  }
}
