import ClusterModel

/// The words of a command, with `KEY=VALUE` and `KEY-` sorted out.
struct Assignments {
  var pairs: [(key: String, value: String)] = []
  var removals: [String] = []
  var others: [String] = []

  init(_ words: [String]) {
    for word in words {
      if let (key, value) = word.divided(at: "="), !key.isEmpty {
        pairs.append((key, value))
      } else if word.hasSuffix("-"), word.count > 1 {
        removals.append(String(word.dropLast()))
      } else {
        others.append(word)
      }
    }
  }

  func apply(to environment: inout [EnvironmentVariable]) {
    environment.removeAll { removals.contains($0.name) }
    for pair in pairs {
      let variable = EnvironmentVariable(name: pair.key, value: pair.value)
      if let index = environment.firstIndex(where: { $0.name == pair.key }) {
        environment[index] = variable
      } else {
        environment.append(variable)
      }
    }
  }
}

extension Labels {
  /// `a=b,c=d`.
  init(assignments text: String) throws(CommandFailure) {
    self.init()
    for part in text.split(separator: ",").map(String.init) {
      guard let (key, value) = part.divided(at: "="), LabelSelectorText.isKey(key),
        LabelSelectorText.isValue(value)
      else {
        throw CommandFailure("error: unexpected label spec: \(part.printable)")
      }
      self[key] = value
    }
  }
}
