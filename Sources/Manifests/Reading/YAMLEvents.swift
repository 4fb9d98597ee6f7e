internal import CYaml

/// The events of libyaml, the parser under Yams.
///
/// Yams itself composes whole documents before anything can be checked: it hashes keys that
/// aliases blow up and follows nesting by recursion. Reading its events keeps both bounded.
final class YAMLEvents {
  enum Kind {
    case streamEnd
    case documentStart
    case documentEnd
    case alias(String)
    case scalar(text: String, isPlain: Bool, tag: String?, anchor: String?)
    case sequenceStart(anchor: String?)
    case sequenceEnd
    case mappingStart(anchor: String?)
    case mappingEnd
  }

  private var parser = yaml_parser_t()
  private let bytes: UnsafeBufferPointer<UInt8>
  /// The lines of the input before `bytes`.
  private let lineOffset: Int

  /// `bytes` must outlive the reader.
  init(_ bytes: UnsafeBufferPointer<UInt8>, lineOffset: Int) throws(ReadingError) {
    self.bytes = bytes
    self.lineOffset = lineOffset
    guard yaml_parser_initialize(&parser) == 1 else {
      throw ReadingError(.start, "not enough memory to read YAML", "read a smaller file")
    }
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(&parser, bytes.baseAddress, bytes.count)
  }

  deinit { yaml_parser_delete(&parser) }

  /// The next event but the start of the stream, and where it begins.
  func next() throws(ReadingError) -> (kind: Kind, place: Place) {
    while true {
      var event = yaml_event_t()
      guard yaml_parser_parse(&parser, &event) == 1 else { throw problem() }
      defer { yaml_event_delete(&event) }
      if event.type != YAML_STREAM_START_EVENT {
        return (kind(of: event), place(event.start_mark))
      }
    }
  }

  private func kind(of event: yaml_event_t) -> Kind {
    switch event.type {
    case YAML_DOCUMENT_START_EVENT: return .documentStart
    case YAML_DOCUMENT_END_EVENT: return .documentEnd
    case YAML_ALIAS_EVENT: return .alias(text(event.data.alias.anchor) ?? "")
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      let contents = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      return .scalar(
        text: String(decoding: contents, as: UTF8.self),
        isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE, tag: text(scalar.tag),
        anchor: text(scalar.anchor))
    case YAML_SEQUENCE_START_EVENT:
      return .sequenceStart(anchor: text(event.data.sequence_start.anchor))
    case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
    case YAML_MAPPING_START_EVENT:
      return .mappingStart(anchor: text(event.data.mapping_start.anchor))
    case YAML_MAPPING_END_EVENT: return .mappingEnd
    default: return .streamEnd
    }
  }

  private func text(_ pointer: UnsafeMutablePointer<UInt8>?) -> String? {
    pointer.map { String(cString: $0) }
  }

  private func place(_ mark: yaml_mark_t) -> Place {
    Place(line: Int(clamping: mark.line) + 1 + lineOffset, column: Int(clamping: mark.column) + 1)
  }

  private func problem() -> ReadingError {
    let message = parser.problem.map { String(cString: $0) } ?? "the YAML cannot be read"
    if parser.error == YAML_READER_ERROR {
      return ReadingError(
        place(ofOffset: parser.problem_offset), message,
        "save the file as UTF-8 text without control characters")
    }
    if message.hasPrefix("Maximum nesting level") {
      return .tooDeep(at: place(parser.problem_mark))
    }
    let context = parser.context.map { String(cString: $0) + ": " } ?? ""
    return ReadingError(
      place(parser.problem_mark), context + message, YAMLAdvice.advice(for: message))
  }

  private func place(ofOffset offset: Int) -> Place {
    let before = bytes.prefix(max(0, min(offset, bytes.count)))
    let start = before.lastIndex(of: 10).map { $0 + 1 } ?? 0
    let line = before.reduce(0) { $0 + ($1 == 10 ? 1 : 0) }
    let column = before[start...].reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    return Place(line: line + 1 + lineOffset, column: column + 1)
  }
}

/// What to do about libyaml's complaints.
enum YAMLAdvice {
  static func advice(for problem: String) -> String {
    switch problem {
    case "mapping values are not allowed in this context":
      "quote the text if it holds ': ', or line this key up with the ones above it"
    case "did not find expected key", "block sequence entries are not allowed in this context",
      "did not find expected '-' indicator":
      "indent this line like its neighbours"
    case "found character that cannot start any token":
      "indent with spaces instead of tabs, and quote a text that begins with @ or `"
    case "could not find expected ':'":
      "write 'key: value', with a space after the colon"
    case "did not find expected ',' or '}'", "did not find expected ',' or ']'":
      "close the bracket, or put a comma between the entries"
    case "found unexpected end of stream":
      "close the quote or bracket that is open here"
    case "found undefined tag handle": "remove the tag"
    case "found unknown escape character":
      "write the backslash twice, or use single quotes"
    default: "check the indentation, quotes and brackets before this place"
    }
  }
}

extension ReadingError {
  static func tooDeep(at place: Place) -> ReadingError {
    var error = ReadingError(
      place, "nested more than \(ReadingLimits.depth) levels deep",
      "objects of the API nest far less: look for brackets that are not closed")
    error.isFinal = true
    return error
  }
}
