/// How many columns a terminal gives to `scalar`: 0, 1 or 2.
public func columns(of scalar: Unicode.Scalar) -> Int { columns(of: scalar.value) }

func columns(of value: UInt32) -> Int {
  if value < 0x300 { return value == 0xAD ? 0 : 1 }
  if WidthTable.contains(value, in: WidthTable.wide) { return 2 }
  return WidthTable.contains(value, in: WidthTable.zeroWidth) ? 0 : 1
}

/// How many columns `text` takes when it is drawn on one row.
///
/// - Complexity: linear in the length of the text.
public func columns(of text: String) -> Int {
  var total = 0
  for glyph in Glyphs(text) { total += glyph.width }
  return total
}

/// Which part of a text that does not fit is left out.
public enum Truncation: Hashable, Sendable {
  /// The end, for prose and lists.
  case end
  /// The middle, for generated names whose end tells them apart.
  case middle
}

/// Returns `text` brought to at most `width` columns, with `ellipsis` for what was left out.
public func truncated(
  _ text: String, to width: Int, _ truncation: Truncation = .end, ellipsis: String = "…"
) -> String {
  guard width > 0 else { return "" }
  if text.utf8.count <= width { return text }
  let glyphs = Array(Glyphs(text))
  guard glyphs.reduce(0, { $0 + $1.width }) > width else { return text }
  let mark = columns(of: ellipsis)
  guard mark <= width else { return prefix(of: glyphs, columns: width) }
  let room = width - mark
  switch truncation {
  case .end: return prefix(of: glyphs, columns: room) + ellipsis
  case .middle:
    let tail = room / 2
    return prefix(of: glyphs, columns: room - tail) + ellipsis + suffix(of: glyphs, columns: tail)
  }
}

/// Returns `text` brought to exactly `width` columns: cut, or padded on the side that `alignment`
/// leaves free.
public func padded(
  _ text: String, to width: Int, _ alignment: Alignment = .left, _ truncation: Truncation = .end,
  ellipsis: String = "…"
) -> String {
  let width = min(max(width, 0), 100_000)
  let cut = truncated(text, to: width, truncation, ellipsis: ellipsis)
  let free = max(width - columns(of: cut), 0)
  let before =
    switch alignment {
    case .left: 0
    case .right: free
    case .centre: free / 2
    }
  return String(repeating: " ", count: before) + cut + String(repeating: " ", count: free - before)
}

/// Where text stands in the room that it has.
public enum Alignment: Hashable, Sendable { case left, right, centre }

private func prefix(of glyphs: [Glyph], columns room: Int) -> String {
  var result = String.UnicodeScalarView()
  var used = 0
  for glyph in glyphs {
    used += glyph.width
    if used > room { break }
    result.append(glyph.scalar)
  }
  return String(result)
}

private func suffix(of glyphs: [Glyph], columns room: Int) -> String {
  var used = 0
  var start = glyphs.count
  while start > 0, used + glyphs[start - 1].width <= room {
    start -= 1
    used += glyphs[start].width
  }
  var result = String.UnicodeScalarView()
  for glyph in glyphs[start...] { result.append(glyph.scalar) }
  return String(result)
}
