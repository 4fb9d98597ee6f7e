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
  ///
  /// - Parameter patch: how the server shows the patch when its result fits no object.
  static func patched(_ value: Value, replacing old: StoredObject, showing patch: ShownPatch? = nil)
    throws(CommandFailure) -> (StoredObject, unknownFields: [String])
  {
    let value = LinkedFields.follow(value, of: old.resource, replacing: Self.value(of: old))
    let (manifest, object) = try decoded(value, showing: patch)
    let causes = ObjectValidation.problems(
      with: value, of: object.resource, replacing: Self.value(of: old))
    try check(causes.isEmpty ? manifest.unreadableFields.map(\.description) : causes, object)
    return (object, manifest.unknownFields)
  }

  private static func decoded(_ value: Value, showing patch: ShownPatch? = nil)
    throws(CommandFailure) -> (Manifest, StoredObject)
  {
    let (manifest, diagnostics) = ManifestDecoder.decode(value)
    if let manifest, let object = manifest.object { return (manifest, object) }
    let errors = diagnostics.filter { $0.severity == .error }
    if let fault = errors.lazy.compactMap(\.decodingFault).first {
      if let patch {
        let message = patch.isConverted ? ConverterText.of(fault.message) : fault.message
        throw CommandFailure(
          "The request is invalid: patch: Invalid value: \(patch.text.goQuoted): \(message)")
      }
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

/// How the server shows a patch that it cannot make an object of.
struct ShownPatch {
  var text: String
  /// A strategic patch is put over the object itself, without a text between.
  var isConverted: Bool
}

/// What the converter of unstructured objects says where the decoder of JSON says that it cannot
/// unmarshal (apimachinery pkg/runtime/converter.go fromUnstructured).
enum ConverterText {
  private static let kinds = [
    "string": "string", "number": "int64", "bool": "bool", "array": "slice", "object": "map",
  ]
  private static let simple: Set<String> = ["string", "bool", "int32", "int64", "float64"]

  static func of(_ message: String) -> String {
    guard let rest = message.afterPrefix("json: cannot unmarshal "),
      let (found, place) = rest.divided(at: " into Go struct field "),
      let (_, type) = place.divided(at: " of type "), let kind = kinds[found]
    else { return message }
    if type.hasPrefix("map[") { return "cannot restore map from \(kind)" }
    if type.hasPrefix("[]") { return "cannot restore slice from \(kind)" }
    if !simple.contains(type) { return "cannot restore struct from: \(kind)" }
    let isConvertible = found == "number" && type != "bool"
    return isConvertible ? "cannot convert \(kind) to \(type)" : "unrecognized type: \(type)"
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
