import ClusterModel
import Spelling

/// Turns values into typed objects.
public enum ManifestDecoder {
  /// The object of `value` with what was wrong with it; nil when it cannot be taken at all.
  ///
  /// For objects that come from a command instead of a file, such as a patched one.
  public static func decode(_ value: Value, file: String = "") -> (Manifest?, [Diagnostic]) {
    decode(Document(value: value, places: PlaceTree()), file: file)
  }

  static func decode(_ document: Document, file: String) -> (Manifest?, [Diagnostic]) {
    var problems: [Diagnostic] = []
    func report(_ path: FieldPath, _ message: String, _ suggestion: String) {
      let place = document.places.place(of: path, in: document.value)
      problems.append(
        Diagnostic(file: file, place: place, message: message, suggestion: suggestion))
    }
    guard case .object(let fields) = document.value else {
      report(
        .root, "expected an object, found a \(document.value.typeName)",
        "begin with 'apiVersion: v1' and 'kind: …'")
      return (nil, problems)
    }
    let header = Header(fields)
    for problem in header.problems { report(problem.path, problem.message, problem.suggestion) }
    guard let apiVersion = header.apiVersion, let kind = header.kind else { return (nil, problems) }
    if let complaint = ServedVersions.complaint(apiVersion: apiVersion, kind: kind) {
      report(.root["apiVersion"], complaint.message, complaint.suggestion)
      let name = fields["metadata"]?["name"]?.string ?? ""
      for index in problems.indices { problems[index].unmatchedName = name }
      return (nil, problems)
    }
    let resource = APIResource.of(apiVersion: apiVersion, kind: kind)
    return ObjectDecoder(resource: resource, document: document, file: file).decoded()
  }
}

/// `apiVersion` and `kind`, which say what an object is.
private struct Header {
  var apiVersion: String?
  var kind: String?
  var problems: [(path: FieldPath, message: String, suggestion: String)] = []

  init(_ fields: Fields) {
    kind = read("kind", "Kind", "Pod", fields)
    apiVersion = read("apiVersion", "apiVersion", "v1", fields)
  }

  private mutating func read(
    _ name: String, _ title: String, _ example: String, _ fields: Fields
  ) -> String? {
    switch fields[name] {
    case .string(let text) where !text.isEmpty && !text.hasControlCharacters: return text
    case .string(let text) where !text.isEmpty:
      problems.append((.root[name], "control characters in \(name) \"\(text)\"", "remove them"))
    case nil, .null, .string:
      let nearest = NearestName.of(name, in: fields.all.map(\.name))
      problems.append(
        (
          .root, "Object '\(title)' is missing",
          nearest.map { "write '\(name)' instead of '\($0)'" } ?? "add a line '\(name): \(example)'"
        ))
    case let other?:
      problems.append(
        (.root[name], "\(name) must be a text, not a \(other.typeName)", "quote it"))
    }
    return nil
  }
}

/// Decodes one object whose kind is known.
struct ObjectDecoder {
  let resource: APIResource
  let document: Document
  let file: String
  private let errors = FieldErrors()

  init(resource: APIResource, document: Document, file: String) {
    self.resource = resource
    self.document = document
    self.file = file
  }

  func decoded() -> (Manifest?, [Diagnostic]) {
    let configuration = ConfigurationKind(resource)
    let schema = configuration == nil ? Schema.api : Schema.configuration
    var checker = SchemaChecker(schema: schema, file: file)
    let isKnown = schema.structs[resource.kind] != nil && resource.isWellKnown
    let schemaName = configuration?.schemaName ?? (isKnown ? resource.kind : "KeptObject")
    var fields = checker.checked(
      document.value, as: schemaName, places, isOpen: isKept && !isKnown)
    var diagnostics = checker.diagnostics
    if configuration == nil {
      var hasFault = false
      for index in diagnostics.indices {
        let isUnknownField = diagnostics[index].severity == .warning
        diagnostics[index].decodingFault = DecodingFault(
          resource: resource, message: diagnostics[index].message,
          isUnknownField: isUnknownField, isRepeated: hasFault && !isUnknownField)
        hasFault = hasFault || !isUnknownField
      }
    }
    fields["apiVersion"] = nil
    fields["kind"] = nil
    var reader = FieldReader(fields, errors: errors)
    let content: Manifest.Content?
    if let configuration {
      content = configuration.decode(&reader)
      diagnostics += errors.all.map { diagnostic(at: $0.path, $0.detail) }
    } else {
      let metadata = ObjectMeta(reader.object("metadata"))
      diagnostics += MetadataChecker(metadata, isNameWritten).problems.map { problem in
        diagnostic(at: problem.path, problem.message, problem.suggestion)
      }
      content = object(metadata, &reader)
    }
    diagnostics.sort { $0.place < $1.place }
    guard let content, !diagnostics.contains(where: { $0.severity == .error }) else {
      return (nil, diagnostics)
    }
    let unknown = checker.diagnostics.filter { $0.severity == .warning }.map(\.message)
    return (
      manifest(content, isConfiguration: configuration != nil, unknownFields: unknown), diagnostics
    )
  }

