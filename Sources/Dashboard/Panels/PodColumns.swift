import Canvas
import ControlPlane

/// The pod network as blocks side by side, one for each node, as far as there is room.
///
/// A block is one column of pods, or several where the pods need them and the screen has them.
public struct PodColumns: Hashable, Sendable {
  struct Block: Hashable, Sendable {
    var title: String
    /// Empty for pods without a node, and for nodes without one.
    var podCIDR: String
    var node: String
    var pods: [PodRow]
    /// The items before it.
    var firstItem: Int
  }

  /// A block that is visible.
  struct PlacedBlock {
    var index: Int
    var area: Rect
    /// Columns of pods in it.
    var columns: Int
  }

  var blocks: [Block]
  var itemCount: Int
  /// Whether the nodes stand in the order of their names.
  private var isByName: Bool

  /// Narrower than this a pod cannot be told from its neighbours.
  static let leastWidth = 19
  static let greatestWidth = 44

  init(_ snapshot: DashboardSnapshot) {
    blocks = []
    itemCount = 0
    isByName = snapshot.isByName
    if !snapshot.unscheduled.isEmpty {
      append(Self.title(snapshot), "", "", snapshot.unscheduled)
    }
    for node in snapshot.nodes where !node.pods.isEmpty || node.roles != "control-plane" {
      append(node.name, node.podCIDR, node.name, node.pods)
    }
  }

  /// Takes over what has become of some nodes that were there before, and of the pods without one.
  ///
  /// False when a block comes or goes: then it is made anew.
  mutating func renew(_ names: [String], _ snapshot: DashboardSnapshot) -> Bool {
    let hasUnscheduled = blocks.first?.node.isEmpty == true
    guard hasUnscheduled == !snapshot.unscheduled.isEmpty else { return false }
    if hasUnscheduled {
      blocks[0].pods = snapshot.unscheduled
      blocks[0].title = Self.title(snapshot)
    }
    for name in names {
      guard let index = snapshot.nodeIndex(name) else { continue }
      let node = snapshot.nodes[index]
      let isShown = !node.pods.isEmpty || node.roles != "control-plane"
      let place = block(of: name)
      guard (place != nil) == isShown else { return false }
      if let place {
        blocks[place].pods = node.pods
        blocks[place].podCIDR = node.podCIDR
      }
    }
    itemCount = 0
    for index in blocks.indices {
      blocks[index].firstItem = itemCount
      itemCount += blocks[index].pods.count
    }
    return true
  }

  private static func title(_ snapshot: DashboardSnapshot) -> String {
    let beyond = snapshot.unscheduledBeyond
    guard beyond > 0 else { return "without a node" }
    return "\(Format.grouped(snapshot.unscheduled.count + beyond)) without a node"
  }

  private mutating func append(
    _ title: String, _ podCIDR: String, _ node: String, _ pods: [PodRow]
  ) {
    blocks.append(
      Block(title: title, podCIDR: podCIDR, node: node, pods: pods, firstItem: itemCount))
    itemCount += pods.count
  }

  /// How many blocks are visible at once.
  static func visibleCount(width: Int) -> Int { max(width / leastWidth, 1) }

  /// The block of an item, and the item's place in it.
  func place(of item: Int) -> (block: Int, pod: Int)? {
    guard item >= 0, item < itemCount else { return nil }
    let block = blocks.firstIndexNotBefore { $0.firstItem + $0.pods.count <= item }
    return (block, item - blocks[block].firstItem)
  }

  func pod(_ item: Int) -> PodRow? {
    place(of: item).map { blocks[$0.block].pods[$0.pod] }
  }

  /// The block of a node; an empty name is that of the pods without one.
  ///
  /// - Complexity: logarithmic while the names are in order.
  func block(of node: String) -> Int? {
    guard isByName else { return blocks.firstIndex { $0.node == node } }
    let index = blocks.firstIndexNotBefore { $0.node < node }
    return index < blocks.count && blocks[index].node == node ? index : nil
  }

  /// The item of a pod; quick where it is still on that node.
  func item(of name: NamespacedName, on node: String) -> Int? {
    func find(in block: Int) -> Int? {
      blocks[block].pods.firstIndex { $0.name == name }.map { blocks[block].firstItem + $0 }
    }
    if let known = block(of: node), let item = find(in: known) { return item }
    return blocks.indices.lazy.compactMap(find).first
  }

  /// The visible blocks from `first` on; spare room goes to those that have more pods than rows.
  func placed(from first: Int, rows: Int, in area: Rect) -> [PlacedBlock] {
    let slots = Self.visibleCount(width: area.width)
    let visible = first..<min(first + slots, blocks.count)
    guard !visible.isEmpty else { return [] }
    var spans = visible.map { _ in 1 }
    var spare = slots - visible.count
    for (place, index) in visible.enumerated() where spare > 0 {
      let wanted = (blocks[index].pods.count + max(rows, 1) - 1) / max(rows, 1)
      let more = min(max(wanted - 1, 0), spare)
      spans[place] += more
      spare -= more
    }
    let unit = min(area.width / spans.reduce(0, +), Self.greatestWidth)
    var x = area.x
    return zip(visible, spans).map { index, span in
      defer { x += unit * span }
      return PlacedBlock(
        index: index, area: Rect(x: x, y: area.y, width: unit * span - 1, height: area.height),
        columns: span)
    }
  }

  /// The first visible pod of a block, where the selected one is in it and further down.
  static func offset(_ podRow: Int, isSelected: Bool, room: Int, count: Int) -> Int {
    isSelected && count > room ? min(max(podRow, 0), max(count - room, 0)) : 0
  }
}

/// The pod's name in `width` columns: its beginning, and the five letters that are its own.
func shortPodName(_ name: String, to width: Int, ellipsis: String) -> String {
  guard name.utf8.count > width, width > 8 else {
    return truncated(name, to: width, .middle, ellipsis: ellipsis)
  }
  return truncated(String(name.dropLast(5)), to: width - 5, ellipsis: ellipsis) + name.suffix(5)
}

/// What tells an address from its neighbours in `cidr`: the last octets or groups.
func addressTail(_ address: String, in cidr: String) -> String {
  if address.contains(":") {
    return address.lastIndex(of: ":").map { String(address[$0...]) } ?? address
  }
  guard !cidr.isEmpty else { return address }
  var network = cidr.utf8.makeIterator()
  var (dots, isCommon) = (0, true)
  var cut = address.startIndex
  for index in address.utf8.indices {
    let byte = address.utf8[index]
    if network.next() != byte { isCommon = false }
    guard byte == UInt8(ascii: ".") else { continue }
    dots += 1
    if dots == 2 || (dots == 3 && isCommon) { cut = index }
  }
  return dots == 3 ? String(address[cut...]) : address
}
