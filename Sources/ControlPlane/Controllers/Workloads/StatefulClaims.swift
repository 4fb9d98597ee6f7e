import ClusterModel

/// The claims of a StatefulSet's pods (pkg/controller/statefulset/stateful_set_utils.go and
/// stateful_pod_control.go).
///
/// They outlive their pods unless `persistentVolumeClaimRetentionPolicy` says otherwise: then the
/// set, or a pod that is not wanted any more, owns them.
struct StatefulClaims {
  private let set: KeptWorkload
  private let templates: [Value]

  init(_ set: KeptWorkload) {
    self.set = set
    templates = set.spec["volumeClaimTemplates"]?.array ?? []
  }

  private func templateName(_ template: Value) -> String {
    template["metadata"]?["name"]?.string ?? ""
  }

  /// `data-web-0` of the template `data` and the pod `web-0`.
  private func name(_ template: Value, of pod: String) -> String {
    "\(templateName(template))-\(pod)"
  }

  /// Puts the claims in the place of volumes with their names (updateStorage).
  func mount(into spec: inout PodSpec, of pod: String) {
    guard !templates.isEmpty else { return }
    let claims = templates.map { template -> Value in
      [
        "name": .string(templateName(template)),
        "persistentVolumeClaim": ["claimName": .string(name(template, of: pod))],
      ]
    }
    let names = claims.map { $0["name"] }
    let others = (spec.other["volumes"]?.array ?? []).filter { !names.contains($0["name"]) }
    spec.other["volumes"] = .array(claims + others)
  }

  /// The claims that a new pod lacks.
  func missing(for pod: String, in store: ObjectStore) -> [Write] {
    templates.compactMap { template in
      let name = name(template, of: pod)
      let namespace = set.metadata.namespace
      if store.contains(Claims.claim, namespace: namespace, name: name) { return nil }
      return Write(
        .create(.kept(claim(template, name))),
        event: set.event(
          "SuccessfulCreate",
          "create Claim \(name) Pod \(pod) in StatefulSet \(set.metadata.name) success",
          from: "statefulset-controller"))
    }
  }

  private func claim(_ template: Value, _ name: String) -> KeptObject {
    func pairs(_ field: String) -> Labels {
      let fields = template["metadata"]?[field]?.fields ?? Fields()
      return Labels(fields.all.map { ($0.name, $0.value.string ?? "") })
    }
    var metadata = ObjectMeta(
      name: name, namespace: set.metadata.namespace,
      labels: pairs("labels").merging(Budget.selector(of: set.object)?.matchLabels ?? Labels()))
    metadata.annotations = pairs("annotations")
    if deletes("whenDeleted") { metadata.ownerReferences = [set.reference] }
    return KeptObject(
      resource: Claims.claim, metadata: metadata, body: ["spec": template["spec"] ?? [:]])
  }

  private func deletes(_ moment: String) -> Bool {
    set.spec["persistentVolumeClaimRetentionPolicy"]?[moment]?.string == "Delete"
  }

  /// Hands the claims of pods that are not wanted any more to these pods, with which they go, and
  /// takes them back when they are wanted again (updateClaimOwnerRefForSetAndPod).
  func ownerUpdates(in store: ObjectStore) -> [Write] {
    guard !templates.isEmpty, deletes("whenScaled") || deletes("whenDeleted") else { return [] }
    let replicas = set.number("replicas", default: 1)
    let start = set.spec["ordinals"]?["start"]?.integer.map { max(0, Int(clamping: $0)) } ?? 0
    let updates = set.pods.flatMap { entry -> [Write] in
      let pod = entry.pod.metadata
      let ordinal = Int(pod.name.dropFirst(set.metadata.name.utf8.count + 1)) ?? 0
      let isCondemned = ordinal < start || ordinal - start >= replicas
      var owners: [OwnerReference] = []
      if isCondemned, deletes("whenScaled") {
        owners = [OwnerReference(apiVersion: "v1", kind: "Pod", name: pod.name, uid: pod.uid)]
      } else if deletes("whenDeleted") {
        owners = [set.reference]
      }
      return templates.compactMap { update(name($0, of: pod.name), to: owners, in: store) }
    }
    return updates + abandoned(in: store)
  }

  /// The claims whose pods are gone with the ordinals that are not wanted.
  private func abandoned(in store: ObjectStore) -> [Write] {
    let claims = store.kept[Claims.claim.qualifiedPlural]?.list(namespace: set.metadata.namespace)
    return (claims ?? []).filter { claim in
      let prefixes = templates.map { "\(templateName($0))-\(set.metadata.name)-" }
      guard prefixes.contains(where: claim.metadata.name.hasPrefix),
        let owner = claim.metadata.controllerReference, owner.kind == "Pod"
      else { return false }
      return !claim.metadata.isTerminating
        && store.owner(owner, in: claim.metadata.namespace) == nil
    }.map { Write(.delete(.kept($0))) }
  }

  private func update(_ name: String, to owners: [OwnerReference], in store: ObjectStore)
    -> Write?
  {
    guard
      var claim = store.kept[Claims.claim.qualifiedPlural]?[set.metadata.namespace, name],
      claim.metadata.ownerReferences != owners
    else { return nil }
    claim.metadata.ownerReferences = owners
    return Write(.replace(.kept(claim)))
  }
}
