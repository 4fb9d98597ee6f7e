import ControlPlane

extension Scope {
  func sorted(_ rows: [PodRow]) -> [PodRow] {
    let rows = rows.sorted { $0.name < $1.name }
    guard let order = sorting[.pods] else { return rows }
    switch order.column {
    case "STATUS": return ordered(rows, order) { $0.status }
    case "IP": return ordered(rows, order) { AddressKey($0.address) }
    case "RESTARTS": return ordered(rows, order) { $0.restarts }
    default: return order.isDescending ? rows.reversed() : rows
    }
  }

  func sorted(_ rows: [NodeRow]) -> [NodeRow] {
    guard let order = sorting[.nodes] else { return rows }
    switch order.column {
    case "STATUS": return ordered(rows, order) { $0.status }
    case "INTERNAL-IP": return ordered(rows, order) { AddressKey($0.internalIP) }
    case "PODS": return ordered(rows, order) { $0.podCount }
    case "ROLES": return ordered(rows, order) { $0.roles }
    case "POD-CIDR": return ordered(rows, order) { AddressKey($0.podCIDR) }
    default: return order.isDescending ? rows.reversed() : rows
    }
  }

  func sorted(_ rows: [ServiceRow]) -> [ServiceRow] {
    guard let order = sorting[.services] else { return rows }
    switch order.column {
    case "TYPE": return ordered(rows, order) { $0.type }
    case "CLUSTER-IP": return ordered(rows, order) { AddressKey($0.clusterIP) }
    case "PORT(S)": return ordered(rows, order) { $0.ports }
    case "SELECTOR": return ordered(rows, order) { $0.selectorText }
    case "READY": return ordered(rows, order) { $0.readyEndpoints }
    case "REQ/S": return ordered(rows, order) { $0.load?.milliRequestsPerSecond ?? -1 }
    case "P99": return ordered(rows, order) { $0.load?.p99?.nanoseconds ?? -1 }
    case "FAIL": return ordered(rows, order) { $0.load?.milliPercentFailed ?? -1 }
    default: return order.isDescending ? rows.reversed() : rows
    }
  }

  /// Equal ones stay in their order, which is by name.
  private func ordered<Row, Key: Comparable>(
    _ rows: [Row], _ order: Sorting.Order, _ key: (Row) -> Key
  ) -> [Row] {
    let keyed = rows.enumerated().map { (key: key($0.element), index: $0.offset, row: $0.element) }
    return keyed.sorted { left, right in
      if left.key == right.key { return left.index < right.index }
      return (left.key < right.key) != order.isDescending
    }.map(\.row)
  }
}

/// An address as text in the order of its numbers.
private struct AddressKey: Comparable {
  private var numbers: [Int]
  private var text: String

  init(_ text: String) {
    self.text = text
    numbers = text.contains(":") ? [] : text.split { $0 == "." || $0 == "/" }.map { Int($0) ?? -1 }
  }

  static func < (left: AddressKey, right: AddressKey) -> Bool {
    if left.numbers != right.numbers {
      return left.numbers.lexicographicallyPrecedes(right.numbers)
    }
    return left.text < right.text
  }
}

extension Sorting {
  /// The columns by which the rows of a panel can stand.
  static func columns(of panel: PanelID) -> [String] {
    switch panel {
    case .nodes: ["NAME", "STATUS", "INTERNAL-IP", "PODS", "POD-CIDR", "ROLES"]
    case .pods: ["NAME", "STATUS", "IP", "RESTARTS"]
    case .services:
      ["NAME", "TYPE", "CLUSTER-IP", "PORT(S)", "SELECTOR", "READY", "REQ/S", "P99", "FAIL"]
    case .events, .commands: []
    }
  }

  /// Whether the order changes with every request.
  var isLive: Bool {
    self[.services].map { ["REQ/S", "P99", "FAIL"].contains($0.column) } ?? false
  }
}

extension StateSign {
  /// Whether somebody should look at it.
  var isFaulty: Bool { self == .failing || self == .starting }
}
