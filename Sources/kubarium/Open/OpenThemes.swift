import Canvas
import Console
import Dashboard
import Spelling

/// The themes that the dashboard can have, with the one to begin with.
struct OpenThemes {
  var all: [Theme]
  var index: Int

  var current: Theme { all.indices.contains(index) ? all[index] : .monochrome }

  /// - Throws: when there is no theme of this name.
  init(first name: String?) throws {
    all = try ThemeSource.all().compactMap { source in
      ThemeFile.read(String(decoding: source.bytes, as: UTF8.self), file: source.name).theme
    }
    index = 0
    if let name { try begin(with: name) }
  }

  /// - Throws: when there is no theme of this name.
  mutating func begin(with name: String) throws {
    guard let found = all.firstIndex(where: { $0.name == name }) else {
      let near = NearestName.of(name, in: all.map(\.name))
      let names = all.map(\.name).joined(separator: ", ")
      let hint = near.map { "did you mean \"\($0)\"?" } ?? "there are \(names)"
      throw LoadingFailure(["kubarium: there is no theme \"\(name)\"; \(hint)"])
    }
    index = found
  }
}
