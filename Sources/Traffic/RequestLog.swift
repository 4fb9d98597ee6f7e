import ClusterModel
import SimulationCore

/// The last finished requests, as numbers: names are looked up when somebody reads it.
struct RequestLog: Sendable {
  static let length = 1024

  struct Entry: Sendable {
    var finishedAt: Instant
    var latency: Duration
    var edge: EdgeIndex
    var clientPod: PodIndex
    var clientGeneration: UInt32
    var endpointAddress: IPAddress
    var endpointPort: UInt16
    var outcome: Outcome
  }

  private var entries: ContiguousArray<Entry> = []
  private(set) var count: UInt64 = 0

  mutating func append(_ entry: Entry) {
    if entries.count < Self.length {
      entries.append(entry)
    } else {
      entries[Int(count % UInt64(Self.length))] = entry
    }
    count += 1
  }

  /// The newest first.
  func newest(_ number: Int) -> [Entry] {
    (0..<min(max(number, 0), entries.count)).map { back in
      entries[Int((count - 1 - UInt64(back)) % UInt64(Self.length))]
    }
  }
}
