import SimulationCore

extension Timeline {
  /// Goes back to `time`, or on to it: what was done before going back happens again on the way.
  ///
  /// False when the session does not reach back so far.
  public mutating func travel(_ world: inout World, to time: Instant) -> Bool {
    guard time < world.now else {
      while !advance(&world, to: time, atMost: .max) {}
      return true
    }
    guard time >= start else { return false }
    let kept = world.journal.prefix { $0.time <= time }.count
    let past = self.world(after: world.journal[..<kept]) { $0.now <= time }
    guard var past else { return false }
    past.advance(to: time)
    goBack(&world, to: past)
    return true
  }

  /// Goes back by `count` events. False when the session does not have as many.
  public mutating func stepBack(_ world: inout World, by count: UInt64) -> Bool {
    guard count > 0, world.eventCount >= count else { return false }
    let target = world.eventCount - count
    let kept = world.journal.prefix { $0.eventCount <= target }.count
    let past = self.world(after: world.journal[..<kept]) { $0.eventCount <= target }
    guard var past else { return false }
    past.advance(toEventCount: target, .zero)
    goBack(&world, to: past)
    return true
  }

  /// Takes up the past; what came after it becomes the future.
  private mutating func goBack(_ world: inout World, to past: World) {
    let kept = past.journal.count
    future = Array(world.journal[kept...]) + future
    let split = marks.prefix { $0.before.commandCount < kept }.count
    futureMarks = marks[split...] + futureMarks
    marks.removeSubrange(split...)
    world = past
  }

  /// Lets time pass up to `limit`, but no more than `count` events happen, and with them the
  /// commands that were given before time was turned back.
  ///
  /// - Returns: whether `limit` was reached.
  public mutating func advance(_ world: inout World, to limit: Instant, atMost count: Int) -> Bool {
    var left = count
    while let entry = future.first, entry.time <= limit {
      let before = world.eventCount
      let way = entry.eventCount >= before ? entry.eventCount - before : 0
      if way > UInt64(clamping: left) {
        for _ in 0..<left { world.step() }
        note(world)
        return false
      }
      world.advance(toEventCount: entry.eventCount, entry.time)
      left -= Int(way)
      _ = try? world.perform(entry.command)
      future.removeFirst()
      while let mark = futureMarks.first, mark.before.commandCount < world.journal.count {
        marks.append(mark)
        futureMarks.removeFirst()
      }
    }
    // In stretches, so that there are snapshots on the way.
    while true {
      let stretch = min(left, Int(Self.usualInterval))
      let isDone = world.advance(to: limit, atMost: stretch)
      note(world)
      left -= stretch
      if isDone || left <= 0 { return isDone }
    }
  }

  /// Lets the next event happen, or the command that comes before it. False when there is none.
  public mutating func step(_ world: inout World) -> Bool {
    if let entry = future.first, entry.eventCount <= world.eventCount {
      return advance(&world, to: max(entry.time, world.now), atMost: 0) || true
    }
    defer { note(world) }
    return world.step()
  }

  // MARK: Undo and redo

  /// Takes back the last line that changed the world: the world is as it was just before it.
  ///
  /// - Returns: the line; nil when there is none.
  public mutating func undo(_ world: inout World) -> Mark? {
    guard let mark = marks.last, let past = self.world(at: mark.before, world.journal) else {
      return nil
    }
    undone.append(
      Undone(
        mark: mark, moment: world.moment,
        entries: Array(world.journal[mark.before.commandCount...]), future: future,
        futureMarks: futureMarks))
    marks.removeLast()
    dropFuture()
    forget(after: mark.before)
    world = past
    return mark
  }

  /// Does again what was undone last: the world is as it was when it was undone.
  public mutating func redo(_ world: inout World) -> Mark? {
    guard let last = undone.last else { return nil }
    let entries = (world.journal + future).prefix(last.mark.before.commandCount) + last.entries
    guard let again = self.world(at: last.moment, Array(entries)) else { return nil }
    undone.removeLast()
    forget(after: again.moment)
    (future, futureMarks) = (last.future, last.futureMarks)
    marks.append(last.mark)
    world = again
    return last.mark
  }
}
