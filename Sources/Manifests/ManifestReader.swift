import ClusterModel

/// Reads manifests from the bytes of files: YAML or JSON, several documents, lists.
public enum ManifestReader {
  public struct Source: Sendable {
    public var name: String
    public var bytes: [UInt8]

    public init(name: String, bytes: [UInt8]) {
      self.name = name
      self.bytes = bytes
    }
  }

  /// Reads several files as one input: an object may be given once.
  ///
  /// - Parameter defaultNamespace: Where objects go that name no namespace.
  public static func read(_ sources: [Source], defaultNamespace: String = "default") -> Reading {
    var reading = Reading()
    for source in sources {
      let part = read(source)
      reading.manifests += part.manifests
      reading.diagnostics += part.diagnostics
    }
    reading.diagnostics += Duplicates.found(in: reading.manifests, defaultNamespace)
    bound(&reading.diagnostics)
    return reading
  }

  public static func read(
    _ bytes: [UInt8], file: String, defaultNamespace: String = "default"
  ) -> Reading {
    read([Source(name: file, bytes: bytes)], defaultNamespace: defaultNamespace)
  }

  private static func read(_ source: Source) -> Reading {
    var reading = Reading()
    let (documents, problems) = DocumentReader.read(source.bytes)
    reading.diagnostics = problems.map { $0.diagnostic(file: source.name) }
    for document in documents { add(document, source.name, to: &reading) }
    // Documents that cannot be read are found first; the reader goes from top to bottom.
    reading.diagnostics = reading.diagnostics.enumerated()
      .sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }.map(\.element)
    if documents.isEmpty, problems.isEmpty {
      let diagnostic = Diagnostic(
        file: source.name, message: "no objects in the input",
        suggestion: "write at least one object, as 'apiVersion: v1', 'kind: …', 'metadata: …'")
      reading.diagnostics.append(diagnostic)
    }
    return reading
  }

  /// Adds a document's object, or those of a list.
  private static func add(_ document: Document, _ file: String, to reading: inout Reading) {
    if let items = ListItems.items(of: document) {
      for item in items { add(item, file, to: &reading) }
      return
    }
    let (manifest, diagnostics) = ManifestDecoder.decode(document, file: file)
    if let manifest { reading.manifests.append(manifest) }
    reading.diagnostics += diagnostics
  }

  private static func bound(_ diagnostics: inout [Diagnostic]) {
    let excess = diagnostics.count - ReadingLimits.diagnostics
    guard excess > 0, let last = diagnostics.last else { return }
    // What is cut must not take the errors along.
    let hadError = diagnostics.contains { $0.severity == .error }
    diagnostics = Array(diagnostics.prefix(ReadingLimits.diagnostics))
    diagnostics.append(
      Diagnostic(
        file: last.file, place: last.place, severity: hadError ? .error : .warning,
        message: "\(excess) more problems", suggestion: "mend the ones above first"))
  }
}

