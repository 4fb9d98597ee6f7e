import ClusterModel
import ControlPlane

/// What `--validate` asks the API server to do with fields that it does not know.
enum FieldCheck {
  case strict, warn, ignore

  static let flag = Flag(
    "validate", .optional("strict"), "strict: refuse unknown fields; warn: tell of them; ignore")

  init(_ call: Call) throws(CommandFailure) {
    switch call.values.text("validate") {
    case nil, "strict", "true": self = .strict
    case "warn": self = .warn
    case "ignore", "false": self = .ignore
    case let value?:
      throw CommandFailure(
        "error: invalid - validate option \(value.goQuoted); must be one of: strict (or true), "
          + "warn, ignore (or false)")
    }
  }

  /// - Returns: the refusal of an object with unknown fields, while it is created.
  func check(_ manifest: ReadManifest, _ transcript: inout Transcript) -> APIError? {
    guard !manifest.unknownFields.isEmpty else { return nil }
    switch self {
    case .strict: return .undecodable(manifest.resource, Self.message(manifest))
    case .warn:
      for field in manifest.unknownFields { transcript.warn("Warning: \(field)") }
      return nil
    case .ignore: return nil
    }
  }

  /// The same, while a patch is applied.
  func check(_ manifest: ReadManifest, patch: Value, _ transcript: inout Transcript) -> APIError? {
    guard check(manifest, &transcript) != nil else { return nil }
    let shown = GoMapText.text(of: patch).goQuoted
    return .invalid(
      kind: "", name: "", causes: ["patch: Invalid value: \(shown): \(Self.message(manifest))"])
  }

  private static func message(_ manifest: ReadManifest) -> String {
    "strict decoding error: " + manifest.unknownFields.joined(separator: ", ")
  }
}

extension APIError {
  /// What the server answers to a body that does not fit the kind's types.
  static func undecodable(_ resource: APIResource, _ message: String) -> APIError {
    APIError(
      .badRequest,
      "\(resource.kind) in version \(resource.version.goQuoted) cannot be handled as a "
        + "\(resource.kind): \(message)")
  }
}

/// A value as Go's fmt prints a map: `map[spec:map[replicas:3]]`.
enum GoMapText {
  static func text(of value: Value) -> String {
    switch value {
    case .null: "<nil>"
    case .string(let text): text
    case .array(let items): "[" + items.map(text).joined(separator: " ") + "]"
    case .object(let fields):
      "map[" + fields.all.map { "\($0.name):\(text(of: $0.value))" }.joined(separator: " ") + "]"
    case .bool, .integer, .double: Rendering.compactJSON(value)
    }
  }
}
