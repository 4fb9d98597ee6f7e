extension KeyDecoder {
  /// After `ESC O`.
  mutating func single(_ byte: UInt8, _ keys: inout [Key]) {
    guard byte >= 0x20, byte < 0x7F else { return restart(with: byte, &keys) }
    reset()
    switch byte {
    case 0x50...0x53: keys.append(.function(Int(byte) - 0x4F))  // P Q R S
    case 0x4D: keys.append(.enter)  // M
    default: if let key = KeyDecoder.cursorKey(byte) { keys.append(key) }
    }
  }

  /// After `ESC [ [`, which the Linux console sends for F1 to F5.
  mutating func function(_ byte: UInt8, _ keys: inout [Key]) {
    guard byte >= 0x20, byte < 0x7F else { return restart(with: byte, &keys) }
    reset()
    if (0x41...0x45).contains(byte) { keys.append(.function(Int(byte) - 0x40)) }
  }

  /// After `ESC [`.
  mutating func sequence(_ byte: UInt8, _ keys: inout [Key]) {
    switch byte {
    case 0x5B where buffer.isEmpty: state = .function
    case 0x20...0x3F: if buffer.count < KeyDecoder.sequenceLimit { buffer.append(byte) }
    case 0x40...0x7E:
      let parameters = buffer
      reset()
      finish(parameters, final: byte, &keys)
    default: restart(with: byte, &keys)
    }
  }

  private mutating func finish(_ parameters: [UInt8], final: UInt8, _ keys: inout [Key]) {
    if parameters.first == 0x3C { return finishMouse(parameters, final, &keys) }  // <
    let numbers = KeyDecoder.numbers(parameters)
    let first = numbers.first ?? 0
    // In 1;5C the second number less one has bit 0 for shift, 1 for alt, 2 for control.
    let isModified = numbers.count > 1 && (numbers[1] - 1) & 6 != 0
    switch final {
    case 0x43 where isModified: keys.append(.alt("f"))  // a word to the right, as shells do
    case 0x44 where isModified: keys.append(.alt("b"))
    case 0x5A: keys.append(.backTab)
    case 0x50...0x53: keys.append(.function(Int(final) - 0x4F))
    case 0x7E where first == 200:
      state = .paste
      pasted.removeAll()
      pasteEndMatch = 0
    case 0x7E: if let key = KeyDecoder.editingKey(first) { keys.append(key) }
    default: if let key = KeyDecoder.cursorKey(final) { keys.append(key) }
    }
  }

  /// The numbers between semicolons; what is none counts as 0, and none exceeds a million.
  static func numbers(_ parameters: [UInt8]) -> [Int] {
    parameters.split(separator: 0x3B, omittingEmptySubsequences: false).map { digits in
      digits.reduce(0) {
        (0x30...0x39).contains($1) ? min($0 * 10 + Int($1) - 0x30, 1_000_000) : $0
      }
    }
  }

  static func cursorKey(_ final: UInt8) -> Key? {
    switch final {
    case 0x41: .up
    case 0x42: .down
    case 0x43: .right
    case 0x44: .left
    case 0x46: .end
    case 0x48: .home
    default: nil
    }
  }

  /// The keys that send `ESC [ number ~`.
  private static func editingKey(_ number: Int) -> Key? {
    switch number {
    case 1, 7: .home
    case 2: .insert
    case 3: .delete
    case 4, 8: .end
    case 5: .pageUp
    case 6: .pageDown
    case 11...15: .function(number - 10)
    case 17...21: .function(number - 11)
    case 23...24: .function(number - 12)
    default: nil
    }
  }

  /// A report of the mouse in the SGR form: `ESC [ < button ; column ; row M` or `m`.
  private func finishMouse(_ parameters: [UInt8], _ final: UInt8, _ keys: inout [Key]) {
    let numbers = KeyDecoder.numbers(Array(parameters.dropFirst()))
    guard numbers.count == 3, final == 0x4D || final == 0x6D else { return }
    let place = Point(max(numbers[1] - 1, 0), max(numbers[2] - 1, 0))
    // Bits 2, 3 and 4 are shift, alt and control.
    let code = numbers[0] & ~0x1C
    let action: MouseEvent.Action? =
      switch code {
      case _ where final == 0x6D: .release
      case 0: .press(.left)
      case 1: .press(.middle)
      case 2: .press(.right)
      case 32...34: .drag
      case 64: .wheelUp
      case 65: .wheelDown
      default: nil
      }
    if let action { keys.append(.mouse(MouseEvent(action, at: place))) }
  }

  /// A byte of a paste, which ends with `ESC [ 201 ~` only.
  mutating func paste(_ byte: UInt8, _ keys: inout [Key]) {
    let mark = KeyDecoder.pasteEnd
    if byte == mark[pasteEndMatch] {
      pasteEndMatch += 1
      if pasteEndMatch == mark.count { endPaste(&keys) }
      return
    }
    keep(mark[..<pasteEndMatch])
    pasteEndMatch = byte == mark[0] ? 1 : 0
    if pasteEndMatch == 0 { keep([byte]) }
  }

  private mutating func keep(_ bytes: some Collection<UInt8>) {
    let room = KeyDecoder.pasteLimit - pasted.count
    pasted.append(contentsOf: bytes.prefix(max(room, 0)))
  }

  mutating func endPaste(_ keys: inout [Key]) {
    keys.append(.paste(String(decoding: pasted, as: UTF8.self)))
    pasted.removeAll()
    reset()
  }
}
