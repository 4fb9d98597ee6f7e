import ClusterModel
import ControlPlane

/// What `-o` asks for.
enum OutputFormat: Hashable {
  case table, wide, json, yaml, name
  case jsonPath(String, asJSON: Bool)
  case customColumns(String)
  case goTemplate(String)

  static let allowed =
    "custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,"
    + "jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,wide,yaml"

  init(_ call: Call) throws(CommandFailure) {
    let text = call.values.text("output") ?? ""
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = parts.first.map(String.init) ?? ""
    var template = parts.count == 2 ? String(parts[1]) : call.values.text("template")
    if let path = template, name.hasSuffix("-file") || name == "templatefile" {
      template = try Self.file(path, call)
    }
    switch name {
    case "": self = .table
    case "wide": self = .wide
    case "json": self = .json
    case "yaml": self = .yaml
    case "name": self = .name
    case "jsonpath", "jsonpath-as-json", "jsonpath-file":
      self = .jsonPath(try Self.need(template), asJSON: name == "jsonpath-as-json")
    case "custom-columns": self = .customColumns(try Self.needColumns(template))
    case "custom-columns-file":
      // A line of headers and one of paths.
      let lines = (template ?? "").split(separator: "\n").map { line in
        line.split(whereSeparator: \.isWhitespace).map(String.init)
      }
      guard lines.count > 1, lines[0].count == lines[1].count else {
        throw CommandFailure("error: number of column headers and specs must match")
      }
      self = .customColumns(
        zip(lines[0], lines[1]).map { "\($0):\($1)" }.joined(separator: ","))
    case "go-template", "template", "go-template-file", "templatefile":
      self = .goTemplate(try Self.need(template))
    default:
      throw CommandFailure(
        "error: unable to match a printer suitable for the output format \(name.goQuoted), "
          + "allowed formats are: \(Self.allowed)")
    }
  }

  private static func need(_ template: String?) throws(CommandFailure) -> String {
    guard let template, !template.isEmpty else {
      throw CommandFailure("error: template format specified but no template given")
    }
    return template
  }

  private static func file(_ path: String, _ call: Call) throws(CommandFailure) -> String {
    do throws(UnreadableFile) {
      let bytes = try call.files.files(at: path, recursively: false).first?.bytes ?? []
      return String(decoding: bytes, as: UTF8.self)
    } catch {
      throw CommandFailure("error: error reading template \(path.printable), \(error.message)")
    }
  }

  private static func needColumns(_ template: String?) throws(CommandFailure) -> String {
    guard let template, !template.isEmpty else {
      throw CommandFailure("error: custom-columns format specified but no custom columns given")
    }
    return template
  }

  /// The objects as data; nothing for the formats that are tables.
  func text(of objects: [StoredObject], isSingle: Bool) throws(CommandFailure) -> String {
    switch self {
    case .json: return Rendering.json(document(objects, isSingle))
    case .yaml: return Rendering.yaml(document(objects, isSingle))
    case .jsonPath(let template, let asJSON):
      return try Rendering.jsonPath(template, document(objects, isSingle), asJSON: asJSON)
    case .goTemplate(let template):
      return try GoTemplate(template).text(of: document(objects, isSingle))
    case .name: return objects.map { $0.title + "\n" }.joined()
    case .table, .wide, .customColumns: return ""
    }
  }

  /// A value that is no object of the store, as kubectl itself made it.
  func text(of value: Value) throws(CommandFailure) -> String {
    switch self {
    case .json: return Rendering.json(value)
    case .yaml: return Rendering.yaml(value)
    case .jsonPath(let template, let asJSON):
      return try Rendering.jsonPath(template, value, asJSON: asJSON)
    case .goTemplate(let template): return try GoTemplate(template).text(of: value)
    case .name, .table, .wide, .customColumns: return ""
    }
  }

  /// The object alone, or a `kind: List` as kubectl makes it.
  private func document(_ objects: [StoredObject], _ isSingle: Bool) -> Value {
    if isSingle, let only = objects.first { return ObjectCoding.value(of: only) }
    return [
      "apiVersion": "v1",
      "items": .array(objects.map(ObjectCoding.value)),
      "kind": "List",
      "metadata": ["resourceVersion": ""],
    ]
  }
}
