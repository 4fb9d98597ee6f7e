/// The way from an object to one of its parts.
indirect enum FieldPath {
  case root
  case field(FieldPath, String)
  case index(FieldPath, Int)
  /// An entry of a map, which the API writes in brackets.
  case key(FieldPath, String)
  /// A field that is told of by the first path and was written at the second.
  case alias(FieldPath, written: FieldPath)

  enum Step: Hashable {
    case field(String)
    case index(Int)
    case key(String)
  }

  var steps: [Step] {
    var steps: [Step] = []
    var path = self
    while true {
      switch path {
      case .root: return steps.reversed()
      case .field(let parent, let name):
        steps.append(.field(name))
        path = parent
      case .index(let parent, let index):
        steps.append(.index(index))
        path = parent
      case .key(let parent, let name):
        steps.append(.key(name))
        path = parent
      case .alias(let told, written: _): path = told
      }
    }
  }

  /// Where to look for it in the input.
  var written: FieldPath { if case .alias(_, let path) = self { path } else { self } }

  subscript(_ name: String) -> FieldPath { .field(self, name) }
  subscript(_ index: Int) -> FieldPath { .index(self, index) }

  /// `spec.containers[0].name`.
  var text: String {
    steps.reduce(into: "") { text, step in
      switch step {
      case .field(let name): text += text.isEmpty ? name : ".\(name)"
      case .index(let index): text += "[\(index)]"
      case .key(let name): text += "[\(name)]"
      }
    }
  }

  /// `spec.containers.name`: Go's error texts leave indices out.
  var textWithoutIndices: String {
    steps.compactMap { step in
      switch step {
      case .field(let name), .key(let name): name
      case .index: nil
      }
    }
    .joined(separator: ".")
  }
}
