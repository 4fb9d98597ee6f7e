/// Why something is as it is, and what would alter it.
public struct Explanation: Hashable, Sendable {
  /// A change that has been tried on a copy of the cluster.
  public struct Fix: Hashable, Sendable {
    /// What to type, in order.
    public var commands: [String]
    /// What came out of it.
    public var outcome: String
  }

  /// Nothing is wrong.
  public var isWorking = false
  /// What can be seen: the verdict and its reason.
  public var symptom: String
  /// The one cause, in a sentence.
  public var cause: String
  /// What speaks for it, a sentence each.
  public var details: [String] = []
  /// The smallest change first; empty when no single command helps.
  public var fixes: [Fix] = []

  init(symptom: String = "", cause: String, details: [String] = []) {
    self.symptom = symptom
    self.cause = cause
    self.details = details
  }

  /// Lines, each with its end.
  public var text: String {
    var text = symptom.isEmpty ? "" : symptom + "\n"
    text += "cause: \(cause)\n" + details.map { "  \($0)\n" }.joined()
    for fix in fixes {
      for (place, command) in fix.commands.enumerated() {
        text += "\(place == 0 ? "fix:  " : "      ") \(command)\n"
      }
      text += "       tried on a copy: \(fix.outcome)\n"
    }
    return text
  }
}
