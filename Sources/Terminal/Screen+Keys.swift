import CNcurses
import Canvas

extension Screen {
  /// Waits until there are keys, but no longer than `milliseconds`, and returns them.
  ///
  /// Control-Z and the system's request to stop are dealt with here: the terminal is given back,
  /// the program stops, and `.resumed` tells when it goes on. Negative times count as zero.
  public mutating func nextKeys(waitingUpTo milliseconds: Int32) -> [Key] {
    let end = kubarium_nanoseconds() + Int64(max(milliseconds, 0)) * 1_000_000
    var keys: [Key] = []
    repeat {
      if input.hasEnded { return keys + [.terminate] }
      let now = kubarium_nanoseconds()
      let wake = min(end, input.deadline ?? end)
      if kubarium_wait(Screen.milliseconds(from: now, to: wake)) { input.read(into: &keys) }
      takeSignals(&keys)
      input.flushIfDue(into: &keys)
      stopIfAsked(&keys)
    } while keys.isEmpty && kubarium_nanoseconds() < end
    if input.hasEnded { keys.append(.terminate) }
    return keys
  }

  /// The time to wait, rounded up so that it is not spent in rounds of nothing.
  private static func milliseconds(from now: Int64, to end: Int64) -> Int32 {
    Int32(clamping: (max(end - now, 0) + 999_999) / 1_000_000)
  }

  private mutating func takeSignals(_ keys: inout [Key]) {
    var isResized = false
    while case let number = kubarium_next_signal(), number != KUBARIUM_NO_SIGNAL {
      if kubarium_is_resize(number) {
        isResized = true
      } else if kubarium_is_stop(number) {
        suspend(wholeJob: false, &keys)
      } else if kubarium_is_continue(number) {
        resume(&keys)
      } else {
        keys.append(.terminate)
      }
    }
    if isResized { announceSize(&keys) }
  }

  private mutating func announceSize(_ keys: inout [Key]) {
    if adoptSize() { keys.append(.resize(columns: size.columns, rows: size.rows)) }
  }

  private mutating func stopIfAsked(_ keys: inout [Key]) {
    guard let index = keys.firstIndex(of: .ctrl("z")) else { return }
    keys.removeAll { $0 == .ctrl("z") }
    var after: [Key] = []
    suspend(wholeJob: true, &after)
    keys.insert(contentsOf: after, at: min(index, keys.count))
  }

  private mutating func suspend(wholeJob: Bool, _ keys: inout [Key]) {
    kubarium_suspend(wholeJob)
    afterStop(&keys)
  }

  /// Something else stopped and continued the program; the terminal may have changed since.
  private mutating func resume(_ keys: inout [Key]) {
    kubarium_reenter()
    afterStop(&keys)
  }

  private mutating func afterStop(_ keys: inout [Key]) {
    forgetFrame()
    announceSize(&keys)
    if keys.last != .resumed { keys.append(.resumed) }
  }
}
