import Canvas
import Manifests

/// Keys that the file gives to a row of the table.
private struct Rebinding {
  var context: KeyContext
  var name: String
  var key: Key
}

extension SettingsReader {
  /// Reads `keys:`, a mapping of contexts to mappings of names to keys.
  mutating func readKeys(_ value: PlacedValue) {
    guard value.value.fields != nil else {
      return complain(
        value.place, "these are no keys", "write 'panels:' and under it 'scale: S' and so on")
    }
    var given: [Rebinding] = []
    for field in value.fields {
      guard let context = KeyContext(rawValue: field.name) else {
        unknown(
          field.name, "part of the program", among: KeyContext.allCases.map(\.rawValue),
          field.place)
        continue
      }
      for row in field.value.fields { bind(row.name, row.place, row.value, in: context, &given) }
    }
    expectWaysOut(value.place)
  }

  /// Whatever is open can be left with a key.
  private mutating func expectWaysOut(_ place: Place) {
    for row in settings.keymap.bindings where row.keys.isEmpty {
      guard row.name == "back" || (row.name == "quit" && row.context == .everywhere) else {
        continue
      }
      complain(
        place, "no key is left for \(row.name) in \(row.context.rawValue)",
        "write '\(row.name):' with a key under '\(row.context.rawValue):'")
    }
  }

  private mutating func bind(
    _ name: String, _ place: Place, _ value: PlacedValue, in context: KeyContext,
    _ given: inout [Rebinding]
  ) {
    let names = settings.keymap.bindings(in: context).map(\.name)
    guard names.contains(name) else {
      return unknown(name, "row of \(context.rawValue)", among: names, place)
    }
    guard name != "suspend" else {
      return complain(
        place, "ctrl-z is the terminal's and cannot be another key", "leave the line out")
    }
    var keys: [Key] = []
    for part in keyValues(value) {
      guard let key = key(part, in: context) else { continue }
      keys.append(key)
      take(Rebinding(context: context, name: name, key: key), part.place, &given)
    }
    settings.keymap.bind(name, in: context, to: keys)
  }

  /// What terminals cannot tell from another key.
  private static let sentAlike: [(name: String, other: String)] = [
    ("ctrl-i", "tab"), ("ctrl-m", "enter"), ("ctrl-j", "enter"), ("ctrl-h", "backspace"),
    ("ctrl-z", "what stops the program"),
  ]

  /// One key or a list of them; nothing for none.
  private func keyValues(_ value: PlacedValue) -> [PlacedValue] {
    switch value.value {
    case .array: value.items
    case .null: []
    default: [value]
    }
  }

  private mutating func key(_ value: PlacedValue, in context: KeyContext) -> Key? {
    let name = value.text ?? ""
    guard let key = Key(name: name) else {
      unknown(name, "key", among: Key.names, value.place)
      return nil
    }
    if let sent = Self.sentAlike.first(where: { $0.name == name })?.other {
      complain(value.place, "terminals send \(name) as \(sent)", "write '\(sent)'")
      return nil
    }
    if context.takesText, case .character = key {
      complain(
        value.place, "\"\(name)\" is typed here and cannot mean anything else",
        "take a key such as ctrl-x or F2")
      return nil
    }
    return key
  }

  /// Notes a key down; one that the file gives twice where both can be meant is a mistake.
  private mutating func take(
    _ rebinding: Rebinding, _ place: Place, _ given: inout [Rebinding]
  ) {
    let other = given.first { known in
      known.key == rebinding.key && known.context.overlaps(rebinding.context)
    }
    given.append(rebinding)
    guard let other, (other.context, other.name) != (rebinding.context, rebinding.name) else {
      return
    }
    complain(
      place, "\(rebinding.key.name) is already \(other.name) in \(other.context.rawValue)",
      "give one of them another key")
  }
}
