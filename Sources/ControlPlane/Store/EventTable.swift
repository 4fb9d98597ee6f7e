import ClusterModel
import SimulationCore

/// The events of the cluster, of which there are more than of everything else together.
///
/// An event that a component recorded is kept as numbers, and becomes an `Event` when somebody
/// reads it; one that was loaded or written by hand is kept as it is.
public struct EventTable: Sendable {
  private struct Record: Sendable {
    enum Form: UInt8, Sendable {
      case gone, numbers, whole
    }

    var form: Form
    /// One of `EventMessage.Template`, or 0xFF for a text.
    var template: UInt8 = 0xFF
    var subject: Int32 = -1
    var kind: Int32 = -1
    var host: Int32 = -1
    var argument: Int32 = -1
    var count: Int32 = 1
    /// The wall clock in nanoseconds, which the name ends with: no two are equal, and they ascend.
    var stamp: Int64
    /// Seconds of the wall clock.
    var first: Int64
    var last: Int64
    var version: UInt64
  }

  private var records = PagedArray<Record>()
  /// The slot of the first record that is kept.
  private var base = 0
  public private(set) var count = 0
  private var subjects = EventSubjects()
  private var kinds = EventKinds()
  private var texts = TextTable()
  private var whole: [Int32: Event] = [:]
  private var lastStamp = Int64.min

  public init() {}

  /// One more than the highest slot ever used.
  public var slotCount: Int { base + records.count }

  // MARK: Reading

  private func place(_ id: ObjectID) -> Int? {
    let place = Int(id.slot) - base
    guard id.reuse == 0, place >= 0, place < records.count, records[place].form != .gone else {
      return nil
    }
    return place
  }

  public subscript(_ id: ObjectID) -> Event? { place(id).map(event) }

  public func contains(_ id: ObjectID) -> Bool { place(id) != nil }

  private func event(_ place: Int) -> Event {
    let record = records[place]
    if record.form == .whole, let event = whole[Int32(base + place)] { return event }
    let kind = kinds[record.kind]
    let subject = subjects[record.subject]
    var metadata = ObjectMeta(name: name(place), namespace: namespace(place))
    let mixed = TextHash.finish(UInt64(bitPattern: record.stamp))
    metadata.uid = UID(
      randomHigh: mixed, randomLow: TextHash.mix(mixed, EventSubjects.hash(subject)))
    metadata.resourceVersion = record.version
    metadata.creationTimestamp = Timestamp(seconds: record.first)
    let word = texts[record.argument]
    let message =
      EventMessage.Template(rawValue: record.template).map { EventMessage.template($0, word) }
      ?? .text(word)
    var event = Event(
      metadata: metadata, reason: kind.reason, message: message.text(about: subject),
      involvedObject: subject, component: kind.component)
    event.type = kind.type
    event.fieldPath = kind.fieldPath
    event.host = texts[record.host]
    event.firstTimestamp = Timestamp(seconds: record.first)
    event.lastTimestamp = Timestamp(seconds: record.last)
    event.count = Int(record.count)
    return event
  }

  /// client-go's: the object's name and the time in hexadecimal nanoseconds.
  private func name(_ place: Int) -> String {
    if let event = whole[Int32(base + place)] { return event.metadata.name }
    let stamp = String(records[place].stamp, radix: 16)
    return "\(subjects[records[place].subject].name).\(stamp)"
  }

  private func namespace(_ place: Int) -> String {
    if let event = whole[Int32(base + place)] { return event.metadata.namespace }
    let namespace = subjects[records[place].subject].namespace
    return namespace.isEmpty ? "default" : namespace
  }

  /// - Complexity: O(log n) for recorded events.
  public func id(namespace: String, name: String) -> ObjectID? {
    let suffix = name.split(separator: ".").last ?? ""
    if let stamp = Int64(suffix, radix: 16), let place = place(ofStamp: stamp),
      self.name(place) == name, self.namespace(place) == namespace
    {
      return ObjectID(slot: Int32(base + place), reuse: 0)
    }
    // order-free: no two have one name.
    let found = whole.first {
      $0.value.metadata.name == name && $0.value.metadata.namespace == namespace
    }
    return found.map { ObjectID(slot: $0.key, reuse: 0) }
  }

  private func place(ofStamp stamp: Int64) -> Int? {
    var (low, high) = (0, records.count)
    while low < high {
      let middle = (low + high) / 2
      if records[middle].stamp < stamp { low = middle + 1 } else { high = middle }
    }
    let isThere =
      low < records.count && records[low].stamp == stamp && records[low].form == .numbers
    return isThere ? low : nil
  }

  public subscript(namespace: String, name: String) -> Event? {
    id(namespace: namespace, name: name).flatMap { self[$0] }
  }

  /// Every event's id, in the order in which they came.
  public var ids: [ObjectID] {
    (0..<records.count).compactMap { place in
      records[place].form == .gone ? nil : ObjectID(slot: Int32(base + place), reuse: 0)
    }
  }

  public func sortedIDs(namespace: String? = nil) -> [ObjectID] {
    var found: [(name: NamespacedName, id: ObjectID)] = []
    for place in 0..<records.count where records[place].form != .gone {
      let own = self.namespace(place)
      if let namespace, own != namespace { continue }
      found.append(
        (
          NamespacedName(namespace: own, name: name(place)),
          ObjectID(slot: Int32(base + place), reuse: 0)
        ))
    }
    found.sort { $0.name < $1.name }
    return found.map(\.id)
  }

