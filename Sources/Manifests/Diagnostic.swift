import ClusterModel

/// Where something stands in a file; both numbers start from 1.
public struct Place: Hashable, Sendable, Comparable, CustomStringConvertible {
  public var line: Int
  /// Counted in Unicode scalars, as editors count.
  public var column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  public static let start = Place(line: 1, column: 1)

  public var description: String { "\(line):\(column)" }

  public static func < (left: Place, right: Place) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// What is wrong with an input, where, and what to do about it.
public struct Diagnostic: Hashable, Sendable, CustomStringConvertible {
  public enum Severity: String, Hashable, Sendable {
    /// The input is taken, without the part in question.
    case warning
    /// The object cannot be taken.
    case error
  }

  public var file: String
  public var place: Place
  public var severity: Severity
  public var message: String
  /// Empty when there is nothing better to say than the message.
  public var suggestion: String
  /// What the API server's strict decoding says to it; nil for what never gets that far.
  public var decodingFault: DecodingFault?
  /// What the object is called whose kind no server has; nil for other problems.
  public var unmatchedName: String?

  public init(
    file: String, place: Place = .start, severity: Severity = .error, message: String,
    suggestion: String = ""
  ) {
    self.file = file
    self.place = place
    self.severity = severity
    self.message = message
    self.suggestion = suggestion
  }

  public var line: Int { place.line }
  public var column: Int { place.column }

  /// `FILE:LINE:COLUMN: what is wrong; what to do`, fit for a terminal.
  public var description: String {
    let kind = severity == .warning ? "warning: " : ""
    let advice = suggestion.isEmpty ? "" : "; \(suggestion)"
    return "\(file.escapedForTerminal()):\(place): \(kind)"
      + "\(message.escapedForTerminal())\(advice.escapedForTerminal())"
  }
}

/// A fault that the API server finds while it decodes an object.
public struct DecodingFault: Hashable, Sendable {
  public var resource: APIResource
  /// `unknown field "spec.foo"`, or why a value does not fit its field.
  public var message: String
  /// Unknown fields are refused only by strict decoding.
  public var isUnknownField: Bool
  /// Another value before it does not fit either: the server tells of that one.
  public var isRepeated = false
}

/// A field that is well formed and holds what the API does not accept.
///
/// The API server refuses such an object with `The Service "web" is invalid: DESCRIPTION`.
public struct FieldError: Hashable, Sendable, CustomStringConvertible {
  /// As the API spells it: `spec.ports[0].protocol`.
  public var field: String
  /// `Required value`, `Unsupported value: "TPC": supported values: "SCTP", "TCP", "UDP"`, …
  public var detail: String
  public var place: Place

  public init(field: String, detail: String, place: Place = .start) {
    self.field = field
    self.detail = detail
    self.place = place
  }

  public var description: String { "\(field): \(detail)" }
}

extension String {
  /// The text with every control character written out, so that it cannot steer a terminal, cut
  /// at `limit` scalars.
  public func escapedForTerminal(limit: Int = 2000) -> String {
    var text = ""
    for (count, scalar) in unicodeScalars.enumerated() {
      if count == limit { return text + "…" }
      if scalar.isControl {
        let hex = String(scalar.value, radix: 16)
        text += scalar.value < 256 ? "\\x\(hex.count < 2 ? "0" : "")\(hex)" : "\\u{\(hex)}"
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  /// True when a terminal could take a part of the text for a command.
  public var hasControlCharacters: Bool { unicodeScalars.contains(where: \.isControl) }

  /// The same, but for the tabs and line ends that keys of free maps may have.
  var hasUnfitKeyCharacters: Bool {
    unicodeScalars.contains { $0.isControl && $0 != "\t" && $0 != "\n" }
  }
}

extension Unicode.Scalar {
  /// C0, DEL, C1, line and paragraph separators, and the marks that turn the writing direction.
  var isControl: Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
