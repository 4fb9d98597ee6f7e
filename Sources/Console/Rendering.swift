import ClusterModel
import ControlPlane
import Manifests
import Simulation

/// Where the verbs get their text from: tables, descriptions and data.
enum Rendering {
  static func json(_ value: Value) -> String { JSONWriter.text(value) }
  static func compactJSON(_ value: Value) -> String { JSONWriter.compactText(value) }
  static func yaml(_ value: Value) -> String { YAMLWriter.text(value) }
  static func parseJSON(_ text: String) -> Value? { ValueReader.value(of: text) }
  static func parseYAML(_ text: String) -> Value? { ValueReader.value(of: text) }

  static func table(
    _ objects: [StoredObject], of resource: APIResource, _ layout: TableLayout, _ world: World
  ) -> String {
    printTable(resource, objects, context(layout, world))
  }

  /// The cells of the same table, before they are aligned.
  static func tableLines(
    _ objects: [StoredObject], of resource: APIResource, _ layout: TableLayout, _ world: World
  ) -> [[String]] {
    printedLines(resource, objects, context(layout, world))
  }

  private static func context(_ layout: TableLayout, _ world: World) -> PrintContext {
    var context = PrintContext(now: world.timestamp, store: world.store)
    context.withNamespace = layout.showsNamespace
    context.isWide = layout.isWide
    context.showLabels = layout.showsLabels
    context.labelColumns = layout.labelColumns
    context.noHeaders = layout.hidesHeader
    context.withKind = layout.showsKind
    return context
  }

  static func describe(_ object: StoredObject, _ world: World, showsEvents: Bool) -> String {
    var context = PrintContext(now: world.timestamp, store: world.store)
    context.showsEvents = showsEvents
    context.instant = world.now
    return Describer.text(of: object, context)
  }

  static func jsonPath(_ template: String, _ value: Value, asJSON: Bool) throws(CommandFailure)
    -> String
  {
    try JSONPath.text(template, of: value, asJSON: asJSON)
  }

  static func customColumns(_ columns: String, _ objects: [StoredObject], noHeaders: Bool)
    throws(CommandFailure) -> String
  {
    try CustomColumns(columns).text(of: objects.map(ObjectCoding.value), noHeaders: noHeaders)
  }

  static func values(at path: String, in value: Value) throws(CommandFailure) -> [Value] {
    try JSONPath.values(at: path, in: value)
  }

  static func plainText(_ value: Value) -> String { JSONPath.plainText(value) }
}
