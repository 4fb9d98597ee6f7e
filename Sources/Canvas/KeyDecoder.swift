/// Turns the bytes that a terminal sends into keys.
///
/// It knows the sequences of xterm, its many relatives, and the Linux console, in both cursor-key
/// modes, so that it depends on no terminal description. Whatever it does not know it swallows
/// whole, and it never holds more than a bounded number of bytes.
public struct KeyDecoder: Sendable {
  var state = State.ground
  /// The parameters of the sequence being read, or the bytes of a character.
  var buffer: [UInt8] = []
  /// The text of a paste.
  var pasted: [UInt8] = []
  /// How many bytes of the mark that ends a paste have been seen.
  var pasteEndMatch = 0
  /// How many bytes the character being read still lacks.
  var missing = 0

  static let pasteEnd = Array("\u{1B}[201~".utf8)
  static let pasteLimit = 65_536
  static let sequenceLimit = 64

  enum State: Hashable, Sendable {
    case ground, escape, sequence, single, function, string, stringEscape, character, paste
  }

  public init() {}

  /// Whether a sequence has begun and not ended, so that `flush` may make a key of it.
  public var isPending: Bool { state != .ground }

  /// Whether a paste has begun and not ended; it may take long to arrive.
  public var isPasting: Bool { state == .paste }

  /// Takes the next byte and appends the key that it completes, if it does.
  public mutating func feed(_ byte: UInt8, into keys: inout [Key]) {
    switch state {
    case .ground: ground(byte, &keys)
    case .escape: escape(byte, &keys)
    case .sequence: sequence(byte, &keys)
    case .single: single(byte, &keys)
    case .function: function(byte, &keys)
    case .string, .stringEscape: string(byte)
    case .character: character(byte, &keys)
    case .paste: paste(byte, &keys)
    }
  }

  /// Ends what has begun because nothing follows it: a lone escape is the Escape key.
  public mutating func flush(into keys: inout [Key]) {
    switch state {
    case .ground, .character, .function: break
    case .escape: keys.append(.escape)
    case .sequence where buffer.isEmpty: keys.append(.alt("["))
    case .single: keys.append(.alt("O"))
    case .string where buffer.count == 1:
      keys.append(.alt(Unicode.Scalar(buffer[0])))
    case .sequence, .string, .stringEscape: break
    case .paste: endPaste(&keys)
    }
    reset()
  }

  mutating func reset() {
    state = .ground
    buffer.removeAll(keepingCapacity: true)
    missing = 0
  }

  private mutating func ground(_ byte: UInt8, _ keys: inout [Key]) {
    switch byte {
    case 0x1B: state = .escape
    case 0x0D, 0x0A: keys.append(.enter)
    case 0x09: keys.append(.tab)
    case 0x08, 0x7F: keys.append(.backspace)
    case 0x00: keys.append(.ctrl("@"))
    case 0x01...0x1A: keys.append(.ctrl(Unicode.Scalar(byte + 0x60)))
    case 0x1C...0x1F: keys.append(.ctrl(Unicode.Scalar(byte + 0x40)))
    case 0x20...0x7E: keys.append(.character(Unicode.Scalar(byte)))
    default: beginCharacter(byte)
    }
  }

  private mutating func escape(_ byte: UInt8, _ keys: inout [Key]) {
    switch byte {
    case 0x1B: keys.append(.escape)
    case 0x5B: state = .sequence  // [
    case 0x4F: state = .single  // O
    case 0x50, 0x58, 0x5D, 0x5E, 0x5F:  // P X ] ^ _
      state = .string
      buffer = [byte]
    case 0x7F:
      reset()
      keys.append(.ctrl("w"))
    case 0x20...0x7E:
      reset()
      keys.append(.alt(Unicode.Scalar(byte)))
    default:
      reset()
      keys.append(.escape)
      ground(byte, &keys)
    }
  }

  /// Gives up on what was being read and starts again with `byte`.
  mutating func restart(with byte: UInt8, _ keys: inout [Key]) {
    reset()
    ground(byte, &keys)
  }

  /// Reads a title or another answer up to its end, and drops it.
  private mutating func string(_ byte: UInt8) {
    switch (state, byte) {
    case (_, 0x07), (_, 0x18), (_, 0x1A), (.stringEscape, 0x5C): reset()
    case (_, 0x1B): state = state == .string ? .stringEscape : .escape
    case (.stringEscape, _): reset()
    default: if buffer.count < KeyDecoder.sequenceLimit { buffer.append(byte) }
    }
  }

  private mutating func beginCharacter(_ byte: UInt8) {
    switch byte {
    case 0xC2...0xDF: missing = 1
    case 0xE0...0xEF: missing = 2
    case 0xF0...0xF4: missing = 3
    default: return
    }
    buffer = [byte]
    state = .character
  }

  private mutating func character(_ byte: UInt8, _ keys: inout [Key]) {
    guard byte & 0xC0 == 0x80 else { return restart(with: byte, &keys) }
    buffer.append(byte)
    missing -= 1
    guard missing == 0 else { return }
    // What was not valid comes out as U+FFFD, more than one of them for broken sequences.
    let text = String(decoding: buffer, as: UTF8.self).unicodeScalars
    if text.count == 1, let scalar = text.first { keys.append(.character(scalar)) }
    reset()
  }
}
