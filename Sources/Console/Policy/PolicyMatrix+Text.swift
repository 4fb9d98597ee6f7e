import ClusterModel
import DataPlane

/// The matrix as a table of marks with a legend, as a list, and as data.
extension PolicyMatrix {
  /// More ends than this do not fit side by side, and are shown in groups.
  private static let widest = 10

  // MARK: Table

  func text(describing describe: (String) -> String) -> String {
    let groups = groups(isCompact: ends.count > Self.widest)
    let marks = groups.map { row in groups.map { mark(from: row, to: $0) } }
    let width = max(4, (marks.joined().map(\.count).max() ?? 0) + 2)
    let labelWidth = min(
      groups.map(\.text.count).max() ?? 0, max(20, 79 - 4 - width * groups.count))
    var text = "From each row to each column, \(portText):\n\n"
    let numbers = groups.indices.map { Self.padded("\($0 + 1)", to: width) }.joined()
    text += Self.line(String(repeating: " ", count: labelWidth + 5) + numbers)
    for (index, group) in groups.enumerated() {
      let number = String(repeating: " ", count: index < 9 ? 1 : 0) + "\(index + 1)"
      let label = Self.padded(Self.shortened(group.text, to: labelWidth), to: labelWidth)
      text += Self.line(
        "\(number)  \(label) " + marks[index].map { Self.padded($0, to: width) }.joined())
    }
    return text + "\n" + legend(marks.joined().map { $0 }, describe)
  }

  private var portText: String {
    guard let wantedPort else { return "on every \(transport.name) port that it declares" }
    return "port \(wantedPort)/\(transport.name)"
  }

  /// `.`, `+a`, `-ab`, `~`, `=`, or `?`.
  private func mark(from row: Group, to column: Group) -> String {
    var found: [String] = []
    for source in row.members {
      for destination in column.members {
        // The pod itself says nothing of its group.
        if source == destination, row.members.count > 1 { continue }
        for entry in cell(source, destination) {
          let mark = mark(of: entry)
          if !found.contains(mark) { found.append(mark) }
        }
      }
    }
    if found.isEmpty { return "" }
    return found.count == 1 ? found[0] : "~"
  }

  private func cell(_ source: Int, _ destination: Int) -> [Entry] {
    // The entries are sorted by source and destination.
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      let entry = entries[middle]
      if (entry.source, entry.destination) < (source, destination) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return Array(
      entries[low...].prefix { $0.source == source && $0.destination == destination })
  }

  private func mark(of entry: Entry) -> String {
    if entry.isSelf { return "=" }
    guard entry.port != nil else { return "?" }
    if let denial = entry.finding.denial {
      return "-" + entry.finding.opinions(denial).map { letter($0.text) }.joined()
    }
    return entry.finding.allowance.map { "+" + letter($0.text) } ?? "."
  }

  /// `a` to `z`, `aa` and so on, in the order of the policies' names.
  private func letter(_ policy: String) -> String {
    var number = policies.firstIndex(of: policy) ?? 0
    var text = ""
    repeat {
      text = String(UnicodeScalar(UInt8(97 + number % 26))) + text
      number = number / 26 - 1
    } while number >= 0
    return text
  }

  private func legend(_ marks: [String], _ describe: (String) -> String) -> String {
    var lines: [String] = []
    func explain(_ sign: Character, _ text: String) {
      if marks.contains(where: { $0.first == sign }) { lines.append(text) }
    }
    explain(".", ".   allowed: no policy isolates either end")
    explain("+", "+a  allowed by policy a")
    explain("-", "-a  denied: policy a isolates, and nothing allows it")
    explain("~", "~   differs between ports, or between pods of the groups: see -o wide")
    explain("=", "=   the pod itself: always allowed")
    explain("?", "?   the pod declares no such port")
    for policy in policies { lines.append("\(letter(policy))  \(describe(policy))") }
    let pairs = entries.filter { !$0.isSelf && $0.port != nil }
    let allowed = pairs.filter(\.isAllowed).count
    lines.append("\(allowed) of \(pairs.count) ways are open between \(ends.count) ends.")
    return lines.map(Self.line).joined()
  }

  private static func line(_ text: String) -> String {
    var text = Substring(text)
    while text.last == " " { text.removeLast() }
    return text + "\n"
  }

  private static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  /// The middle is left out.
  private static func shortened(_ text: String, to width: Int) -> String {
    guard text.count > width else { return text }
    let tail = (width - 1) / 2
    return text.prefix(width - 1 - tail) + "…" + text.suffix(tail)
  }

  // MARK: List and data

  var wideText: String {
    let header = ["FROM", "TO", "PORT", "VERDICT", "POLICY"]
    let rows = entries.filter { !$0.isSelf }.map { entry in
      [
        ends[entry.source].text, ends[entry.destination].text,
        entry.port.map { "\($0)/\(transport.name)" } ?? "-",
        entry.port == nil ? "none" : entry.isAllowed ? "allow" : "deny",
        entry.finding.deciding ?? "<none>",
      ]
    }
    return TextColumns().text([header] + rows)
  }

  var value: Value {
    [
      "protocol": .string(transport.name),
      "port": wantedPort.map(Value.string) ?? .null,
      "pods": .array(
        ends.map { ["name": .string($0.text), "address": .string($0.address.description)] }),
      "policies": .array(policies.map(Value.string)),
      "entries": .array(entries.filter { !$0.isSelf }.map(value)),
    ]
  }

  private func value(_ entry: Entry) -> Value {
    [
      "from": .string(ends[entry.source].text), "to": .string(ends[entry.destination].text),
      "port": entry.port.map { .integer(Int64($0)) } ?? .null,
      "verdict": .string(entry.isAllowed ? "allow" : "deny"),
      "direction": entry.finding.denial.map { .string($0.section) } ?? .null,
      "policy": entry.finding.deciding.map(Value.string) ?? .null,
      "egress": .array(entry.finding.egress.map(Self.value)),
      "ingress": .array(entry.finding.ingress.map(Self.value)),
    ]
  }

  private static func value(_ opinion: PolicyOpinion) -> Value {
    [
      "policy": .string(opinion.text), "allows": .bool(opinion.rule != nil),
      "rule": opinion.rule.map { .integer(Int64($0)) } ?? .null,
    ]
  }
}
