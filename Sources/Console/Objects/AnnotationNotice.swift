import ClusterModel
import ControlPlane
import Manifests
import Spelling

/// Tells of annotations of ours that are misspelt or have values that cannot be read: without a
/// word they would do nothing.
enum AnnotationNotice {
  static func texts(of object: StoredObject) -> [String] {
    var annotations = object.metadata.annotations
    switch object {
    case .deployment(let deployment):
      annotations = annotations.merging(deployment.template.annotations)
    case .replicaSet(let replicaSet):
      annotations = annotations.merging(replicaSet.template.annotations)
    case .kept(let kept):
      annotations = annotations.merging(kept.template?.annotations ?? Labels())
    case .pod, .namespace, .node, .service, .endpointSlice, .event: break
    }
    return annotations.pairs.compactMap { text($0.key, $0.value) }
  }

  /// The same, of an object as it was written.
  static func tell(of value: Value, _ transcript: inout Transcript) {
    guard let object = try? ObjectCoding.object(from: value) else { return }
    for notice in texts(of: object) { transcript.warn(notice) }
  }

  /// Nil for an annotation that is not ours, and for one that is fine.
  static func text(_ key: String, _ value: String) -> String? {
    guard key.hasPrefix(PodAnnotations.prefix) else { return nil }
    guard let entry = PodAnnotations.entry(of: key) else {
      let name = String(key.dropFirst(PodAnnotations.prefix.count))
      let nearest = NearestName.of(name, in: PodAnnotations.all.map(\.name))
      let hint = nearest.map { "; did you mean \(PodAnnotations.prefix)\($0)?" } ?? ""
      return "Warning: unknown annotation \(key.printable)\(hint)"
    }
    guard let wanted = PodAnnotations.problem(with: value, of: entry) else { return nil }
    return "Warning: annotation \(key.printable): \(value.goQuoted) is not \(wanted); it is ignored"
  }
}
