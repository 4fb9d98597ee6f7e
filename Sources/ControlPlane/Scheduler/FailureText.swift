import ClusterModel

/// Why a pod fits nowhere, in the scheduler's words (scheduler framework FitError).
struct SchedulingFailure: Sendable {
  var nodeCount = 0
  /// How many nodes gave each reason.
  private var reasons: [(text: String, count: Int)] = []
  /// What preemption had to say; nil when it found a way.
  var preemption: String?
  /// The filters that refused nodes.
  private(set) var plugins: Set<String> = []

  init(_ refusals: [NodeRefusal]) {
    nodeCount = refusals.count
    for refusal in refusals {
      plugins.insert(refusal.plugin)
      for reason in refusal.reasons { Self.count(reason, &reasons) }
    }
  }

  static func count(_ text: String, _ reasons: inout [(text: String, count: Int)]) {
    if let index = reasons.firstIndex(where: { $0.text == text }) {
      reasons[index].count += 1
    } else {
      reasons.append((text, 1))
    }
  }

  /// `0/4 nodes are available: 1 node(s) had untolerated taint(s), 3 Insufficient cpu.`
  static func text(_ nodeCount: Int, _ reasons: [(text: String, count: Int)]) -> String {
    let list = reasons.map { "\($0.count) \($0.text)" }.sorted {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
    return "0/\(nodeCount) nodes are available: \(list.joined(separator: ", "))."
  }

  var text: String {
    if nodeCount == 0 { return "no nodes available to schedule pods" }
    var text = Self.text(nodeCount, reasons)
    if let preemption { text += " no new claims to deallocate, preemption: \(preemption)" }
    guard text.utf8.count > 1024 else { return text }
    return String(decoding: text.utf8.prefix(1020), as: UTF8.self) + " ..."
  }
}
