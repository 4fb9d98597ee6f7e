import ClusterModel

/// The ReplicaSet of the present template and the numbered history of those before it.
extension Rollout {
  /// Finds or makes the new ReplicaSet and gives it, and the Deployment, the next revision.
  mutating func adoptRevision(creating: Bool) {
    let newest = oldReplicaSets.map { Self.revision(of: $0.metadata.annotations) }.max() ?? 0
    if newReplicaSet == nil {
      guard creating else { return }
      makeReplicaSet(revision: newest + 1)
    } else {
      annotateReplicaSet(revision: newest + 1)
    }
    if let revision = newReplicaSet?.metadata.annotations[RolloutAnnotation.revision] {
      annotations[RolloutAnnotation.revision] = revision
    }
    if deployment.hasProgressDeadline, status.conditions[type: "Progressing"] == nil,
      let name = newReplicaSet?.metadata.name
    {
      set(.true, "FoundNewReplicaSet", "Found new replica set \"\(name)\"")
    }
  }

  static func revision(of annotations: Labels) -> Int {
    Int(annotations[RolloutAnnotation.revision] ?? "") ?? 0
  }

  private mutating func makeReplicaSet(revision: Int) {
    let hash = TemplateHash.of(deployment.template, collisions: status.collisionCount ?? 0)
    let metadata = deployment.metadata
    let name = "\(metadata.name)-\(hash)"
    if store.replicaSets[metadata.namespace, name] != nil {
      // The name is taken by other pods: hash again with a count, in the next sync.
      status.collisionCount = (status.collisionCount ?? 0) + 1
      result.isFailure = true
      return
    }
    var template = deployment.template
    template.labels[TemplateHash.label] = hash
    var selector = deployment.selector
    selector.matchLabels[TemplateHash.label] = hash
    var replicaSetMetadata = ObjectMeta(
      name: name, namespace: metadata.namespace, labels: template.labels)
    replicaSetMetadata.ownerReferences = [
      OwnerReference(
        apiVersion: "apps/v1", kind: "Deployment", name: metadata.name, uid: metadata.uid)
    ]
    var replicaSet = ReplicaSet(
      metadata: replicaSetMetadata, selector: selector, template: template)
    replicaSet.replicas = 0
    replicaSet.minReadySeconds = deployment.minReadySeconds
    replicaSet.replicas = sizeOfNewReplicaSet(replicaSet)
    annotate(&replicaSet, revision: revision)
    RolloutAnnotation.setSizes(of: deployment, on: &replicaSet.metadata.annotations)
    let event =
      replicaSet.replicas > 0
      ? self.event("Scaled up replica set \(name) from 0 to \(replicaSet.replicas)") : nil
    result.writes.append(Write(.create(.replicaSet(replicaSet)), event: event))
    newReplicaSet = replicaSet
    if deployment.hasProgressDeadline {
      set(.true, "NewReplicaSetCreated", "Created new replica set \"\(name)\"")
    }
  }

  /// The Deployment's own annotations go along, and an older revision becomes the newest.
  private mutating func annotateReplicaSet(revision: Int) {
    guard let old = newReplicaSet else { return }
    var changed = old
    annotate(&changed, revision: revision)
    changed.minReadySeconds = deployment.minReadySeconds
    guard changed != old else { return }
    changed.metadata.resourceVersion = 0
    result.writes.append(Write(.replace(.replicaSet(changed))))
    newReplicaSet = changed
  }

  private func annotate(_ replicaSet: inout ReplicaSet, revision: Int) {
    for pair in annotations.pairs where !RolloutAnnotation.isOwn(pair.key) {
      replicaSet.metadata.annotations[pair.key] = pair.value
    }
    let held = Self.revision(of: replicaSet.metadata.annotations)
    guard held < revision else { return }
    replicaSet.metadata.annotations[RolloutAnnotation.revision] = "\(revision)"
    guard held > 0 else { return }
    let history = replicaSet.metadata.annotations[RolloutAnnotation.revisionHistory]
    replicaSet.metadata.annotations[RolloutAnnotation.revisionHistory] =
      history.map { "\($0),\(held)" } ?? "\(held)"
  }

  /// Deletes the oldest of the empty old ReplicaSets beyond the history limit.
  mutating func cleanUpHistory() {
    let empty = oldReplicaSets.filter {
      $0.replicas == 0 && $0.status.replicas == 0
        && $0.metadata.generation <= $0.status.observedGeneration && !$0.metadata.isTerminating
    }
    let surplus = empty.count - deployment.revisionHistoryLimit
    guard surplus > 0 else { return }
    let ordered = empty.sorted { left, right in
      let (a, b) = (
        Self.revision(of: left.metadata.annotations), Self.revision(of: right.metadata.annotations)
      )
      return a != b ? a < b : Self.isOlder(left, right)
    }
    for replicaSet in ordered.prefix(surplus) {
      result.writes.append(Write(.delete(.replicaSet(replicaSet))))
    }
  }
}
