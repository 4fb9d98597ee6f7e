import ClusterModel
import ControlPlane

/// A table of objects as the API server makes it (pkg/printers): columns with their cells, of which
/// some are shown with `-o wide` only.
struct Table {
  struct Column {
    var name: String
    /// Shown with `-o wide` only.
    var isWide = false
  }

  var columns: [Column]
  /// One row for each object, with a cell for every column.
  var rows: [[String]]
  /// The column that takes the kind in front; nil when no column holds the name.
  var nameColumn: Int? = 0

  /// - Parameters:
  ///   - columns: The usual ones, separated by `|`; names are upper case.
  ///   - wide: The ones of `-o wide`.
  init(_ columns: String, wide: String = "", rows: [[String]]) {
    self.columns =
      columns.split(separator: "|").map { Column(name: String($0)) }
      + wide.split(separator: "|").map { Column(name: String($0), isWide: true) }
    self.rows = rows
  }
}

/// The table of `objects`, which are all of one kind; nothing when there are none.
public func printTable(
  _ resource: APIResource, _ objects: [StoredObject], _ context: PrintContext
) -> String {
  guard !objects.isEmpty else { return "" }
  return TabWriter.table.text(printedLines(resource, objects, context))
}

/// The cells of that table, line by line.
func printedLines(
  _ resource: APIResource, _ objects: [StoredObject], _ context: PrintContext
) -> [[String]] {
  let table = TableMaker(context: context).table(of: resource, objects)
  return TableLayouter(table: table, resource: resource, objects: objects, context: context).lines
}

/// Puts the columns that do not depend on the kind around a table.
private struct TableLayouter {
  let table: Table
  let resource: APIResource
  let objects: [StoredObject]
  let context: PrintContext

  var lines: [[String]] {
    let rows = zip(table.rows, objects).map { row, object in
      line(row, object.metadata).map(TextSafety.cell)
    }
    return context.noHeaders ? rows : [header.map(TextSafety.cell)] + rows
  }

  private var header: [String] {
    var cells = context.withNamespace ? ["NAMESPACE"] : []
    cells += table.columns.filter { context.isWide || !$0.isWide }.map(\.name)
    cells += context.labelColumns.map { label in
      label.split(separator: "/", omittingEmptySubsequences: false).last.map {
        $0.uppercased()
      } ?? ""
    }
    if context.showLabels { cells.append("LABELS") }
    return cells
  }

  private func line(_ row: [String], _ metadata: ObjectMeta) -> [String] {
    var cells = context.withNamespace ? [metadata.namespace] : []
    for (index, column) in table.columns.enumerated() where context.isWide || !column.isWide {
      let cell = index < row.count ? row[index] : ""
      let isName = context.withKind && index == table.nameColumn
      cells.append(isName ? "\(resource.qualifiedSingular)/\(cell)" : cell)
    }
    cells += context.labelColumns.map { metadata.labels[$0] ?? "" }
    if context.showLabels { cells.append(metadata.labels.textOrNone) }
    return cells
  }
}

extension Labels {
  /// `a=b,c=d`, or `<none>`.
  var textOrNone: String { isEmpty ? "<none>" : text }
}
