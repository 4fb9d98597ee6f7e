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
    let (manifest, object) = try decoded(value)
    try check(manifest.fieldErrors.map(\.description), object)
    return object
  }

  /// The same without the rules of its kind, which the request will ask for.
  static func unchecked(_ value: Value) throws(CommandFailure) -> StoredObject {
    try decoded(value).1
  }

  /// The object that a patch made of another one, and the fields it has that the API lacks.
  static func patched(_ value: Value, replacing old: StoredObject) throws(CommandFailure)
    -> (StoredObject, unknownFields: [String])
  {
    let (manifest, object) = try decoded(value)
    let causes = ObjectValidation.problems(
      with: value, of: object.resource, replacing: Self.value(of: old))
    try check(causes.isEmpty ? manifest.unreadableFields.map(\.description) : causes, object)
    return (object, manifest.unknownFields)
  }

  private static func decoded(_ value: Value) throws(CommandFailure) -> (Manifest, StoredObject) {
    let (manifest, diagnostics) = ManifestDecoder.decode(value)
    if let manifest, let object = manifest.object { return (manifest, object) }
    let errors = diagnostics.filter { $0.severity == .error }
    if let fault = errors.lazy.compactMap(\.decodingFault).first {
      let error = APIError.undecodable(fault.resource, fault.message)
      throw CommandFailure(error.kubectlText)
    }
    let reasons = errors.map(\.message).joined(separator: "; ")
    throw CommandFailure("Error from server (BadRequest): \(reasons.printable)")
  }

  private static func check(_ causes: [String], _ object: StoredObject) throws(CommandFailure) {
    guard !causes.isEmpty else { return }
    let error = APIError.invalid(
      kind: object.resource.kind, name: object.metadata.name, causes: causes)
    throw CommandFailure(error.kubectlText)
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
