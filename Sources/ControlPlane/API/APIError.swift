import ClusterModel

/// A refusal of the API server, in its own words.
public struct APIError: Error, Hashable, Sendable {
  /// As in `status.reason` of the answer.
  public enum Reason: String, Hashable, Sendable {
    case notFound = "NotFound"
    case alreadyExists = "AlreadyExists"
    case conflict = "Conflict"
    case invalid = "Invalid"
    case forbidden = "Forbidden"
    case badRequest = "BadRequest"
    case tooManyRequests = "TooManyRequests"
    case internalError = "InternalError"
  }

  public var reason: Reason
  /// The whole message without kubectl's "Error from server (Reason): " in front of it.
  public var message: String
  /// The kind and name an `invalid` refusal is about: `Service` and `web`.
  public var kind = ""
  public var name = ""
  /// Each single cause of an `invalid` refusal: `spec.ports[0].port: Invalid value: 70000: …`.
  public var causes: [String] = []

  public init(_ reason: Reason, _ message: String) {
    self.reason = reason
    self.message = message
  }

  /// The refusal of an invalid object (apimachinery pkg/api/errors NewInvalid).
  public static func invalid(kind: String, name: String, causes all: [String]) -> APIError {
    // What is said twice is told once.
    let causes = all.enumerated().filter { all.firstIndex(of: $0.element) == $0.offset }
      .map(\.element)
    let list = causes.count == 1 ? causes[0] : "[\(causes.joined(separator: ", "))]"
    let group = APIResource.wellKnown.first { $0.kind == kind }?.group ?? ""
    let title = group.isEmpty ? kind : "\(kind).\(group)"
    var error = APIError(.invalid, "\(title) \"\(name)\" is invalid: \(list)")
    error.kind = kind
    error.name = name
    error.causes = causes
    return error
  }

  /// What kubectl prints: `Error from server (NotFound): …`, `The Service "web" is invalid: …`.
  public var kubectlText: String {
    guard reason == .invalid, !kind.isEmpty else {
      if reason == .invalid, !causes.isEmpty {
        return "The request is invalid: \(causes.joined(separator: ", "))"
      }
      return "Error from server (\(reason.rawValue)): \(message)"
    }
    if causes.count == 1 { return "The \(kind) \"\(name)\" is invalid: \(causes[0])" }
    return "The \(kind) \"\(name)\" is invalid: \n"
      + causes.map { "* \($0)" }.joined(separator: "\n")
  }
}
