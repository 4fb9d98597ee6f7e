import SimulationCore

/// The nodes that wait for their NoExecute taint, zone by zone, and how fast they get it.
///
/// nodelifecycle handleDisruption and scheduler/rate_limited_queue.go: one node in ten seconds as
/// long as a zone is well; when most of it fails the network is the likelier culprit, and fewer
/// pods are moved, or none.
struct ZoneQueues: Sendable {
  enum Turn: Equatable {
    case now
    case later(Duration)
    /// Until the zone changes.
    case never
  }

  private struct Zone: Sendable {
    var ready = 0
    var notReady = 0
    var waiting: [ObjectID] = []
    /// When the next node may be tainted.
    var nextToken = Instant.zero
    var interval: Duration? = .seconds(10)

    /// From one node to the next; nil when none is tainted at all.
    var presentInterval: Duration? {
      guard notReady > 2, ready > 0, notReady * 100 >= (ready + notReady) * 55 else {
        return .seconds(10)
      }
      return ready + notReady > 50 ? .seconds(100) : nil
    }
  }

  /// Each poll of a queue is so long after the one before.
  private static let pollPeriod = Duration.milliseconds(100)

  private var zones: [String: Zone] = [:]
  private var nodes: [ObjectID: (zone: String, isReady: Bool)] = [:]
  private var readyCount = 0

  /// Every node is silent: then it is the control plane that is cut off.
  var isEverythingDown: Bool { readyCount == 0 && !nodes.isEmpty }

  mutating func note(_ node: ObjectID, zone: String, isReady: Bool) {
    if let known = nodes[node] {
      if known.zone == zone, known.isReady == isReady { return }
      count(known.zone, known.isReady, by: -1)
      if known.zone != zone { withdraw(node) }
    }
    nodes[node] = (zone, isReady)
    count(zone, isReady, by: 1)
  }

  mutating func forget(_ node: ObjectID) {
    withdraw(node)
    guard let known = nodes.removeValue(forKey: node) else { return }
    count(known.zone, known.isReady, by: -1)
  }

  private mutating func count(_ zone: String, _ isReady: Bool, by step: Int) {
    if isReady {
      zones[zone, default: Zone()].ready += step
      readyCount += step
    } else {
      zones[zone, default: Zone()].notReady += step
    }
  }

  func waiting(in zone: String) -> [ObjectID] { zones[zone]?.waiting ?? [] }

  mutating func withdraw(_ node: ObjectID) {
    guard let zone = nodes[node]?.zone, zones[zone]?.waiting.isEmpty == false else { return }
    zones[zone]?.waiting.removeAll { $0 == node }
  }

  /// Whether it is this node's turn; if so, it has been taken.
  mutating func ask(_ node: ObjectID, at now: Instant) -> Turn {
    guard let name = nodes[node]?.zone, var zone = zones[name] else { return .never }
    defer { zones[name] = zone }
    if !zone.waiting.contains(node) { zone.waiting.append(node) }
    if zone.presentInterval != zone.interval {
      // A new limiter has no token saved up when the old one had none.
      let interval = zone.presentInterval ?? .zero
      if zone.interval == nil || zone.nextToken > now { zone.nextToken = now + interval }
      zone.interval = zone.presentInterval
    }
    guard let interval = zone.interval else { return .never }
    let time = Self.poll(atOrAfter: max(zone.nextToken, now))
    let place = zone.waiting.firstIndex(of: node) ?? 0
    if place > 0 { return .later(time - now + interval * Int64(place)) }
    if time > now { return .later(time - now) }
    zone.waiting.removeFirst()
    zone.nextToken = now + interval
    return .now
  }

  private static func poll(atOrAfter time: Instant) -> Instant {
    let past = time.nanoseconds % pollPeriod.nanoseconds
    return past <= 0 ? time : time + (pollPeriod - .nanoseconds(past))
  }
}
