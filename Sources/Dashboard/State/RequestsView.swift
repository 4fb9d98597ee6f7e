import ControlPlane
import SimulationCore

/// A finished request as the log lists it.
public struct RequestRow: Hashable, Sendable {
  public var at: Instant
  /// A workload, or `external`.
  public var client: String
  /// Empty for clients outside.
  public var clientPod: String
  public var clientNamespace: String
  public var service: NamespacedName
  public var port: Int
  /// `address:port`; empty when the request never got as far.
  public var endpoint: String
  public var outcome: String
  public var isFailure: Bool
  public var latency: Duration

  public init(
    at: Instant, client: String, clientPod: String = "", clientNamespace: String = "default",
    service: NamespacedName, port: Int, endpoint: String, outcome: String, isFailure: Bool,
    latency: Duration
  ) {
    (self.at, self.client, self.clientPod) = (at, client, clientPod)
    (self.clientNamespace, self.service, self.port) = (clientNamespace, service, port)
    (self.endpoint, self.outcome, self.isFailure) = (endpoint, outcome, isFailure)
    self.latency = latency
  }
}

/// The last requests that have to do with what was chosen, as they were when the log was opened.
public struct RequestsView: Hashable, Sendable {
  public var title: String
  /// The newest first.
  public var all: [RequestRow]
  public var failuresOnly = false
  public var index = 0

  public init(title: String, rows: [RequestRow]) {
    self.title = title
    all = rows
  }

  var rows: [RequestRow] { failuresOnly ? all.filter(\.isFailure) : all }
}

/// What `why` said, with the changes it offers.
public struct WhyView: Hashable, Sendable {
  public var command: String
  public var lines: [String]
  /// The commands among the lines that would change the outcome.
  public var fixes: [String]
  public var choice = 0
  public var offset = 0

  public init(command: String, text: String) {
    self.command = command
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).prefix(5_000)
      .map { String($0) }
    if lines.last?.isEmpty == true { lines.removeLast() }
    fixes = Self.fixes(lines)
  }

  /// The changes that the lines offer: what follows `fix:`, with the lines under it up to what came
  /// of trying it, and lines that are commands by themselves.
  private static func fixes(_ lines: [String]) -> [String] {
    var fixes: [String] = []
    var isInFix = false
    for line in lines {
      let text = line.drop { $0 == " " }
      if text.hasPrefix("fix:") {
        fixes.append(String(text.dropFirst(4).drop { $0 == " " }))
        isInFix = true
      } else if isInFix, line.hasPrefix("      "), !text.hasPrefix("tried") {
        fixes[fixes.count - 1] += "; \(text)"
      } else {
        isInFix = false
        if let command = fix(line) { fixes.append(command) }
      }
    }
    return fixes
  }

  /// The command that a line offers.
  static func fix(_ line: String) -> String? {
    var rest = line.drop { $0 == " " || $0 == "\t" }
    for prefix in ["fix:", "try:", "change:", "run:", "$"] where rest.hasPrefix(prefix) {
      rest = rest.dropFirst(prefix.count).drop { $0 == " " }
    }
    let verbs = ["kubectl ", "heal ", "traffic "]
    return verbs.contains { rest.hasPrefix($0) } ? String(rest) : nil
  }
}

/// An object that was changed in the editor, and what that would change in the cluster.
public struct EditReview: Hashable, Sendable {
  public var object: String
  /// The lines before and after, as a comparison shows them.
  public var lines: [DiffLine]
  /// The command that makes the change; empty when there is none to make.
  public var command: String
  /// What is wrong with what was written; empty when nothing is.
  public var problem: String
  public var offset = 0

  public init(object: String, lines: [DiffLine], command: String, problem: String = "") {
    (self.object, self.lines) = (object, lines)
    (self.command, self.problem) = (command, problem)
  }
}

/// A line of a comparison.
public enum DiffLine: Hashable, Sendable {
  case same(String), removed(String), added(String)

  var text: String {
    switch self {
    case .same(let text), .removed(let text), .added(let text): text
    }
  }

  /// Compares two texts line by line, with three lines around each change.
  public static func compare(_ old: String, _ new: String) -> [DiffLine] {
    let old = old.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
    let new = new.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
    let changes = new.difference(from: old)
    var removed: Set<Int> = []
    var added: Set<Int> = []
    for change in changes {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): added.insert(offset)
      }
    }
    var lines: [DiffLine] = []
    var (before, after) = (0, 0)
    while before < old.count || after < new.count {
      if removed.contains(before), before < old.count {
        lines.append(.removed(old[before]))
        before += 1
      } else if added.contains(after), after < new.count {
        lines.append(.added(new[after]))
        after += 1
      } else {
        lines.append(.same(after < new.count ? new[after] : old[before]))
        before += 1
        after += 1
      }
    }
    return near(lines)
  }

  private static func near(_ lines: [DiffLine]) -> [DiffLine] {
    var kept: [DiffLine] = []
    var isGap = false
    for (index, line) in lines.enumerated() {
      let around = lines[max(index - 3, 0)..<min(index + 4, lines.count)]
      let isNear = around.contains { if case .same = $0 { false } else { true } }
      if isNear { kept.append(line) } else if !isGap { kept.append(.same("…")) }
      isGap = !isNear
    }
    return kept
  }
}
