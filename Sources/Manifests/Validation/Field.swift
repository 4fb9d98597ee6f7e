import ClusterModel

/// A field of an object that is being validated: its value, its path, and where faults go.
///
/// Written so that rules read like upstream's: `port["protocol"].required()`.
struct Field {
  /// Nil when absent.
  let value: Value?
  let path: FieldPath
  let errors: FieldErrors

  subscript(_ name: String) -> Field {
    Field(value: value?[name] ?? nil, path: path[name], errors: errors)
  }

  /// The same value, told of at another path.
  func at(_ path: FieldPath) -> Field { Field(value: value, path: path, errors: errors) }

  var isPresent: Bool { value != nil && value != .null }
  var text: String { value?.string ?? "" }
  var integer: Int64? { value?.integer }
  var flag: Bool { value?.bool ?? false }
  var texts: [String] { items.map(\.text) }

  var items: [Field] {
    (value?.array ?? []).enumerated().map { index, item in
      Field(value: item, path: path[index], errors: errors)
    }
  }

  /// The entries of a map, by key.
  var entries: [(key: String, field: Field)] {
    (value?.fields ?? Fields()).all.map { field in
      (field.name, Field(value: field.value, path: .key(path, field.name), errors: errors))
    }
  }

  // MARK: Faults (apimachinery pkg/util/validation/field/errors.go)

  func add(_ detail: String) { errors.add(path, detail) }

  func required(_ detail: String = "") {
    add("Required value" + (detail.isEmpty ? "" : ": \(detail)"))
  }

  /// `Invalid value: VALUE: DETAIL`, with the field's own value unless another one is given.
  func invalid(_ detail: String, _ shown: Value? = nil) {
    add("Invalid value: \(Self.shown(shown ?? value)): \(detail)")
  }

  func invalid(_ details: [String], _ shown: Value? = nil) {
    for detail in details { invalid(detail, shown) }
  }

  func duplicate(_ shown: Value? = nil) { add("Duplicate value: \(Self.shown(shown ?? value))") }

  func forbidden(_ detail: String) { add("Forbidden: \(detail)") }

  func notFound() { add("Not found: \(Self.shown(value))") }

  func tooMany(_ count: Int, _ limit: Int) {
    add("Too many: \(count): must have at most \(limit) items")
  }

  func unsupported(_ supported: [String], _ shown: Value? = nil) {
    let list = supported.map(\.quoted).joined(separator: ", ")
    add("Unsupported value: \(Self.shown(shown ?? value)): supported values: \(list)")
  }

  /// Refuses a text that is none of `supported`, and an absent one unless `isOptional`.
  func choice(_ supported: [String], isOptional: Bool = true) {
    if text.isEmpty {
      if !isOptional { required() }
    } else if !supported.contains(text) {
      unsupported(supported)
    }
  }

  func notNegative() {
    if let integer, integer < 0 { invalid("must be greater than or equal to 0") }
  }

  /// Texts as Go's %q, numbers plainly, the rest as JSON.
  private static func shown(_ value: Value?) -> String {
    switch value {
    case nil, .null: "null"
    case .string(let text): text.quoted
    case let value?: JSONWriter.compactText(value)
    }
  }
}

extension Field {
  /// A number of pods or a share of them (ValidatePositiveIntOrPercent).
  func countOrPercent() {
    switch value {
    case .string(let text): invalid(NameFormat.percent(text))
    default: notNegative()
    }
  }

  func notMoreThanAll() {
    guard let percent, percent > 100 else { return }
    invalid("must not be greater than 100%")
  }

  /// The number of `25%`; nil for others.
  var percent: Int? {
    NameFormat.percent(text).isEmpty ? Int(text.dropLast()) ?? .max : nil
  }

  /// A port by number or by name.
  func portNumberOrName() {
    switch value {
    case .integer(let number): invalid(NameFormat.port(number))
    case .string(let text): invalid(NameFormat.portName(text))
    default: break
    }
  }

  /// A selector of labels (apimachinery pkg/apis/meta/v1/validation).
  func labelSelector() {
    self["matchLabels"].labels()
    for expression in self["matchExpressions"].items {
      let values = expression["values"]
      switch expression["operator"].text {
      case "In", "NotIn":
        if values.items.isEmpty {
          values.required("must be specified when `operator` is 'In' or 'NotIn'")
        }
      case "Exists", "DoesNotExist":
        if !values.items.isEmpty {
          values.forbidden("may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
        }
      case let other:
        expression["operator"].invalid("not a valid selector operator", .string(other))
      }
      let key = expression["key"]
      key.invalid(NameFormat.qualifiedName(key.text), .string(key.text))
      for value in values.items { value.invalid(NameFormat.labelValue(value.text)) }
    }
  }

  func labels() {
    for (key, field) in entries {
      invalid(NameFormat.qualifiedName(key), .string(key))
      invalid(NameFormat.labelValue(field.text), .string(field.text))
    }
  }

  func annotations() {
    var size = 0
    for (key, field) in entries {
      invalid(NameFormat.qualifiedName(key.lowercased()), .string(key))
      size += key.utf8.count + field.text.utf8.count
    }
    if size > 262_144 { add("Too long: may not be more than 262144 bytes") }
  }

  /// Whether the selector is there and names nothing.
  var isEmptySelector: Bool {
    isPresent && self["matchLabels"].entries.isEmpty && self["matchExpressions"].items.isEmpty
  }

  /// Whether a selector matches the labels; an absent one matches nothing, and one that is
  /// malformed has been told of already.
  func matches(labels: Field) -> Bool {
    guard isPresent else { return false }
    let selector = LabelSelector(FieldReader(value?.fields ?? Fields(), errors: FieldErrors()))
    let held = Labels(labels.entries.map { ($0.key, $0.field.text) })
    return selector.matches(held)
  }
}
