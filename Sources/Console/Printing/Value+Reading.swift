import ClusterModel

/// Reading of values whose shape nobody has checked: what is missing or of another type reads as
/// empty.
extension Value {
  func at(_ path: [String]) -> Value? {
    var value: Value? = self
    for name in path { value = value?[name] }
    return value == .null ? nil : value
  }

  func has(_ path: String...) -> Bool { at(path) != nil }

  func value(_ path: String...) -> Value? { at(path) }

  /// A string, number or truth value as text.
  func text(_ path: String...) -> String { at(path)?.scalarText ?? "" }

  func optionalText(_ path: String...) -> String? { at(path)?.scalarText }

  func number(_ path: String...) -> Int64? { at(path)?.integer }

  func flag(_ path: String...) -> Bool { at(path)?.bool ?? false }

  func items(_ path: String...) -> [Value] { at(path)?.array ?? [] }

  func texts(_ path: String...) -> [String] { (at(path)?.array ?? []).compactMap(\.scalarText) }

  func fields(_ path: String...) -> Fields { at(path)?.fields ?? Fields() }

  func time(_ path: String...) -> Timestamp? { at(path)?.string.flatMap { Timestamp($0) } }

  /// Labels, annotations and selectors.
  func labels(_ path: String...) -> Labels {
    Labels((at(path)?.fields ?? Fields()).all.map { ($0.name, $0.value.scalarText ?? "") })
  }

  var scalarText: String? {
    switch self {
    case .string(let text): text
    case .integer(let number): "\(number)"
    case .bool(let flag): flag ? "true" : "false"
    case .double: GoText.plain(self)
    case .null, .array, .object: nil
    }
  }
}
