import ClusterModel
import ControlPlane
import Simulation

/// The tables of `get`: one for each kind, with an empty line between them.
struct ObjectTables {
  let values: FlagValues
  let format: OutputFormat

  init(_ call: Call, _ format: OutputFormat) {
    values = call.values
    self.format = format
  }

  func text(of objects: [StoredObject], _ query: ObjectQuery, _ world: World)
    throws(CommandFailure) -> String
  {
    if case .customColumns(let columns) = format {
      return try Rendering.customColumns(
        columns, objects, noHeaders: values.flag("no-headers"))
    }
    var tables: [String] = []
    for group in Self.groups(objects) {
      let resource = group[0].resource
      tables.append(Rendering.table(group, of: resource, layout(of: resource, query), world))
    }
    return tables.joined(separator: values.flag("no-headers") ? "" : "\n")
  }

  func layout(of resource: APIResource, _ query: ObjectQuery) -> TableLayout {
    var kinds: [APIResource] = []
    for item in query.items where !kinds.contains(item.resource) { kinds.append(item.resource) }
    return TableLayout(
      isWide: format == .wide, showsLabels: values.flag("show-labels"),
      labelColumns: values.texts("label-columns").flatMap { text in
        text.split(separator: ",").map(String.init)
      },
      hidesHeader: values.flag("no-headers"),
      showsNamespace: query.namespace == nil && resource.isNamespaced,
      showsKind: kinds.count > 1 || values.flag("show-kind"))
  }

  /// Runs of objects of one kind.
  private static func groups(_ objects: [StoredObject]) -> [[StoredObject]] {
    var groups: [[StoredObject]] = []
    for object in objects {
      if groups.last?.first?.resource.qualifiedPlural == object.resource.qualifiedPlural {
        groups[groups.count - 1].append(object)
      } else {
        groups.append([object])
      }
    }
    return groups
  }
}

/// What a table shows besides its usual columns.
struct TableLayout: Hashable, Sendable {
  var isWide = false
  var showsLabels = false
  var labelColumns: [String] = []
  var hidesHeader = false
  var showsNamespace = false
  var showsKind = false
}
