import ClusterModel
import ControlPlane
import Simulation

/// The ControllerRevisions of a DaemonSet or StatefulSet, which `rollout` reads.
struct ControllerRevisions {
  let object: KeptObject
  /// In ascending order.
  let all: [(number: Int, revision: KeptObject)]

  /// Nil for other kinds.
  init?(_ object: StoredObject, in world: World) {
    guard case .kept(let kept) = object, ["DaemonSet", "StatefulSet"].contains(kept.resource.kind)
    else { return nil }
    self.object = kept
    all = world.store.kept(ownedBy: kept.metadata.uid)
      .filter { $0.resource.kind == "ControllerRevision" }
      .map { (Int(clamping: $0.body["revision"]?.integer ?? 0), $0) }
      .sorted { ($0.0, $0.1.metadata.name) < ($1.0, $1.1.metadata.name) }
  }

  /// What `rollout history` prints below the title.
  var table: String {
    let rows = all.map { number, revision in
      ["\(number)", revision.metadata.annotations["kubernetes.io/change-cause"] ?? "<none>"]
    }
    return TextColumns(padding: 2, minimum: 0).text([["REVISION", "CHANGE-CAUSE"]] + rows)
  }

  /// The object with the template of a revision, 0 for the one before the present; nil when it has
  /// that already.
  func undone(to wanted: Int) throws(CommandFailure) -> (number: Int, object: StoredObject?) {
    guard let target = wanted > 0 ? all.first(where: { $0.number == wanted }) : all.dropLast().last
    else {
      throw CommandFailure(
        wanted > 0
          ? "error: unable to find specified revision \(wanted) in history"
          : "error: no last revision to roll back to")
    }
    guard var template = target.revision.body["data"]?["spec"]?["template"]?.fields else {
      throw CommandFailure("error: revision \(target.number) holds no template")
    }
    template["$patch"] = nil
    if object.body["spec"]?["template"] == .object(template) { return (target.number, nil) }
    return (target.number, try withTemplate(template))
  }

  /// The object with another template.
  func withTemplate(_ template: Fields) throws(CommandFailure) -> StoredObject {
    var whole = ObjectCoding.value(of: .kept(object)).fields ?? Fields()
    var spec = whole["spec"]?.fields ?? Fields()
    spec["template"] = .object(template)
    whole["spec"] = .object(spec)
    return try ObjectCoding.object(from: .object(whole))
  }
}
