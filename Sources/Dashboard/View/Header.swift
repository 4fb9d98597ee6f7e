import Canvas

extension CellGrid {
  /// Draws the top line: name and time at the left, figures at the right. What finds no room is
  /// left out, the least important first.
  mutating func drawHeader(_ scene: Scene, in line: Rect) {
    fill(line, style: Style(.statusBar))
    let left = fitting(leftParts(scene), into: line.width * 3 / 5, gap: 2)
    var x = put(" ", at: line.origin, style: Style(.statusBar), in: line)
    for part in left { x = put(part.runs, at: Point(x, line.y), in: line) + 2 }
    let right = fitting(rightParts(scene), into: line.maxX - x - 1, gap: 2)
    let width = right.reduce(0) { $0 + $1.width } + 2 * max(right.count - 1, 0)
    x = line.maxX - width - 1
    for part in right { x = put(part.runs, at: Point(x, line.y), in: line) + 2 }
    tint(line, .statusBar)
  }

  private func leftParts(_ scene: Scene) -> [HeaderPart] {
    let header = scene.snapshot.header
    let clock = Format.clock(header.now)
    let sign = header.isPaused ? scene.symbols.paused : scene.symbols.running
    let state = Style(header.isPaused ? .warning : .healthy, .bold)
    var parts = [
      HeaderPart(8, [TextRun("kubarium", .title)]),
      HeaderPart(4, [TextRun(truncated(header.clusterName, to: 24), .text)]),
      HeaderPart(
        10,
        [
          TextRun("\(sign) ", state), TextRun(clock, .title),
          TextRun(header.isPaused ? " paused" : "", state),
        ]),
      HeaderPart(9, [TextRun(scene.symbols.times + Format.speed(header.speed))]),
    ]
    if header.isBehind {
      parts.append(HeaderPart(7, [TextRun("cannot keep up", Style(.warning, .bold))]))
    }
    if let only = scene.state.onlyNamespace {
      parts.append(HeaderPart(6, [TextRun("ns \(truncated(only, to: 20))", Style(.accent))]))
    }
    return parts
  }

  private func rightParts(_ scene: Scene) -> [HeaderPart] {
    let header = scene.snapshot.header
    let isInSync = header.proxiesInSync == header.proxyCount
    var parts = [
      HeaderPart(4, [TextRun(Format.count(header.nodeCount, "node"), Style(.nodeNetwork))]),
      HeaderPart(5, [TextRun(Format.count(header.podCount, "pod"), Style(.podNetwork))]),
      HeaderPart(
        3, [TextRun(Format.count(header.serviceCount, "service"), Style(.serviceNetwork))]),
    ]
    if header.proxyCount > 0 {
      let text =
        "\(Format.grouped(header.proxiesInSync))/\(Format.grouped(header.proxyCount)) proxies in sync"
      let style = isInSync ? Style.text : Style(.degraded, .bold)
      parts.append(HeaderPart(isInSync ? 1 : 7, [TextRun(text, style)]))
    }
    let rate = Format.rate(milli: header.milliRequestsPerSecond)
    parts.append(HeaderPart(9, [TextRun("\(rate) req/s", Style(.traffic))]))
    if let p99 = header.p99 {
      parts.append(HeaderPart(6, [TextRun("p99 \(Format.duration(p99))")]))
    }
    let failed = Format.percent(milli: header.milliPercentFailed)
    let style = header.milliPercentFailed > 0 ? Style(.error, .bold) : .text
    parts.append(HeaderPart(8, [TextRun("\(failed) errors", style)]))
    return parts
  }

  /// The parts that find room, the most important first, in their own order.
  private func fitting(_ parts: [HeaderPart], into width: Int, gap: Int) -> [HeaderPart] {
    var kept: Set<Int> = []
    var left = width + gap
    let order = parts.indices.sorted { (-parts[$0].priority, $0) < (-parts[$1].priority, $1) }
    for index in order where parts[index].width > 0 && parts[index].width + gap <= left {
      kept.insert(index)
      left -= parts[index].width + gap
    }
    return parts.indices.filter(kept.contains).map { parts[$0] }
  }
}

/// A piece of the top line.
private struct HeaderPart {
  var priority: Int
  var runs: [TextRun]
  var width: Int

  init(_ priority: Int, _ runs: [TextRun]) {
    self.priority = priority
    self.runs = runs
    width = runs.reduce(0) { $0 + columns(of: $1.text) }
  }
}
