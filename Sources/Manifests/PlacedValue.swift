import ClusterModel

/// One document of a file of ours, with the places of its parts.
public struct PlacedValue: Sendable {
  public let value: Value
  private let places: PlaceTree

  /// Reads a file that holds one document.
  ///
  /// - Returns: no value when there is something wrong, which the diagnostics say.
  public static func read(_ bytes: [UInt8], file: String) -> (PlacedValue?, [Diagnostic]) {
    let (documents, problems) = DocumentReader.read(bytes)
    if let problem = problems.first {
      return (nil, [problem.diagnostic(file: file)])
    }
    guard documents.count == 1, let document = documents.first else {
      let message = documents.isEmpty ? "there is nothing in it" : "there are several documents"
      return (nil, [Diagnostic(file: file, message: message, suggestion: "write one document")])
    }
    return (PlacedValue(value: document.value, places: document.places), [])
  }

  /// The parts of a list, or nothing.
  public var items: [PlacedValue] {
    guard case .array(let items) = value else { return [] }
    return items.enumerated().map { PlacedValue(value: $1, places: places.child($0)) }
  }

  /// The fields of a mapping, sorted by name; the key's place with each.
  public var fields: [(name: String, place: Place, value: PlacedValue)] {
    guard case .object(let fields) = value else { return [] }
    return fields.all.enumerated().map { index, field in
      let tree = places.child(index)
      return (field.name, tree.keyPlace, PlacedValue(value: field.value, places: tree))
    }
  }

  public subscript(name: String) -> PlacedValue? { fields.first { $0.name == name }?.value }

  /// Where the value begins.
  public var place: Place { places.place }

  /// The text of a scalar as it was meant: numbers too.
  public var text: String? {
    if let text = value.string { return text }
    if case .integer(let number) = value { return String(number) }
    return nil
  }
}
