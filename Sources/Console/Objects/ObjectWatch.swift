import ClusterModel
import ControlPlane
import Simulation
import SimulationCore

/// `get -w`: lets time pass and shows each change as it happens.
///
/// Real time does not pass here by itself, so `--request-timeout` says how long to watch; without
/// it a watch ends where it began.
struct ObjectWatch {
  let query: ObjectQuery
  let format: OutputFormat
  let call: Call

  private struct Seen {
    var object: StoredObject
    var version: UInt64
  }

  /// - Parameter showsHeader: whether no table has been printed yet.
  func run(
    for duration: Duration, showsHeader: Bool, _ console: inout Console,
    _ transcript: inout Transcript
  ) throws(CommandFailure) {
    let deadline = console.world.now + duration
    var columns = try WatchColumns(query, format, call, console.world)
    columns.showsHeader = showsHeader && !call.values.flag("no-headers")
    var seen = try objects(in: console.world)
    while console.world.now < deadline {
      let before = seen
      // The condition cannot throw: what could be wrong with the query was so at the start.
      let hasChanged = TimeDriver.run(&console.world, until: deadline, &transcript) { world in
        guard let now = try? objects(in: world) else { return true }
        return !now.elementsEqual(before) { $0.version == $1.version }
      }
      guard hasChanged else { return }
      seen = try objects(in: console.world)
      for object in Self.changes(from: before, to: seen) {
        transcript.output += try columns.text(of: object, console.world)
      }
    }
  }

  private func objects(in world: borrowing World) throws(CommandFailure) -> [Seen] {
    var unheard = Transcript()
    return try query.fetch(from: copy world, &unheard, ignoreNotFound: true).map {
      Seen(object: $0, version: $0.metadata.resourceVersion)
    }
  }

  /// What is new or different, and what is gone, in the order in which it came about.
  private static func changes(from old: [Seen], to new: [Seen]) -> [StoredObject] {
    let held = Dictionary(old.map { ($0.object.metadata.uid, $0.version) }) { first, _ in first }
    let present = Set(new.map(\.object.metadata.uid))
    let gone = old.filter { !present.contains($0.object.metadata.uid) }
    let changed = new.filter { held[$0.object.metadata.uid] != $0.version }
      .sorted { $0.version < $1.version }
    return (gone + changed).map(\.object)
  }
}

/// The rows of a watch: as wide as the widest so far.
private struct WatchColumns {
  let query: ObjectQuery
  let format: OutputFormat
  let call: Call
  /// Whether the next row is the first one of all.
  var showsHeader = false
  private var widest: [String] = []

  init(_ query: ObjectQuery, _ format: OutputFormat, _ call: Call, _ world: World)
    throws(CommandFailure)
  {
    self.query = query
    self.format = format
    self.call = call
    var unheard = Transcript()
    for object in try query.fetch(from: world, &unheard, ignoreNotFound: true) {
      lines(of: object, world).forEach { widen($0) }
    }
  }

  mutating func text(of object: StoredObject, _ world: World) throws(CommandFailure) -> String {
    switch format {
    case .table, .wide:
      let lines = lines(of: object, world)
      for line in lines { widen(line) }
      let shown = showsHeader ? lines : lines.suffix(1)
      showsHeader = false
      let text = TabWriter.table.text([widest] + shown)
      return text.split(separator: "\n").dropFirst().map { $0 + "\n" }.joined()
    case .yaml: return "---\n" + (try format.text(of: [object], isSingle: true))
    case .json, .name, .jsonPath, .goTemplate, .customColumns:
      return try format.text(of: [object], isSingle: true)
    }
  }

  /// The header and the row.
  private func lines(of object: StoredObject, _ world: World) -> [[String]] {
    let layout = ObjectTables(call, format).layout(of: object.resource, query)
    return Rendering.tableLines([object], of: object.resource, layout, world)
  }

  private mutating func widen(_ line: [String]) {
    for (index, cell) in line.enumerated() {
      if index == widest.count { widest.append("") }
      if cell.unicodeScalars.count > widest[index].unicodeScalars.count { widest[index] = cell }
    }
  }
}
