import ClusterModel
import SimulationCore

/// The ControllerRevisions of a StatefulSet or DaemonSet: its templates, numbered
/// (pkg/controller/history).
struct RevisionHistory {
  static let resource = APIResource.of(apiVersion: "apps/v1", kind: "ControllerRevision")

  private let set: KeptWorkload
  /// In ascending order of their numbers.
  private let revisions: [KeptObject]

  init(_ set: KeptWorkload, _ store: ObjectStore) {
    self.set = set
    revisions = store.kept(ownedBy: set.metadata.uid)
      .filter { $0.resource.kind == "ControllerRevision" }
      .sorted { (Self.number(of: $0), $0.metadata.name) < (Self.number(of: $1), $1.metadata.name) }
  }

  static func number(of revision: KeptObject) -> Int64 { revision.body["revision"]?.integer ?? 0 }

  /// What makes two templates the same.
  private var data: Value {
    var template = set.spec["template"]?.fields ?? Fields()
    template["$patch"] = "replace"
    return ["spec": ["template": .object(template)]]
  }

  /// The writes that give the present template the highest number, and take the oldest of those
  /// away that are beyond the limit and that none of `used` names.
  func update(named name: String, hash: String, used: @autoclosure () -> [String]) -> [Write] {
    let highest = revisions.last.map(Self.number) ?? 0
    var writes: [Write] = []
    let present =
      revisions.last { $0.body["data"] == data } ?? revisions.last { $0.metadata.name == name }
    if var held = present {
      if Self.number(of: held) < highest {
        held.body["revision"] = .integer(highest + 1)
        writes.append(Write(.replace(.kept(held))))
      }
    } else {
      writes.append(Write(.create(.kept(make(name, hash, highest + 1)))))
    }
    let limit = set.number("revisionHistoryLimit", default: 10)
    guard revisions.count > limit else { return writes }
    let kept = used() + [present?.metadata.name ?? name]
    let unused = revisions.filter { !kept.contains($0.metadata.name) }
    for revision in unused.dropLast(limit) { writes.append(Write(.delete(.kept(revision)))) }
    return writes
  }

  private func make(_ name: String, _ hash: String, _ number: Int64) -> KeptObject {
    let isDaemon = set.object.resource.kind == "DaemonSet"
    var metadata = ObjectMeta(
      name: name, namespace: set.metadata.namespace, labels: set.template.labels)
    metadata.labels[isDaemon ? "controller-revision-hash" : "controller.kubernetes.io/hash"] = hash
    for pair in set.metadata.annotations.pairs
    where pair.key != "kubectl.kubernetes.io/last-applied-configuration" || isDaemon {
      metadata.annotations[pair.key] = pair.value
    }
    metadata.ownerReferences = [
      OwnerReference(
        apiVersion: "apps/v1", kind: set.object.resource.kind, name: set.metadata.name,
        uid: set.metadata.uid)
    ]
    return KeptObject(
      resource: Self.resource, metadata: metadata,
      body: ["data": data, "revision": .integer(number)])
  }
}
