import ClusterModel

extension TableMaker {
  /// The table that a CustomResourceDefinition describes; nil without one
  /// (apiextensions-apiserver pkg/registry/customresource/tableconvertor).
  func custom(_ resource: APIResource, _ objects: [KeptObject]) -> Table? {
    let found = context.store.customResources.first {
      $0.resource.group == resource.group && $0.resource.kind == resource.kind
    }
    guard let found else { return nil }
    let columns = found.columns(resource.version)
    var table = Table("NAME", rows: [])
    table.columns += columns.map { column in
      Table.Column(
        name: column.text("name").uppercased(), isWide: (column.number("priority") ?? 0) > 0)
    }
    table.rows = objects.map { object in
      let value = ObjectCoding.value(of: .kept(object))
      return [object.metadata.name] + columns.map { cell($0, of: value) }
    }
    return table
  }

  private func cell(_ column: Value, of value: Value) -> String {
    let path = column.optionalText("jsonPath") ?? ""
    guard let found = try? JSONPath.values(at: path, in: value).first else { return "" }
    switch (column.text("type"), found) {
    case (_, .null): return ""
    case ("string", _): return JSONPath.plainText(found)
    case ("integer", .integer(let number)): return "\(number)"
    case ("integer", .double(let number)):
      return "\(Int64(exactly: number.rounded(.towardZero)) ?? 0)"
    case ("number", .integer), ("number", .double), ("boolean", .bool):
      return JSONPath.plainText(found)
    case ("date", .string(let text)):
      return Timestamp(text).map { context.age($0) } ?? "<invalid>"
    default: return ""
    }
  }
}
