/// The way from an object to one of its parts.
indirect enum FieldPath {
  case root
  case field(FieldPath, String)
  case index(FieldPath, Int)

  enum Step: Hashable {
    case field(String)
    case index(Int)
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
      }
    }
  }

  subscript(_ name: String) -> FieldPath { .field(self, name) }
  subscript(_ index: Int) -> FieldPath { .index(self, index) }

  /// `spec.containers[0].name`.
  var text: String {
    steps.reduce(into: "") { text, step in
      switch step {
      case .field(let name): text += text.isEmpty ? name : ".\(name)"
      case .index(let index): text += "[\(index)]"
      }
    }
  }

  /// `spec.containers.name`: Go's error texts leave indices out.
  var textWithoutIndices: String {
    steps.compactMap { if case .field(let name) = $0 { name } else { nil } }
      .joined(separator: ".")
  }
}
