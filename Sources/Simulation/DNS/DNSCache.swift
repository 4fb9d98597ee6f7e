import ClusterModel
import SimulationCore

/// What the CoreDNS pods remember of names outside the cluster (coredns plugin/cache: `cache 30`).
///
/// Each pod has a cache of its own; the cluster's zone is left out of it, as kubeadm's Corefile
/// says. A remembered record's time to live is what is left of it.
struct DNSCache: Sendable {
  private struct Key: Hashable, Sendable {
    var server: IPAddress
    var question: DNSQuestion
  }

  private struct Entry: Sendable {
    var key: Key
    var expires: Instant
  }

  /// A bound, not CoreDNS's: it keeps 9,984 of each sort.
  private static let size = 1024

  /// The one that expires first is the first.
  private var entries: [Entry] = []

  /// The seconds that the answer to `question` has yet to live at a server; nil when it has to ask.
  func secondsLeft(of question: DNSQuestion, at server: IPAddress, _ now: Instant) -> Int? {
    let key = Self.key(question, server)
    guard let entry = entries.first(where: { $0.key == key }), entry.expires > now else {
      return nil
    }
    return Int((entry.expires - now).nanoseconds / 1_000_000_000)
  }

  /// A server has asked, unless it knows still.
  mutating func remember(
    _ question: DNSQuestion, at server: IPAddress, seconds: Int, _ now: Instant
  ) {
    entries.removeAll { $0.expires <= now }
    guard secondsLeft(of: question, at: server, now) == nil else { return }
    if entries.count == Self.size { entries.removeFirst() }
    entries.append(
      Entry(key: Self.key(question, server), expires: now + .seconds(Int64(seconds))))
  }

  private static func key(_ question: DNSQuestion, _ server: IPAddress) -> Key {
    Key(server: server, question: DNSQuestion(question.name.lowercased(), question.type))
  }

  func digest(into hasher: inout StateHasher) {
    for entry in entries {
      for byte in entry.key.question.name.utf8 { hasher.combine(Int(byte)) }
      hasher.combine(entry.key.server.low)
      hasher.combine(entry.expires)
    }
  }
}