  /// True when there is a name, be it of a wrong type, which is reported as that.
  private var isNameWritten: Bool {
    switch document.value["metadata"] {
    case .object(let metadata): metadata["name"].map { $0 != .null && $0 != "" } ?? false
    case nil, .null: false
    default: true
    }
  }

  private var places: PlaceTree { document.places }
  private var isKept: Bool { resource.living == .kept }

  private func manifest(
    _ content: Manifest.Content, isConfiguration: Bool, unknownFields: [String]
  ) -> Manifest {
    var manifest = Manifest(
      content: content, resource: resource, value: document.value, file: file,
      place: places.place)
    guard !isConfiguration else { return manifest }
    manifest.unreadableFields = fieldErrors(errors)
    manifest.unknownFields = unknownFields
    manifest.allocatedFields = allocatedFields()
    let validation = FieldErrors()
    ObjectValidation.check(document.value, resource, replacing: nil, validation)
    // What cannot be kept is refused even if no rule names it.
    manifest.fieldErrors =
      validation.all.isEmpty ? manifest.unreadableFields : fieldErrors(validation)
    return manifest
  }

  /// What a Service asks for by number or address, which others may hold.
  private func allocatedFields() -> [FieldError] {
    guard resource.living == .service else { return [] }
    let spec = FieldPath.root["spec"]
    let address = spec["clusterIPs"]
    let isListed = document.value["spec"]?["clusterIPs"] != nil
    let written = isListed ? address : spec["clusterIP"]
    var paths = [
      FieldPath.alias(address, written: written), .alias(address[0], written: written),
      spec["healthCheckNodePort"], spec["ipFamilyPolicy"],
    ]
    for index in (document.value["spec"]?["ports"]?.array ?? []).indices {
      paths.append(spec["ports"][index]["nodePort"])
    }
    for index in 0..<2 { paths.append(spec["ipFamilies"][index]) }
    return paths.map { path in
      FieldError(
        field: path.text, detail: "", place: places.place(of: path, in: document.value))
    }
  }

  private func fieldErrors(_ errors: FieldErrors) -> [FieldError] {
    errors.all.map { error in
      FieldError(
        field: error.path.text, detail: error.detail,
        place: places.place(of: error.path, in: document.value))
    }
  }

  private func diagnostic(
    at path: FieldPath, _ message: String, _ suggestion: String = ""
  ) -> Diagnostic {
    Diagnostic(
      file: file, place: places.place(of: path, in: document.value), message: message,
      suggestion: suggestion)
  }

  private func object(_ metadata: ObjectMeta, _ reader: inout FieldReader) -> Manifest.Content {
    switch resource.living {
    case .namespace: .namespace(Namespace(metadata: metadata, &reader))
    case .node: .node(Node(metadata: metadata, &reader))
    case .pod: .pod(Pod(metadata: metadata, &reader))
    case .replicaSet: .replicaSet(ReplicaSet(metadata: metadata, &reader))
    case .deployment: .deployment(Deployment(metadata: metadata, &reader))
    case .service: .service(Service(metadata: metadata, &reader))
    case .endpointSlice: .endpointSlice(EndpointSlice(metadata: metadata, &reader))
    case .event: .event(Event(metadata: metadata, &reader))
    case .kept:
      .kept(
        KeptObject(
          resource: resource, metadata: metadata, body: reader.rest, template: template(reader)))
    }
  }

  /// The template of the kinds that make pods; it stays in the body as well.
  private func template(_ reader: FieldReader) -> PodTemplate? {
    var reader = reader
    var spec: FieldReader
    switch (resource.group, resource.kind) {
    case ("apps", "DaemonSet"), ("apps", "StatefulSet"), ("batch", "Job"),
      ("", "ReplicationController"):
      spec = reader.object("spec")
    case ("batch", "CronJob"):
      var own = reader.object("spec")
      var job = own.object("jobTemplate")
      spec = job.object("spec")
    default: return nil
    }
    return spec.has("template") ? PodTemplate(spec.object("template")) : nil
  }
}

/// What no object may have in its metadata, whatever its kind.
private struct MetadataChecker {
  private(set) var problems: [(path: FieldPath, message: String, suggestion: String)] = []

  init(_ metadata: ObjectMeta, _ isNameWritten: Bool) {
    let path = FieldPath.root["metadata"]
    if !isNameWritten, metadata.name.isEmpty, metadata.generateName.isEmpty {
      problems.append(
        (path, "resource name may not be empty", "add 'name: …' under 'metadata:'"))
    }
    check(metadata.name, path["name"])
    check(metadata.generateName, path["generateName"])
    check(metadata.namespace, path["namespace"])
    for pair in metadata.labels.pairs { check(pair.value, path["labels"][pair.key]) }
  }

  private mutating func check(_ text: String, _ path: FieldPath) {
    guard text.hasControlCharacters else { return }
    problems.append(
      (path, "control characters in \(path.text) \"\(text)\"", "remove them"))
  }
}
