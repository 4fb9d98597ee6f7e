/// Cuts an input at its `---` lines, as kubectl does, so that a fault in one document does not
/// hide the others.
struct DocumentSplitter {
  struct Piece {
    var range: Range<Int>
    /// The lines before it.
    var lineOffset: Int
    /// True when it begins like a JSON object or array.
    var looksLikeJSON: Bool
  }

  /// The pieces that hold more than space, comments and directives.
  static func pieces(of bytes: UnsafeBufferPointer<UInt8>) -> [Piece] {
    var pieces: [Piece] = []
    var piece = Piece(range: 0..<0, lineOffset: 0, looksLikeJSON: false)
    var hasContent = false
    var lineStart = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    piece.range = lineStart..<lineStart
    var line = 0
    while lineStart < bytes.count {
      let end = bytes[lineStart...].firstIndex(of: 10) ?? bytes.count
      let contents = bytes[lineStart..<end]
      if hasContent, isSeparator(contents) {
        piece.range = piece.range.lowerBound..<lineStart
        pieces.append(piece)
        piece = Piece(range: lineStart..<lineStart, lineOffset: line, looksLikeJSON: false)
        hasContent = isContent(contents.dropFirst(3).drop { $0 == 32 || $0 == 9 })
      } else if !hasContent, isContent(contents) {
        hasContent = true
        let first = contents.first { $0 != 32 && $0 != 9 }
        piece.looksLikeJSON = first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
        if piece.looksLikeJSON {
          piece = Piece(range: lineStart..<lineStart, lineOffset: line, looksLikeJSON: true)
        }
      }
      line += 1
      lineStart = end + 1
    }
    if hasContent {
      piece.range = piece.range.lowerBound..<bytes.count
      pieces.append(piece)
    }
    return pieces
  }

  private static func isSeparator(_ line: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    guard line.starts(with: [45, 45, 45]) else { return false }
    return line.dropFirst(3).first.map { $0 == 32 || $0 == 9 || $0 == 13 } ?? true
  }

  private static func isContent(_ line: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    guard let first = line.first(where: { $0 != 32 && $0 != 9 && $0 != 13 }) else { return false }
    if first == UInt8(ascii: "#") || (first == UInt8(ascii: "%") && line.first == first) {
      return false
    }
    return !(isSeparator(line) && !isContent(line.dropFirst(3).drop { $0 == 32 || $0 == 9 }))
  }
}
