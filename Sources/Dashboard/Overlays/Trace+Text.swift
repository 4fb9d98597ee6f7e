import Canvas

/// Lines of text in several styles, broken to a width.
struct TextFlow {
  let width: Int
  private(set) var lines: [[TextRun]] = []

  init(width: Int) { self.width = max(width, 1) }

  mutating func add(_ runs: [TextRun]) { lines.append(runs) }
  mutating func gap() { lines.append([]) }

  mutating func heading(_ text: String) { lines.append([TextRun(text, Style(.header, .bold))]) }

  /// A paragraph, with every line after `indent` columns.
  mutating func paragraph(_ text: String, _ style: Style = .text, indent: Int = 0) {
    let space = String(repeating: " ", count: indent)
    for line in wrapped(text, to: width - indent) { lines.append([TextRun(space + line, style)]) }
  }
}

/// Breaks `text` at spaces into lines of `width` columns; longer words are cut.
func wrapped(_ text: String, to width: Int) -> [String] {
  let width = max(width, 1)
  var lines: [String] = []
  var line = ""
  var used = 0
  for word in text.split(separator: " ", omittingEmptySubsequences: true) {
    var rest = String(word)
    if used > 0, used + 1 + columns(of: rest) > width {
      lines.append(line)
      (line, used) = ("", 0)
    }
    while columns(of: rest) > width {
      let head = truncated(rest, to: width, ellipsis: "")
      guard !head.isEmpty, head.count < rest.count else { break }
      lines.append(head)
      rest = String(rest.dropFirst(head.count))
    }
    line += (used > 0 ? " " : "") + rest
    used = columns(of: line)
  }
  if !line.isEmpty { lines.append(line) }
  return lines
}

extension TextFlow {
  /// The question, and what can be said.
  mutating func ask(_ prediction: Prediction, _ scene: Scene) {
    heading("Your prediction")
    gap()
    paragraph(prediction.question.text, Style(.title, .bold))
    gap()
    for (index, option) in prediction.options.enumerated() {
      let isChosen = index == prediction.choice
      let mark = isChosen ? scene.symbols.selected : " "
      add([TextRun("\(mark) \(option)", isChosen ? Style(.accent, .bold) : .text)])
    }
    gap()
    func key(_ action: DashboardAction) -> String {
      scene.state.keymap.label(action, in: .prediction)
    }
    paragraph(
      "\(key(.submitted)) says it, \(key(.predictionAsked)) asks something else, "
        + "\(key(.closed)) does not say it", .dim)
  }

  /// What happens at the present hop, and at the last one how it ended.
  mutating func tell(_ trace: TraceView, _ scene: Scene) {
    guard trace.hops.indices.contains(trace.index) else {
      paragraph("\(trace.verdict): \(trace.reason)", Style(.error, .bold))
      for lookup in trace.lookups { paragraph(lookup, .dim) }
      return
    }
    let hop = trace.hops[trace.index]
    let place = [hop.node, hop.device, hop.point].filter { !$0.isEmpty }
    add([
      TextRun("Hop \(trace.index + 1) of \(trace.hops.count)  ", Style(.header, .bold)),
      TextRun(place.joined(separator: " \(scene.symbols.bullet) "), Style(.nodeNetwork, .bold)),
      TextRun(hop.isReply ? "  the answer" : "", .dim),
    ])
    tellPrediction(trace, scene)
    if trace.index == 0 { for lookup in trace.lookups { paragraph("dns \(lookup)", .dim) } }
    gap()
    let hasNext = trace.index + 1 < trace.hops.count && trace.index < trace.revealed
    let next = hasNext ? trace.hops[trace.index + 1] : nil
    let isHidden = trace.index == trace.revealed && trace.revealed < trace.hops.count - 1
    packet(hop, isHidden ? [] : hop.fieldsAfter(next), scene)
    if !hop.rule.isEmpty {
      gap()
      heading("Rule")
      paragraph(hop.rule, Style(.input), indent: 1)
    }
    if !hop.note.isEmpty {
      gap()
      heading("Why")
      paragraph(hop.note, indent: 1)
    }
    if trace.index == trace.lastHop || trace.index == trace.hops.count - 1 {
      end(trace, scene)
    }
  }

  /// The packet as it comes and as it goes, field by field.
  private mutating func packet(
    _ hop: TraceHop, _ after: [(name: String, text: String)], _ scene: Scene
  ) {
    let before = hop.fields
    let name = 13
    let column = min((before + after).map { columns(of: $0.text) }.max() ?? 0, 44) + 3
    let isWide = name + column * 2 <= width && !after.isEmpty
    add([
      TextRun("Packet".padded(to: name), Style(.header, .bold)),
      TextRun("in".padded(to: column), .dim), TextRun(isWide ? "out" : "", .dim),
    ])
    for (index, field) in before.enumerated() {
      let out = index < after.count ? after[index].text : field.text
      let isChanged = out != field.text
      let style = isChanged ? Style(.warning, .bold) : .dim
      if isWide || !isChanged {
        add([
          TextRun(field.name.padded(to: name), isChanged ? style : .dim),
          TextRun(field.text.padded(to: column)),
          TextRun(
            isWide ? (isChanged ? "\(scene.symbols.arrow) \(out)" : "  \(out)") : "", style),
        ])
      } else {
        add([TextRun(field.name.padded(to: name), style), TextRun(field.text)])
        add([TextRun("".padded(to: name)), TextRun("\(scene.symbols.arrow) \(out)", style)])
      }
    }
  }

  private mutating func end(_ trace: TraceView, _ scene: Scene) {
    gap()
    let sign = trace.isDelivered ? scene.symbols.check : scene.symbols.cross
    let style = Style(trace.isDelivered ? .healthy : .error, .bold)
    heading("Outcome")
    paragraph("\(sign) \(trace.verdict): \(trace.reason)", style, indent: 1)
    if let endpoint = trace.endpoint, trace.isDelivered {
      let seen = trace.sourceSeen.map { ", which sees \($0) as the source" } ?? ""
      paragraph("endpoint \(endpoint)\(seen)", indent: 1)
    }
    if trace.candidates.count > 1 {
      for candidate in trace.candidates.prefix(8) {
        let share = gauge(
          candidate.probability, width: width < 52 ? 4 : 12, symbols: scene.symbols)
        let isIt = candidate.address == trace.endpoint
        add([
          TextRun(" \(isIt ? scene.symbols.selected : " ") "),
          TextRun(candidate.address.padded(to: 24), Style(.podNetwork)),
          TextRun(share.filled, Style(.gaugeFill)), TextRun(share.empty, Style(.gaugeEmpty)),
          TextRun(" \(Int(candidate.probability * 100 + 0.5)) %"),
        ])
      }
      if trace.candidates.count > 8 {
        paragraph("\(scene.symbols.ellipsis) \(trace.candidates.count - 8) more", .dim, indent: 3)
      }
    }
  }

  /// What was said before, and whether it came so.
  private mutating func tellPrediction(_ trace: TraceView, _ scene: Scene) {
    guard let prediction = trace.prediction, let said = prediction.answer else { return }
    let right = trace.answer(to: prediction.question)
    if !trace.isAtEnd {
      paragraph("you said: \(said)", Style(.accent))
    } else if said == right {
      paragraph("\(scene.symbols.check) \(said): as you said", Style(.healthy, .bold))
    } else {
      paragraph(
        "\(scene.symbols.cross) you said \(said); it was \(right)", Style(.warning, .bold))
    }
  }
}
