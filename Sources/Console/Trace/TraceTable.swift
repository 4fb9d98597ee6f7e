import ClusterModel
import DataPlane

/// A trace as lines of at most 120 columns where its words allow it.
struct TraceTable {
  let report: TraceReport
  private static let width = 120
  private static let mostCandidates = 8

  var text: String {
    var text = names
    if let trace = report.trace {
      let header = ["NODE", "DEVICE", "POINT", "SOURCE", "DESTINATION", "TTL", "MTU"]
      // The way back stands under the same columns.
      let lines = Self.lines(trace.hops) + Self.lines(trace.reply)
      let cells = TextColumns(padding: 2).text([header] + lines.map(\.cells))
        .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      let there = Self.lines(trace.hops).count
      if !lines.isEmpty { text += cells[0] + "\n" }
      for (place, line) in lines.enumerated() {
        if place == there { text += "the way back\n" }
        text += cells[place + 1] + "\n" + line.details.map(Self.detail).joined()
      }
    }
    text += "\(report.verdict): \(report.reason)\n"
    return text + summary
  }

  private var names: String {
    guard !report.queries.isEmpty else { return "" }
    let rows = report.queries.map { query in
      let answers = query.answers.map(\.description).joined(separator: ", ")
      let none = query.rcode == "NOERROR" ? "no record of this type" : "-"
      return ["dns", query.name, query.type, query.rcode, answers.isEmpty ? none : answers]
    }
    return TextColumns(padding: 2, minimum: 3).text(rows)
  }

  private var summary: String {
    guard let trace = report.trace else { return "" }
    var text = ""
    if trace.candidates.count > 1 {
      let shown = trace.candidates.prefix(Self.mostCandidates).map { candidate in
        "\(PacketTrace.Packet.text(candidate.address, candidate.port)) \(Self.percent(candidate))"
      }
      let more = trace.candidates.count - shown.count
      text +=
        "candidates: \(shown.joined(separator: ", "))" + (more > 0 ? " and \(more) more\n" : "\n")
    }
    if let endpoint = trace.endpointText {
      let seen = trace.sourceSeen.map { ", which sees \($0) as the source" } ?? ""
      let plain = trace.hops.last?.packet.isEcho ?? false
      text += "endpoint: \(plain ? trace.endpoint?.description ?? "" : endpoint)\(seen)"
      text += trace.isMasqueraded ? " (masqueraded)\n" : "\n"
    }
    return text
  }

  private static func percent(_ candidate: Candidate) -> String {
    let tenths =
      (candidate.numerator * 2000 + candidate.denominator) / (candidate.denominator * 2)
    return tenths % 10 == 0 ? "\(tenths / 10) %" : "\(tenths / 10).\(tenths % 10) %"
  }

  // MARK: Hops

  private struct Line {
    var cells: [String]
    var details: [String]
  }

  /// Rules that a packet meets at one place, unchanged, share a line.
  private static func lines(_ hops: [PacketTrace.Hop]) -> [Line] {
    var lines: [Line] = []
    for hop in hops {
      let cells = [
        hop.node.isEmpty ? "-" : hop.node, hop.device.isEmpty ? "-" : hop.device, hop.point,
        hop.packet.sourceText, hop.packet.destinationText, "\(hop.packet.ttl)",
        hop.node.isEmpty ? "-" : "\(hop.mtu)",
      ]
      var details: [String] = []
      if let outer = hop.outer {
        let port = outer.destinationPort.map { ":\($0)" } ?? ""
        let identifier = outer.identifier.map { " \($0)" } ?? ""
        details.append(
          "in \(outer.kind)\(identifier) \(outer.source) > \(outer.destination)\(port)")
      }
      details.append(hop.rule.isEmpty ? "· \(hop.note)" : hop.rule)
      if let last = lines.last, last.cells == cells {
        lines[lines.count - 1].details += details
      } else {
        lines.append(Line(cells: cells, details: details))
      }
    }
    return lines
  }

  /// Indented; what is too long goes on after a backslash, as a shell would read it.
  private static func detail(_ text: String) -> String {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      if line.count + word.count + 9 > width, !line.isEmpty {
        lines.append(line + " \\")
        line = "  " + word
      } else {
        line += line.isEmpty ? String(word) : " \(word)"
      }
    }
    lines.append(line)
    return lines.map { "    \($0)\n" }.joined()
  }
}
