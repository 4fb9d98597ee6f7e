import Glibc

/// Lines of standard input, as they come.
struct LineInput {
  private var rest: [UInt8] = []
  private(set) var hasEnded = false
  /// A line longer than this is nobody's command; what is beyond is dropped.
  private static let longest = 64 << 10

  static var isTerminal: Bool { isatty(0) == 1 }

  /// The lines that are there within `milliseconds`.
  mutating func lines(waitingUpTo milliseconds: Int32) -> [String] {
    var entry = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
    guard !hasEnded, poll(&entry, 1, milliseconds) > 0 else { return [] }
    var chunk = [UInt8](repeating: 0, count: 4096)
    let count = chunk.withUnsafeMutableBytes { read(0, $0.baseAddress, $0.count) }
    if count < 0 {
      hasEnded = errno != EINTR && errno != EAGAIN
      return []
    }
    if count == 0 {
      hasEnded = true
      defer { rest = [] }
      return rest.isEmpty ? [] : [text(rest)]
    }
    rest += chunk[..<count]
    var lines: [String] = []
    while let end = rest.firstIndex(of: 10) {
      lines.append(text(Array(rest[..<end])))
      rest.removeFirst(end + 1)
    }
    if rest.count > Self.longest { rest = [] }
    return lines
  }

  private func text(_ bytes: [UInt8]) -> String {
    let line = bytes.last == 13 ? bytes.dropLast() : bytes[...]
    return String(decoding: line, as: UTF8.self)
  }
}