/// Reads the documents of one file.
enum DocumentReader {
  static func read(_ bytes: [UInt8]) -> (documents: [Document], problems: [ReadingError]) {
    if bytes.count > ReadingLimits.bytes {
      let limit = ReadingLimits.bytes >> 20
      let error = ReadingError(
        .start, "the input has \(bytes.count >> 20) MiB; at most \(limit) MiB are read",
        "split it into several files")
      return ([], [error])
    }
    if bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE]) {
      return ([], [ReadingError(.start, "the input is UTF-16 text", "save it as UTF-8")])
    }
    return bytes.withUnsafeBufferPointer { buffer in
      var documents: [Document] = []
      var problems: [ReadingError] = []
      for piece in DocumentSplitter.pieces(of: buffer) {
        let bytes = UnsafeBufferPointer(rebasing: buffer[piece.range])
        read(bytes, piece, &documents, &problems)
        if problems.count >= ReadingLimits.diagnostics { break }
      }
      return (documents, problems)
    }
  }

  /// Text that begins like JSON is read as JSON, and as YAML when that fails: `{a: b}` is both.
  private static func read(
    _ bytes: UnsafeBufferPointer<UInt8>, _ piece: DocumentSplitter.Piece,
    _ documents: inout [Document], _ problems: inout [ReadingError]
  ) {
    var jsonProblem: ReadingError?
    if piece.looksLikeJSON {
      do {
        documents += try readJSON(bytes, lineOffset: piece.lineOffset)
        return
      } catch {
        jsonProblem = error
      }
      if let jsonProblem, jsonProblem.isFinal {
        problems.append(jsonProblem)
        return
      }
    }
    var found: [Document] = []
    do throws(ReadingError) {
      try readYAML(bytes, lineOffset: piece.lineOffset, into: &found)
      documents += found
    } catch {
      documents += found
      // Of two complaints the one that got further into the text says more.
      problems.append(jsonProblem.map { $0.place >= error.place ? $0 : error } ?? error)
    }
  }

  private static func readJSON(
    _ bytes: UnsafeBufferPointer<UInt8>, lineOffset: Int
  ) throws(ReadingError) -> [Document] {
    var reader = JSONReader(bytes, lineOffset: lineOffset)
    var documents: [Document] = []
    while let document = try reader.next() {
      if document.value != .null { documents.append(document) }
    }
    return documents
  }

  private static func readYAML(
    _ bytes: UnsafeBufferPointer<UInt8>, lineOffset: Int, into documents: inout [Document]
  ) throws(ReadingError) {
    var reader = try YAMLReader(bytes, lineOffset: lineOffset)
    while let document = try reader.next() {
      if document.value != .null { documents.append(document) }
    }
  }
}

/// The items of `kind: List` and of any `…List` that has items.
enum ListItems {
  static func items(of document: Document) -> [Document]? {
    guard let fields = document.value.fields, let kind = fields["kind"]?.string,
      kind.hasSuffix("List"), let index = fields.all.firstIndex(where: { $0.name == "items" })
    else { return nil }
    let places = document.places.child(index)
    switch fields.all[index].value {
    case .null: return []
    case .array(let items):
      return items.enumerated().map { index, item in
        let item = Document(value: item, places: places.child(index))
        return typed(item, kind, fields["apiVersion"])
      }
    default: return nil
    }
  }

  /// The items of a `PodList` need not say that they are Pods.
  private static func typed(
    _ item: Document, _ listKind: String, _ apiVersion: Value?
  ) -> Document {
    guard listKind != "List", case .object(let fields) = item.value, fields["kind"] == nil,
      fields["apiVersion"] == nil, let apiVersion
    else { return item }
    var collector = FieldCollector()
    for (index, field) in fields.all.enumerated() {
      collector.append(field.name, field.value, item.places.child(index))
    }
    let here = PlaceTree(item.places.place)
    collector.append("kind", .string(String(listKind.dropLast(4))), here)
    collector.append("apiVersion", apiVersion, here)
    let (value, places, _) = collector.finished(at: item.places.place)
    return Document(value: value, places: places)
  }
}

/// Finds objects that an input gives twice.
enum Duplicates {
  private struct Identity: Hashable {
    var resource: String
    var namespace: String
    var name: String
  }

  static func found(in manifests: [Manifest], _ defaultNamespace: String) -> [Diagnostic] {
    var first: [Identity: Manifest] = [:]
    var diagnostics: [Diagnostic] = []
    for manifest in manifests {
      guard let metadata = manifest.metadata, !metadata.name.isEmpty else { continue }
      let resource = manifest.resource
      let written = metadata.namespace.isEmpty ? defaultNamespace : metadata.namespace
      let identity = Identity(
        resource: resource.qualifiedPlural, namespace: resource.isNamespaced ? written : "",
        name: metadata.name)
      guard let earlier = first[identity] else {
        first[identity] = manifest
        continue
      }
      let other = "\(earlier.file):\(earlier.place)"
      diagnostics.append(
        Diagnostic(
          file: manifest.file, place: manifest.place,
          message:
            "\(resource.qualifiedSingular) \"\(metadata.name)\" is given twice: first at \(other)",
          suggestion: "remove or rename one of the two"))
    }
    return diagnostics
  }
}
