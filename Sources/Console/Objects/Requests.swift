import ClusterModel
import ControlPlane
import Manifests
import Simulation

extension World {
  /// Sends a change to the API server, which looks at the object itself before it looks at the
  /// cluster.
  ///
  /// - Throws: the API server's refusal; then nothing has changed.
  @discardableResult
  mutating func request(_ command: Command, dryRun: Bool = false) throws(APIError) -> StoredObject?
  {
    switch command {
    case .create(let object):
      let (resource, metadata) = (object.resource, object.metadata)
      // Admission asks for the namespace first; the store says that one is missing.
      if !resource.isNamespaced || store.namespaces["", metadata.namespace] != nil {
        try validate(object, replacing: nil)
      }
    case .replace(let object):
      let (resource, metadata) = (object.resource, object.metadata)
      let old = store.get(resource, namespace: metadata.namespace, name: metadata.name)
      // A stale version is told of before anything else.
      if let old, [0, old.metadata.resourceVersion].contains(metadata.resourceVersion) {
        try validate(object, replacing: ObjectCoding.value(of: old))
      }
    case .delete, .evict, .traffic, .fault, .scaleNodes, .dial, .resolve, .forgetConnections:
      break
    }
    return try perform(command, dryRun: dryRun)
  }

  private func validate(_ object: StoredObject, replacing old: Value?) throws(APIError) {
    let causes = ObjectValidation.problems(
      with: ObjectCoding.value(of: object), of: object.resource, replacing: old)
    guard !causes.isEmpty else { return }
    throw .invalid(kind: object.resource.kind, name: object.metadata.name, causes: causes)
  }
}
