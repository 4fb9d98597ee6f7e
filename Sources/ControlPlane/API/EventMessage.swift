import ClusterModel
import SimulationCore

/// What an event says. The sentences that are said of every pod are put together when they are read.
public enum EventMessage: Hashable, Sendable {
  case text(String)
  case template(Template, String)

  /// A sentence with one word to fill in.
  public enum Template: UInt8, Hashable, Sendable {
    /// On which node a pod goes.
    case assigned
    /// Which image.
    case pulling, present
    /// Which pod.
    case podCreated, podDeleted
    /// Which container.
    case stopping
  }

  func text(about subject: ObjectReference) -> String {
    switch self {
    case .text(let text): text
    case .template(let template, let word):
      switch template {
      case .assigned: "Successfully assigned \(subject.namespace)/\(subject.name) to \(word)"
      case .pulling: "Pulling image \"\(word)\""
      case .present: "Container image \"\(word)\" already present on machine"
      case .podCreated: "Created pod: \(word)"
      case .podDeleted: "Deleted pod: \(word)"
      case .stopping: "Stopping container \(word)"
      }
    }
  }

  var hash: UInt64 {
    switch self {
    case .text(let text): TextHash.of(text)
    case .template(let template, let word): TextHash.of(word, seed: UInt64(template.rawValue) + 1)
    }
  }
}
