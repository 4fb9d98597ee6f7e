/// The hints of endpoints, each combination once.
struct HintTable: Sendable {
  private struct Hints: Hashable, Sendable {
    var nodes: [Int32]
    var zones: [Int32]
  }

  private var hints = [Hints(nodes: [], zones: [])]
  private var ids = [Hints(nodes: [], zones: []): Int32(0)]

  /// The id of these hints; 0 for none.
  mutating func intern(nodes: [Int32], zones: [Int32]) -> Int32 {
    let wanted = Hints(nodes: nodes, zones: zones)
    if let id = ids[wanted] { return id }
    let id = Int32(hints.count)
    hints.append(wanted)
    ids[wanted] = id
    return id
  }

  func nodes(of id: Int32) -> [Int32] { hints[Int(id)].nodes }
  func zones(of id: Int32) -> [Int32] { hints[Int(id)].zones }
}

/// Names with dense numbers, in the order in which they were first said.
@usableFromInline
struct NameTable: Sendable {
  private(set) var names: [String] = []
  private var ids: [String: Int32] = [:]

  @usableFromInline
  func find(_ name: String) -> Int32? { ids[name] }

  mutating func intern(_ name: String) -> Int32 {
    if let id = ids[name] { return id }
    let id = Int32(names.count)
    names.append(name)
    ids[name] = id
    return id
  }
}
