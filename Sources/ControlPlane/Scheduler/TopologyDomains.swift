import ClusterModel

/// The values of a topology key, numbered, by row.
struct TopologyDomains: Sendable {
  struct Table: Sendable {
    /// Below zero for nodes without the label.
    var ofRow: ContiguousArray<Int32>
    var count: Int
  }

  private var tables: [String: Table] = [:]

  mutating func forget() {
    if !tables.isEmpty { tables = [:] }
  }

  mutating func table(
    _ key: String, _ rows: ContiguousArray<NodeRow>, _ order: ContiguousArray<Int32>
  ) -> Table {
    if let table = tables[key] { return table }
    var numbers: [String: Int32] = [:]
    var table = Table(ofRow: ContiguousArray(repeating: -1, count: rows.count), count: 0)
    for row in order {
      guard let value = rows[Int(row)].labels[key] else { continue }
      let number = numbers[value] ?? Int32(numbers.count)
      numbers[value] = number
      table.ofRow[Int(row)] = number
    }
    table.count = numbers.count
    tables[key] = table
    return table
  }
}
