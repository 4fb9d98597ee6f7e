import Foundation

/// The folder that this package stands in, as the tests about its own text read it.
enum Repository {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Returns the whole text of a file, by its path from the root.
  static func text(of path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appending(path: path).path())
  }

  /// Returns the paths of all files below a folder whose name ends with one of `suffixes`, sorted.
  static func files(below folder: String, endingWith suffixes: [String]) -> [String] {
    let base = root.appending(path: folder)
    let found = FileManager.default.enumerator(atPath: base.path())?.compactMap { $0 as? String }
    return (found ?? [])
      .filter { path in suffixes.contains { path.hasSuffix($0) } }
      .map { "\(folder)/\($0)" }
      .sorted()
  }

  /// Returns the names of the folders directly in a folder, sorted.
  static func folders(in folder: String) throws -> [String] {
    let keys: [URLResourceKey] = [.isDirectoryKey]
    return try FileManager.default
      .contentsOfDirectory(at: root.appending(path: folder), includingPropertiesForKeys: keys)
      .filter { try $0.resourceValues(forKeys: Set(keys)).isDirectory == true }
      .map(\.lastPathComponent)
      .sorted()
  }

  /// Returns the Swift files of a module of `Sources/`.
  static func sources(of module: String) throws -> [SwiftSource] {
    try files(below: "Sources/\(module)", endingWith: [".swift"]).map {
      SwiftSource(path: $0, text: try text(of: $0))
    }
  }

  /// Returns every Swift file that is ours.
  static func everySource() throws -> [SwiftSource] {
    try ["Sources", "Tests", "themes", "demos", "Benchmarks/Engine"]
      .flatMap { files(below: $0, endingWith: [".swift"]) }
      .map { SwiftSource(path: $0, text: try text(of: $0)) }
  }
}

/// Something found in a file, as a compiler would print it.
struct Finding: Hashable, CustomStringConvertible {
  let path: String
  let line: Int
  let message: String

  var description: String { "\(path):\(line): \(message)" }
}
