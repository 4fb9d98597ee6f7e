import ClusterModel
import SimulationCore

/// Texts by number: those that many events share are kept once.
struct TextTable: Sendable {
  private var texts = PagedArray<String>()
  private var index = HashIndex()

  subscript(_ number: Int32) -> String { texts[Int(number)] }

  mutating func number(of text: String) -> Int32 {
    let hash = TextHash.of(text)
    if let known = index.find(hash, where: { texts[Int($0)] == text }) { return known }
    let number = Int32(texts.count)
    texts.append(text)
    index.insert(hash, number)
    return number
  }
}

/// What events are about, by number.
struct EventSubjects: Sendable {
  private var subjects = PagedArray<ObjectReference>()
  private var index = HashIndex()

  var count: Int { subjects.count }

  subscript(_ number: Int32) -> ObjectReference { subjects[Int(number)] }

  mutating func number(of subject: ObjectReference) -> Int32 {
    let hash = Self.hash(subject)
    let known = index.find(hash) {
      subjects[Int($0)].uid == subject.uid && subjects[Int($0)] == subject
    }
    if let known { return known }
    let number = Int32(subjects.count)
    subjects.append(subject)
    index.insert(hash, number)
    return number
  }

  static func hash(_ subject: ObjectReference) -> UInt64 {
    if subject.uid == .none { return TextHash.of(subject.namespace, subject.name) }
    return TextHash.finish(TextHash.mix(subject.uid.high, subject.uid.low))
  }
}

/// What the events of one sort have in common, by number.
struct EventKinds: Sendable {
  struct Kind: Equatable, Sendable {
    var type: Event.EventType
    var reason: String
    var component: String
    var fieldPath: String
  }

  private var kinds: ContiguousArray<Kind> = []
  private var index = HashIndex()

  subscript(_ number: Int32) -> Kind { kinds[Int(number)] }

  mutating func number(of record: EventRecord) -> Int32 {
    let hash =
      TextHash.of(record.reason, seed: TextHash.of(record.component))
      &+ TextHash.of(
        record.fieldPath)
    let known = index.find(hash) {
      let kind = kinds[Int($0)]
      return kind.reason == record.reason && kind.component == record.component
        && kind.fieldPath == record.fieldPath && kind.type == record.type
    }
    if let known { return known }
    let number = Int32(kinds.count)
    kinds.append(
      Kind(
        type: record.type, reason: record.reason, component: record.component,
        fieldPath: record.fieldPath))
    index.insert(hash, number)
    return number
  }
}
