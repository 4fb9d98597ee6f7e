import CNcurses
import Canvas

/// The bytes that wait to become keys, and what is known about them over time.
struct KeyInput {
  /// A lone escape is the Escape key when nothing follows it for so long.
  static let escapeDelay: Int64 = 25_000_000
  /// A paste whose end never comes is taken as it is after so long.
  static let pasteDelay: Int64 = 1_000_000_000
  /// Two presses within this time at one place are a double click.
  static let doubleClick: Int64 = 400_000_000

  var decoder = KeyDecoder()
  /// The terminal is gone; there will be no more keys.
  var hasEnded = false
  private var lastByte: Int64 = 0
  private var lastPress: (place: Point, time: Int64, clicks: Int)?

  /// When what has begun counts as complete; nil when nothing has begun.
  var deadline: Int64? {
    guard decoder.isPending else { return nil }
    return lastByte + (decoder.isPasting ? KeyInput.pasteDelay : KeyInput.escapeDelay)
  }

  /// Reads what is waiting, at most 4 KiB of it.
  mutating func read(into keys: inout [Key]) {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = bytes.withUnsafeMutableBufferPointer { buffer in
      kubarium_read(buffer.baseAddress, buffer.count)
    }
    if count < 0 { hasEnded = true }
    guard count > 0 else { return }
    lastByte = kubarium_nanoseconds()
    var decoded: [Key] = []
    for byte in bytes.prefix(count) { decoder.feed(byte, into: &decoded) }
    for key in decoded { append(key, to: &keys) }
  }

  /// Completes what has begun if its time is up.
  mutating func flushIfDue(into keys: inout [Key]) {
    if let deadline, kubarium_nanoseconds() >= deadline { decoder.flush(into: &keys) }
  }

  /// Adds a key, counting clicks, and keeping of a long drag the newest place only.
  private mutating func append(_ key: Key, to keys: inout [Key]) {
    guard case .mouse(var event) = key else { return keys.append(key) }
    if case .press = event.action { event.clicks = clicks(at: event.place) }
    if event.action == .drag, case .mouse(let last)? = keys.last, last.action == .drag {
      keys.removeLast()
    }
    keys.append(.mouse(event))
  }

  private mutating func clicks(at place: Point) -> Int {
    var clicks = 1
    if let last = lastPress, last.place == place, last.clicks == 1,
      lastByte - last.time < KeyInput.doubleClick
    {
      clicks = 2
    }
    lastPress = (place, lastByte, clicks)
    return clicks
  }
}
