import ClusterModel
import ControlPlane
import Manifests

/// An object of a file, on its way to the API server.
struct ReadManifest {
  var resource: APIResource
  var metadata: ObjectMeta
  /// As it was written, with its namespace.
  var value: Value
  var file: String
  /// What the API server refuses about it, as causes.
  var causes: [String]

  /// What the API server says to an object that is wrong in itself.
  var refusal: APIError? {
    causes.isEmpty ? nil : .invalid(kind: resource.kind, name: metadata.name, causes: causes)
  }
}

/// Reads the files of a command's `-f` flags.
struct ManifestFiles {
  private let call: Call

  init(_ call: Call) { self.call = call }

  /// Every object in the order of the files; warnings go to the transcript.
  ///
  /// - Throws: everything that is wrong with the input, with its places; nothing has been done.
  func objects(_ transcript: inout Transcript) throws(CommandFailure) -> [ReadManifest] {
    var manifests: [ReadManifest] = []
    var problems: [String] = []
    for path in call.values.texts("filename") {
      for file in try files(at: path) {
        let reading = ManifestReader.read(
          file.bytes, file: file.name, defaultNamespace: call.namespace)
        for warning in reading.warnings { transcript.warn(warning.description) }
        problems += reading.errors.map(\.description)
        for manifest in reading.manifests {
          if let read = try readManifest(manifest) {
            manifests.append(read)
          } else {
            problems.append("\(manifest.file):\(manifest.place): \(Self.configuration)")
          }
        }
      }
    }
    guard problems.isEmpty else {
      throw CommandFailure(problems.joined(separator: "\n"), status: 2)
    }
    return manifests
  }

  private static let configuration =
    "this configures a cluster and is no object of the API; start with it: kubarium -f FILE"

  private func files(at path: String) throws(CommandFailure) -> [SourceFile] {
    do {
      return try call.files.files(at: path, recursively: call.values.flag("recursive"))
    } catch {
      throw CommandFailure("error: \(error.message)", status: 2)
    }
  }

  /// Nil for configuration, which is no object.
  private func readManifest(_ manifest: Manifest) throws(CommandFailure) -> ReadManifest? {
    guard var metadata = manifest.metadata else { return nil }
    var value = manifest.value
    if manifest.resource.isNamespaced {
      try place(&metadata, &value)
    } else {
      metadata.namespace = ""
    }
    return ReadManifest(
      resource: manifest.resource, metadata: metadata, value: value, file: manifest.file,
      causes: manifest.fieldErrors.map(\.description))
  }

  /// Puts an object without a namespace into the command's.
  private func place(_ metadata: inout ObjectMeta, _ value: inout Value) throws(CommandFailure) {
    let written = value["metadata"]?["namespace"]?.string ?? ""
    if !written.isEmpty, call.values.isGiven("namespace"), written != call.namespace {
      throw CommandFailure(
        "error: the namespace from the provided object \(written.goQuoted) does not match the "
          + "namespace \(call.namespace.goQuoted). You must pass '--namespace=\(written.printable)' "
          + "to perform this operation.")
    }
    metadata.namespace = written.isEmpty ? call.namespace : written
    let fields = (value["metadata"] ?? .object(Fields()))
      .setting("namespace", .string(metadata.namespace))
    value = value.setting("metadata", fields)
  }
}
