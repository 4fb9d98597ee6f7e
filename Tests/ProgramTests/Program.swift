import Foundation
import Testing

/// The built program, run as a user runs it.
struct Program {
  enum Build: String, CaseIterable {
    case debug, release
  }

  struct Result {
    var output: String
    var errors: String
    var status: Int32
  }

  /// Of the package these tests belong to.
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The program of a build; nil when it has not been built.
  static func path(_ build: Build = .debug) -> String? {
    let variable = "KUBARIUM_\(build.rawValue.uppercased())_BINARY"
    let usual = root.appending(path: ".build/\(build.rawValue)/kubarium").path
    let path = ProcessInfo.processInfo.environment[variable] ?? usual
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
  }

  /// Runs `kubarium` with these arguments and this standard input, without a terminal.
  static func run(
    _ arguments: [String], input: String = "", build: Build = .debug
  ) throws -> Result {
    let found = path(build)
    let path = try #require(found, "the \(build.rawValue) program has not been built")
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.currentDirectoryURL = root
    let folder = try TemporaryFolder()
    let (output, errors) = (folder.url("output"), folder.url("errors"))
    for file in [output, errors] { try Data().write(to: file) }
    try Data(input.utf8).write(to: folder.url("input"))
    process.standardInput = try FileHandle(forReadingFrom: folder.url("input"))
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    return Result(
      output: try String(contentsOf: output, encoding: .utf8),
      errors: try String(contentsOf: errors, encoding: .utf8), status: process.terminationStatus)
  }

  /// Runs `kubarium exec` with these commands.
  static func exec(
    _ commands: [String], files: [String] = [], options: [String] = [], input: String = "",
    build: Build = .debug
  ) throws -> Result {
    let arguments =
      ["exec"] + options + files.flatMap { ["-f", $0] } + commands.flatMap { ["-c", $0] }
    return try run(arguments, input: input, build: build)
  }
}

/// A folder that goes when the test is over.
final class TemporaryFolder {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "kubarium-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func url(_ name: String) -> URL { folder.appending(path: name) }

  /// Writes a file and returns its path.
  func file(_ name: String, _ text: String) throws -> String {
    try Data(text.utf8).write(to: url(name))
    return url(name).path
  }
}
