import ClusterModel
import SimulationCore

/// Says how volumes stand, and reclaims those whose claims are gone (pv_controller.go syncVolume,
/// pkg/controller/volume/pvprotection).
struct VolumeKeeper: Controller {
  let name = "persistentvolume-controller"
  let watches = ResourceKinds.of(.kept)

  init() {}

  mutating func observe(_ change: Change, in store: ObjectStore, _ keys: inout [WorkKey]) {
    guard change.kind == .kept else { return }
    switch change.resource {
    case Claims.volume.qualifiedPlural where change.operation != .deleted:
      keys.append(WorkKey(.kept, change.id))
    case Claims.claim.qualifiedPlural:
      let table = store.kept[Claims.volume.qualifiedPlural]
      let uid = store.kept[change.resource]?[change.id]?.metadata.uid ?? change.tombstone?.uid
      for id in table?.ids ?? []
      where table?[id]?.body["spec"]?["claimRef"]?["uid"]?.string == uid.map({ "\($0)" }) {
        keys.append(WorkKey(.kept, id))
      }
    default: break
    }
  }

  mutating func reconcile(_ key: WorkKey, _ context: inout ReconcileContext) -> Reconciliation {
    guard let volume = context.store.kept[Claims.volume.qualifiedPlural]?[key.id] else {
      return .nothing
    }
    var result = Reconciliation()
    let phase = Self.phase(of: volume, in: context.store)
    if volume.metadata.isTerminating {
      let isHeld = phase == "Bound"
      if !isHeld, volume.metadata.finalizers.contains(Claims.volumeProtection) {
        result.writes = [Write(.removeFinalizer(.kept(volume), Claims.volumeProtection))]
      }
      return result
    }
    let policy = volume.body["spec"]?["persistentVolumeReclaimPolicy"]?.string
    if phase == "Released", policy == "Delete" {
      result.writes = [Write(.delete(.kept(volume)))]
    } else if volume.body["status"]?["phase"]?.string != phase {
      var status = volume.body["status"]?.fields ?? Fields()
      status["phase"] = .string(phase)
      status["lastPhaseTransitionTime"] = .string("\(context.timestamp)")
      result.writes = [Write(.keptStatus(Claims.volume, key.id, status))]
    }
    return result
  }

  private static func phase(of volume: KeptObject, in store: ObjectStore) -> String {
    guard let reference = volume.body["spec"]?["claimRef"],
      let uid = reference["uid"]?.string
    else { return "Available" }
    let claim = store.kept[Claims.claim.qualifiedPlural]?[
      reference["namespace"]?.string ?? "", reference["name"]?.string ?? ""]
    return claim.map { "\($0.metadata.uid)" == uid } ?? false ? "Bound" : "Released"
  }
}