  /// Every event in the API's order.
  public func list(namespace: String? = nil) -> [Event] {
    sortedIDs(namespace: namespace).compactMap { self[$0] }
  }

  /// Calls `body` for each event, in the order in which they came.
  public func forEach(_ body: (ObjectID, borrowing Event) -> Void) {
    for place in 0..<records.count where records[place].form != .gone {
      body(ObjectID(slot: Int32(base + place), reuse: 0), event(place))
    }
  }

  // MARK: Writing

  /// A new event of a component, said at `stamp` nanoseconds of the wall clock.
  mutating func insert(_ record: EventRecord, stamp: Int64, version: UInt64) -> ObjectID {
    var new = Record(
      form: .numbers, stamp: max(stamp, lastStamp + 1), first: stamp.seconds, last: stamp.seconds,
      version: version)
    new.subject = subjects.number(of: record.object)
    new.kind = kinds.number(of: record)
    new.host = texts.number(of: record.host)
    switch record.content {
    case .text(let text): new.argument = texts.number(of: text)
    case .template(let template, let word):
      new.template = template.rawValue
      new.argument = texts.number(of: word)
    }
    return append(new)
  }

  private mutating func append(_ record: Record) -> ObjectID {
    lastStamp = record.stamp
    let id = ObjectID(slot: Int32(base + records.count), reuse: 0)
    records.append(record)
    count += 1
    return id
  }

  /// An event as it stands.
  mutating func insert(_ event: Event) -> ObjectID {
    let last = event.lastTimestamp ?? event.metadata.creationTimestamp ?? Timestamp(seconds: 0)
    let id = append(
      Record(
        form: .whole, stamp: lastStamp == .min ? 0 : lastStamp + 1, first: last.seconds,
        last: last.seconds, version: event.metadata.resourceVersion))
    whole[id.slot] = event
    return id
  }

  /// Says an event once more, or `times` more, with the newest words.
  mutating func `repeat`(
    _ id: ObjectID, _ content: EventMessage, times: Int, stamp: Int64, version: UInt64
  ) {
    guard let place = place(id) else { return }
    if records[place].form == .whole {
      whole[id.slot]?.count += times
      whole[id.slot]?.lastTimestamp = Timestamp(seconds: stamp.seconds)
      whole[id.slot]?.metadata.resourceVersion = version
    } else {
      if case .text(let text) = content { records[place].argument = texts.number(of: text) }
      records[place].count += Int32(clamping: times)
    }
    records[place].last = stamp.seconds
    records[place].version = version
  }

  /// Changes an event by hand: it is kept as it is from then on.
  @discardableResult
  mutating func modify<Result>(_ id: ObjectID, _ body: (inout Event) -> Result) -> Result? {
    guard let place = place(id) else { return nil }
    var event = event(place)
    let result = body(&event)
    whole[id.slot] = event
    records[place].form = .whole
    records[place].version = event.metadata.resourceVersion
    if let last = event.lastTimestamp { records[place].last = last.seconds }
    return result
  }

  mutating func remove(_ id: ObjectID) -> Event? {
    guard let place = place(id) else { return nil }
    let event = event(place)
    forget(place)
    dropGonePages()
    return event
  }

  private mutating func forget(_ place: Int) {
    records[place].form = .gone
    whole[Int32(base + place)] = nil
    count -= 1
  }

  private mutating func dropGonePages() {
    while records.count >= PagedArray<Record>.pageSize, isFirstPageGone {
      records.removeFirstPage()
      base += PagedArray<Record>.pageSize
    }
  }

  private var isFirstPageGone: Bool {
    (0..<PagedArray<Record>.pageSize).allSatisfy { records[$0].form == .gone }
  }

  // MARK: Expiry

  /// When the events that are oldest were last written; nil without any.
  var oldest: Timestamp? {
    var oldest: Int64?
    for place in 0..<records.count where records[place].form != .gone {
      oldest = min(oldest ?? .max, records[place].last)
    }
    return oldest.map { Timestamp(seconds: $0) }
  }

  /// Removes the events that were last written before `time`.
  mutating func expire(before time: Timestamp) -> Int {
    let old = count
    for place in 0..<records.count
    where records[place].form != .gone && records[place].last < time.seconds {
      forget(place)
    }
    guard count < old else { return 0 }
    dropGonePages()
    if subjects.count > 1024, subjects.count > count { renumber() }
    return old - count
  }

  /// Forgets subjects and texts that no event mentions any more.
  private mutating func renumber() {
    let (oldSubjects, oldTexts) = (subjects, texts)
    subjects = EventSubjects()
    texts = TextTable()
    for place in 0..<records.count where records[place].form == .numbers {
      records[place].subject = subjects.number(of: oldSubjects[records[place].subject])
      records[place].host = texts.number(of: oldTexts[records[place].host])
      records[place].argument = texts.number(of: oldTexts[records[place].argument])
    }
  }
}

extension Int64 {
  /// Whole seconds of nanoseconds, rounded down.
  fileprivate var seconds: Int64 {
    self / 1_000_000_000 - (self % 1_000_000_000 < 0 ? 1 : 0)
  }
}
