import ClusterModel

/// Reads YAML documents into values, with what kubectl's YAML library refuses refused.
struct YAMLReader {
  private let events: YAMLEvents
  private var open: [Frame] = []
  private var anchors: [String: Anchored] = [:]
  private var anchorsBeingRead: [String] = []
  private var nodes = 0
  private var aliasedNodes = 0

  /// A finished part of the document that an alias may repeat.
  private struct Anchored {
    var node: Document
    /// Nodes in it, with those that its own aliases brought in.
    var size: Int
    /// Collections around its innermost node.
    var depth: Int
  }

  /// A collection whose end has not been read yet.
  private struct Frame {
    var place: Place
    var isMapping: Bool
    var anchor: String?
    /// Of `nodes`, when the collection began.
    var nodesBefore: Int
    var fields = FieldCollector()
    var items: [Value] = []
    var itemPlaces: [PlaceTree] = []
    /// The deepest of what it holds.
    var depth = 0
    var key: Key?
    var merged: [Document] = []
  }

  private struct Key {
    var name: String
    var place: Place
    /// A plain `<<`: its value's fields count as this mapping's.
    var isMerge: Bool
  }

  init(_ bytes: UnsafeBufferPointer<UInt8>, lineOffset: Int = 0) throws(ReadingError) {
    events = try YAMLEvents(bytes, lineOffset: lineOffset)
  }

  /// The next document that holds anything; nil at the end.
  mutating func next() throws(ReadingError) -> Document? {
    while true {
      let (event, place) = try events.next()
      switch event {
      case .streamEnd: return nil
      case .documentEnd: continue
      case .documentStart:
        (open, anchors, anchorsBeingRead) = ([], [:], [])
        (nodes, aliasedNodes) = (0, 0)
      default:
        if let document = try take(event, at: place) { return document }
      }
    }
  }

  /// Takes one event of a document; gives the document when it is complete.
  private mutating func take(_ event: YAMLEvents.Kind, at place: Place) throws(ReadingError)
    -> Document?
  {
    switch event {
    case .sequenceStart(let anchor): try begin(isMapping: false, anchor, at: place)
    case .mappingStart(let anchor): try begin(isMapping: true, anchor, at: place)
    case .alias(let name):
      let anchored = try alias(name, at: place)
      return try finish(anchored.node, depth: anchored.depth)
    case .scalar(let text, let isPlain, let tag, let anchor):
      nodes += 1
      let value = try Self.value(of: text, isPlain: isPlain, tag: tag, at: place)
      let node = Document(value: value, places: PlaceTree(place))
      if let anchor { anchors[anchor] = Anchored(node: node, size: 1, depth: 0) }
      return try finish(node, depth: 0, isMerge: isPlain && text == "<<")
    case .sequenceEnd, .mappingEnd:
      guard let frame = open.popLast() else { return nil }
      let node = try frame.isMapping ? mapping(frame) : sequence(frame)
      if let anchor = frame.anchor {
        anchorsBeingRead.removeAll { $0 == anchor }
        let size = nodes - frame.nodesBefore
        anchors[anchor] = Anchored(node: node, size: size, depth: frame.depth + 1)
      }
      return try finish(node, depth: frame.depth + 1)
    case .streamEnd, .documentStart, .documentEnd: break
    }
    return nil
  }

  private mutating func begin(isMapping: Bool, _ anchor: String?, at place: Place)
    throws(ReadingError)
  {
    guard open.count < ReadingLimits.depth else { throw ReadingError.tooDeep(at: place) }
    if let anchor { anchorsBeingRead.append(anchor) }
    open.append(Frame(place: place, isMapping: isMapping, anchor: anchor, nodesBefore: nodes))
    nodes += 1
  }

  /// Puts a finished node into the collection around it.
  private mutating func finish(
    _ node: Document, depth: Int, isMerge: Bool = false
  ) throws(ReadingError) -> Document? {
    guard let last = open.indices.last else { return node }
    guard open.count + depth <= ReadingLimits.depth else {
      throw ReadingError.tooDeep(at: node.places.place)
    }
    open[last].depth = max(open[last].depth, depth)
    if !open[last].isMapping {
      open[last].items.append(node.value)
      open[last].itemPlaces.append(node.places)
    } else if let key = open[last].key {
      open[last].key = nil
      if key.isMerge {
        open[last].merged += try Self.merged(node)
      } else {
        var tree = node.places
        tree.keyPlace = key.place
        open[last].fields.append(key.name, node.value, tree)
      }
    } else {
      open[last].key = Key(
        name: try Self.name(of: node), place: node.places.place, isMerge: isMerge)
    }
    return nil
  }

  private func sequence(_ frame: Frame) -> Document {
    var places = PlaceTree(frame.place)
    places.children = frame.itemPlaces
    return Document(value: .array(frame.items), places: places)
  }

  private func mapping(_ frame: Frame) throws(ReadingError) -> Document {
    var fields = frame.fields
    var names = frame.merged.isEmpty ? [] : fields.names
    for merged in frame.merged {
      for (index, field) in (merged.value.fields ?? Fields()).all.enumerated()
      where names.insert(field.name).inserted {
        fields.append(field.name, field.value, merged.places.child(index))
      }
    }
    let (value, places, duplicate) = fields.finished(at: frame.place)
    if let duplicate { throw ReadingError.duplicate(duplicate) }
    return Document(value: value, places: places)
  }

  /// What an alias stands for, counted: documents that are mostly aliases are refused, as
  /// goyaml does it (decode.go allowedAliasRatio).
  private mutating func alias(_ name: String, at place: Place) throws(ReadingError) -> Anchored {
    if anchorsBeingRead.contains(name) {
      throw ReadingError(
        place, "anchor '\(name)' value contains itself", "write the value out, or remove the alias")
    }
    guard let anchored = anchors[name] else {
      throw ReadingError(
        place, "unknown anchor '\(name)' referenced",
        "define it with &\(name) earlier in the same document, or quote the text")
    }
    nodes += anchored.size
    aliasedNodes += anchored.size
    if aliasedNodes > 100, nodes > 1000, aliasedNodes * 100 > nodes * Self.allowedPercent(nodes) {
      throw ReadingError(
        place, "document contains excessive aliasing",
        "write the repeated parts out: anchors here expand to more than the document itself")
    }
    return anchored
  }

  /// 99 percent up to 400,000 nodes, falling to 10 percent at 4,000,000.
  private static func allowedPercent(_ nodes: Int) -> Int {
    if nodes <= 400_000 { return 99 }
    if nodes >= 4_000_000 { return 10 }
    return 99 - 89 * (nodes - 400_000) / 3_600_000
  }
}
