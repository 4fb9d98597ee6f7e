import ClusterModel

/// Where each part of a document was written, in the shape of its `Value`.
///
/// The children of an object stand in the order of its sorted fields, those of an array in its
/// own order. Narrow numbers keep large documents small.
struct PlaceTree {
  private var line: Int32
  private var column: Int32
  private var keyLine: Int32 = 0
  private var keyColumn: Int32 = 0
  var children: [PlaceTree] = []

  init(_ place: Place = .start) {
    line = Int32(clamping: place.line)
    column = Int32(clamping: place.column)
  }

  /// Where the value begins.
  var place: Place { Place(line: Int(line), column: Int(column)) }

  /// Where the key of the field begins; the value's place for what has no key.
  var keyPlace: Place {
    get { keyLine > 0 ? Place(line: Int(keyLine), column: Int(keyColumn)) : place }
    set {
      keyLine = Int32(clamping: newValue.line)
      keyColumn = Int32(clamping: newValue.column)
    }
  }

  func child(_ index: Int) -> PlaceTree {
    children.indices.contains(index) ? children[index] : PlaceTree(place)
  }

  /// The place of what `path` leads to, or of its nearest ancestor that exists.
  func place(of path: FieldPath, in value: Value) -> Place {
    var (tree, value) = (self, value)
    for step in path.written.steps {
      switch (step, value) {
      case (.field(let name), .object(let fields)), (.key(let name), .object(let fields)):
        guard let index = fields.all.firstIndex(where: { $0.name == name }) else {
          return tree.place
        }
        (tree, value) = (tree.child(index), fields.all[index].value)
      case (.index(let index), .array(let items)):
        guard items.indices.contains(index) else { return tree.place }
        (tree, value) = (tree.child(index), items[index])
      default: return tree.place
      }
    }
    return tree.place
  }
}

/// One document of an input: its value and where its parts stand.
struct Document {
  var value: Value
  var places: PlaceTree
}

/// Collects the fields of one object while it is read, and finds names given twice.
struct FieldCollector {
  private var entries: [(name: String, value: Value, tree: PlaceTree)] = []

  mutating func append(_ name: String, _ value: Value, _ tree: PlaceTree) {
    entries.append((name, value, tree))
  }

  var names: Set<String> { Set(entries.map(\.name)) }

  /// A name that occurs twice, with both places.
  struct Duplicate {
    var name: String
    var first: Place
    var second: Place
  }

  /// The object, and the first name given twice.
  func finished(at place: Place) -> (value: Value, tree: PlaceTree, duplicate: Duplicate?) {
    let order = entries.indices.sorted {
      (entries[$0].name, $0) < (entries[$1].name, $1)
    }
    var pairs: [(String, Value)] = []
    var tree = PlaceTree(place)
    var duplicate: Duplicate?
    pairs.reserveCapacity(order.count)
    tree.children.reserveCapacity(order.count)
    for (position, index) in order.enumerated() {
      let entry = entries[index]
      if position > 0, entries[order[position - 1]].name == entry.name {
        let first = entries[order[position - 1]].tree.keyPlace
        let found = Duplicate(name: entry.name, first: first, second: entry.tree.keyPlace)
        if duplicate.map({ found.second < $0.second }) ?? true { duplicate = found }
        continue
      }
      pairs.append((entry.name, entry.value))
      tree.children.append(entry.tree)
    }
    return (.object(Fields(pairs)), tree, duplicate)
  }
}
