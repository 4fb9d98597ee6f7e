import ClusterModel

/// How claims, volumes and storage classes find each other.
enum Claims {
  static let claim = APIResource.of(apiVersion: "v1", kind: "PersistentVolumeClaim")
  static let volume = APIResource.of(apiVersion: "v1", kind: "PersistentVolume")
  static let storageClass = APIResource.of(
    apiVersion: "storage.k8s.io/v1", kind: "StorageClass")
  static let claimProtection = "kubernetes.io/pvc-protection"
  static let volumeProtection = "kubernetes.io/pv-protection"
  static let defaultClass = "storageclass.kubernetes.io/is-default-class"

  /// plugin/pkg/admission/storage: what is in use is protected, and a claim that names no class
  /// gets the newest default one.
  static func admit(_ object: inout KeptObject, _ store: ObjectStore) {
    let isClaim = object.resource == claim
    guard isClaim || object.resource == volume else { return }
    let finalizer = isClaim ? claimProtection : volumeProtection
    if !object.metadata.finalizers.contains(finalizer) {
      object.metadata.finalizers.append(finalizer)
    }
    guard isClaim, var spec = object.body["spec"]?.fields, spec["storageClassName"] == nil,
      let chosen = newestDefaultClass(store)
    else { return }
    spec["storageClassName"] = .string(chosen.metadata.name)
    object.body["spec"] = .object(spec)
  }

  private static func newestDefaultClass(_ store: ObjectStore) -> KeptObject? {
    (store.kept[storageClass.qualifiedPlural]?.list() ?? [])
      .filter { $0.metadata.annotations[defaultClass] == "true" }
      .max { left, right in
        let (a, b) = (left.metadata.creationTimestamp, right.metadata.creationTimestamp)
        return a == b
          ? left.metadata.name > right.metadata.name : (a?.seconds ?? 0) < (b?.seconds ?? 0)
      }
  }

  static func storageClassName(_ object: KeptObject) -> String {
    object.body["spec"]?["storageClassName"]?.string ?? ""
  }

  /// The smallest volume that suits a claim and is free
  /// (component-helpers storage/volume/pv_helpers.go FindMatchingVolume).
  static func match(for claim: KeptObject, in store: ObjectStore) -> KeptObject? {
    let spec = claim.body["spec"]
    let wanted = QuantityText(spec?["resources"]?["requests"]?["storage"]) ?? QuantityText()
    let modes = Set((spec?["accessModes"]?.array ?? []).compactMap(\.string))
    let named = spec?["volumeName"]?.string ?? ""
    return (store.kept[volume.qualifiedPlural]?.list() ?? []).filter { volume in
      let own = volume.body["spec"]
      let offered = Set((own?["accessModes"]?.array ?? []).compactMap(\.string))
      let size = QuantityText(own?["capacity"]?["storage"]) ?? QuantityText()
      let reference = own?["claimRef"]
      let isReserved =
        reference?["name"]?.string == claim.metadata.name
        && reference?["namespace"]?.string == claim.metadata.namespace
      return (named.isEmpty || named == volume.metadata.name)
        && (reference == nil || isReserved) && !volume.metadata.isTerminating
        && storageClassName(volume) == storageClassName(claim)
        && modes.isSubset(of: offered) && size.milli >= wanted.milli
        && own?["volumeMode"] == spec?["volumeMode"]
    }.min { left, right in
      let size = { (volume: KeptObject) in
        QuantityText(volume.body["spec"]?["capacity"]?["storage"])?.milli ?? 0
      }
      return (size(left), left.metadata.name) < (size(right), right.metadata.name)
    }
  }

  /// Whether a pod that is not over uses the claim.
  static func isUsed(_ claim: KeptObject, in store: ObjectStore) -> Bool {
    store.pods(inNamespace: claim.metadata.namespace).contains { id in
      guard let pod = store.pods[id], !pod.isTerminal else { return false }
      return uses(pod, claim.metadata.name)
    }
  }

  static func uses(_ pod: Pod, _ claim: String) -> Bool {
    (pod.spec.value.other["volumes"]?.array ?? []).contains {
      $0["persistentVolumeClaim"]?["claimName"]?.string == claim
    }
  }
}
