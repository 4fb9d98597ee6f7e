import ClusterModel
import ControlPlane
import Manifests

/// Between the objects of the store and their written form.
enum ObjectCoding {
  /// The object as the API server gives it out.
  static func value(of object: StoredObject) -> Value {
    switch object {
    case .namespace(let object): ManifestEncoder.value(of: object)
    case .node(let object): ManifestEncoder.value(of: object)
    case .pod(let object): ManifestEncoder.value(of: object)
    case .replicaSet(let object): ManifestEncoder.value(of: object)
    case .deployment(let object): ManifestEncoder.value(of: object)
    case .service(let object): ManifestEncoder.value(of: object)
    case .endpointSlice(let object): ManifestEncoder.value(of: object)
    case .event(let object): ManifestEncoder.value(of: object)
    case .kept(let object): ManifestEncoder.value(of: object)
    }
  }

  /// The typed object of a value that a command made.
  static func object(from value: Value) throws(CommandFailure) -> StoredObject {
    let (manifest, diagnostics) = ManifestDecoder.decode(value)
    guard let manifest, let object = manifest.object else {
      let reasons = diagnostics.filter { $0.severity == .error }.map(\.message)
      throw CommandFailure(
        "Error from server (BadRequest): \(reasons.joined(separator: "; ").printable)")
    }
    guard manifest.fieldErrors.isEmpty else {
      let error = APIError.invalid(
        kind: object.resource.kind, name: object.metadata.name,
        causes: manifest.fieldErrors.map(\.description))
      throw CommandFailure(error.kubectlText)
    }
    return object
  }
}

extension Manifest {
  /// The object as requests to the API carry it; nil for configuration.
  public var object: StoredObject? {
    switch content {
    case .namespace(let object): .namespace(object)
    case .node(let object): .node(object)
    case .pod(let object): .pod(object)
    case .replicaSet(let object): .replicaSet(object)
    case .deployment(let object): .deployment(object)
    case .service(let object): .service(object)
    case .endpointSlice(let object): .endpointSlice(object)
    case .event(let object): .event(object)
    case .kept(let object): .kept(object)
    case .topology, .proxyConfiguration: nil
    }
  }
}
