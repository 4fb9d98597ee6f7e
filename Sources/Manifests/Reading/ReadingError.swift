/// What ends the reading of a document: it is then reported as an error at its place.
struct ReadingError: Error {
  var place: Place
  var message: String
  var suggestion: String
  /// True when reading the text as something else would only find the same.
  var isFinal = false

  init(_ place: Place, _ message: String, _ suggestion: String = "") {
    self.place = place
    self.message = message
    self.suggestion = suggestion
  }

  func diagnostic(file: String) -> Diagnostic {
    Diagnostic(file: file, place: place, message: message, suggestion: suggestion)
  }
}

/// How much of an input is taken.
enum ReadingLimits {
  static let bytes = 64 << 20
  /// Objects of the API nest about fifteen deep.
  static let depth = 100
  /// Diagnostics of one reading; the rest is counted.
  static let diagnostics = 100
}
