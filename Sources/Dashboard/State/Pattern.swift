/// A regular expression over bytes without regard to case, matched in time that grows with the
/// text and the pattern only: no pattern that somebody types can make the screen stand still.
///
/// It knows `. * + ? | ( ) [ ] [^ ] ^ $` and `\` before any of them.
struct Pattern: Hashable, Sendable {
  private enum Step: Hashable, Sendable {
    case byte(UInt8)
    case any
    case set([ClosedRange<UInt8>], isNegated: Bool)
    case split(Int, Int)
    case jump(Int)
    case start, end, match
  }

  private var steps: [Step] = []

  static let limit = 400

  /// Nil when `text` is no pattern: something is not closed, or there is nothing to repeat.
  init?(_ text: String) {
    var reader = Reader(bytes: Array(text.utf8.prefix(Self.limit)))
    guard let steps = reader.alternatives(), reader.isAtEnd else { return nil }
    self.steps = steps + [.match]
  }

  /// Whether it occurs anywhere in the text.
  func occurs(in text: some Collection<UInt8>) -> Bool {
    var present = [Bool](repeating: false, count: steps.count)
    var index = 0
    let count = text.count
    add(0, to: &present, isStart: true, isEnd: count == 0)
    if present[steps.count - 1] { return true }
    for byte in text {
      index += 1
      var next = [Bool](repeating: false, count: steps.count)
      for (place, isHere) in present.enumerated() where isHere && accepts(steps[place], byte) {
        add(place + 1, to: &next, isStart: false, isEnd: index == count)
      }
      // It may begin at any place.
      add(0, to: &next, isStart: false, isEnd: index == count)
      if next[steps.count - 1] { return true }
      present = next
    }
    return false
  }

  private func accepts(_ step: Step, _ byte: UInt8) -> Bool {
    switch step {
    case .byte(let wanted): wanted == byte.asLowercase
    case .any: true
    case .set(let ranges, let isNegated):
      ranges.contains { $0.contains(byte) || $0.contains(byte.asLowercase) } != isNegated
    case .split, .jump, .start, .end, .match: false
    }
  }

  /// Adds a step and all that it leads to without a byte.
  private func add(_ first: Int, to present: inout [Bool], isStart: Bool, isEnd: Bool) {
    var waiting = [first]
    while let place = waiting.popLast() {
      guard !present[place] else { continue }
      present[place] = true
      switch steps[place] {
      case .split(let left, let right): waiting += [place + left, place + right]
      case .jump(let distance): waiting.append(place + distance)
      case .start: if isStart { waiting.append(place + 1) }
      case .end: if isEnd { waiting.append(place + 1) }
      case .byte, .any, .set, .match: break
      }
    }
  }

  /// Reads a pattern into steps whose jumps are relative.
  private struct Reader {
    var bytes: [UInt8]
    var place = 0
    var depth = 0

    var isAtEnd: Bool { place == bytes.count }
    var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    mutating func alternatives() -> [Step]? {
      guard var left = sequence() else { return nil }
      while next == UInt8(ascii: "|") {
        place += 1
        guard let right = sequence() else { return nil }
        left = [.split(1, left.count + 2)] + left + [.jump(right.count + 1)] + right
      }
      return left
    }

    private mutating func sequence() -> [Step]? {
      var steps: [Step] = []
      while let byte = next, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
        guard var atom = atom() else { return nil }
        while let sign = next,
          [UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?")].contains(sign)
        {
          place += 1
          switch sign {
          case UInt8(ascii: "*"):
            atom = [.split(1, atom.count + 2)] + atom + [.jump(-atom.count - 1)]
          case UInt8(ascii: "+"): atom += [.split(-atom.count, 1)]
          default: atom = [.split(1, atom.count + 1)] + atom
          }
          guard atom.count < 4_000 else { return nil }
        }
        steps += atom
      }
      return steps
    }

    private mutating func atom() -> [Step]? {
      guard let byte = next else { return nil }
      place += 1
      switch byte {
      case UInt8(ascii: "."): return [.any]
      case UInt8(ascii: "^"): return [.start]
      case UInt8(ascii: "$"): return [.end]
      case UInt8(ascii: "["): return set()
      case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"): return nil
      case UInt8(ascii: "("):
        depth += 1
        guard depth < 20, let inner = alternatives(), next == UInt8(ascii: ")") else { return nil }
        place += 1
        depth -= 1
        return inner
      case UInt8(ascii: "\\"):
        guard let literal = next else { return nil }
        place += 1
        return [.byte(literal.asLowercase)]
      default: return [.byte(byte.asLowercase)]
      }
    }

    private mutating func set() -> [Step]? {
      var ranges: [ClosedRange<UInt8>] = []
      let isNegated = next == UInt8(ascii: "^")
      if isNegated { place += 1 }
      while let byte = next, byte != UInt8(ascii: "]") || ranges.isEmpty {
        place += 1
        if next == UInt8(ascii: "-"), place + 1 < bytes.count, bytes[place + 1] != UInt8(ascii: "]")
        {
          let last = bytes[place + 1]
          guard last >= byte else { return nil }
          ranges.append(byte...last)
          place += 2
        } else {
          ranges.append(byte...byte)
        }
      }
      guard next == UInt8(ascii: "]") else { return nil }
      place += 1
      return [.set(ranges, isNegated: isNegated)]
    }
  }
}
