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
  /// What the API server says to an object that is wrong in itself; nil for a good one.
  var refusal: APIError?
  /// `unknown field "spec.foo"`, each.
  var unknownFields: [String] = []
  /// Why kubectl does not even send it.
  var problem: CommandFailure?
}

/// Reads the files of a command's `-f` flags.
struct ManifestFiles {
  private let call: Call

  init(_ call: Call) { self.call = call }

  /// Every object in the order of the files.
  ///
  /// - Throws: everything that is wrong with the input, with its places; nothing has been done.
  func objects(_ transcript: inout Transcript) throws(CommandFailure) -> [ReadManifest] {
    try requests().map { manifest throws(CommandFailure) in
      if let problem = manifest.problem { throw problem }
      guard let refusal = manifest.refusal, refusal.reason == .badRequest else { return manifest }
      throw CommandFailure("error: unable to decode \(manifest.file.goQuoted): \(refusal.message)")
    }
  }

  /// The same for commands that send the objects: what the server cannot decode is among them,
  /// with its refusal, so that the others have their turn.
  func requests() throws(CommandFailure) -> [ReadManifest] {
    var manifests: [ReadManifest] = []
    var problems: [String] = []
    for path in call.values.texts("filename") {
      for file in try files(at: path) {
        let reading = ManifestReader.read(
          file.bytes, file: file.name, defaultNamespace: call.namespace)
        var found: [(place: Place, manifest: ReadManifest)] = []
        for error in reading.errors {
          if let fault = error.decodingFault {
            // The decoder tells of the first only.
            if fault.isRepeated { continue }
            found.append((error.place, refused(fault, file.name)))
          } else if let name = error.unmatchedName {
            found.append((error.place, unmatched(name, error.message, file.name)))
          } else {
            problems.append(error.description)
          }
        }
        for manifest in reading.manifests {
          if let read = try readManifest(manifest) {
            found.append((manifest.place, read))
          } else {
            problems.append("\(manifest.file):\(manifest.place): \(Self.configuration)")
          }
        }
        manifests += found.enumerated()
          .sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }
          .map(\.element.manifest)
      }
    }
    guard problems.isEmpty else {
      throw CommandFailure(problems.joined(separator: "\n"), status: 2)
    }
    return manifests
  }

  private func refused(_ fault: DecodingFault, _ file: String) -> ReadManifest {
    ReadManifest(
      resource: fault.resource, metadata: ObjectMeta(name: ""), value: .null, file: file,
      refusal: .undecodable(fault.resource, fault.message))
  }

  private func unmatched(_ name: String, _ message: String, _ file: String) -> ReadManifest {
    var manifest = ReadManifest(
      resource: .pods, metadata: ObjectMeta(name: name), value: .null, file: file)
    manifest.problem = CommandFailure(
      "error: resource mapping not found for name: \(name.goQuoted) namespace: \"\" from "
        + "\(file.goQuoted): \(message)\nensure CRDs are installed first")
    return manifest
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
    var read = ReadManifest(
      resource: manifest.resource, metadata: metadata, value: value, file: manifest.file)
    read.unknownFields = manifest.unknownFields
    if !manifest.fieldErrors.isEmpty {
      read.refusal = .invalid(
        kind: manifest.resource.kind, name: metadata.name,
        causes: manifest.fieldErrors.map(\.description))
    }
    return read
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
