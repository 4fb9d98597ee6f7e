/// A file's name as it is shown, and what stands in it.
public struct SourceFile: Hashable, Sendable {
  public var name: String
  public var bytes: [UInt8]

  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }
}

/// Why a file could not be read.
public struct UnreadableFile: Error, Hashable, Sendable {
  /// In kubectl's words: `the path "web.yaml" does not exist`.
  public var message: String

  public init(_ message: String) { self.message = message }
}

/// Reads the files that commands name; the console itself reads none.
public protocol FileReading {
  /// The file at `path`, or those of a directory in name order; `-` is standard input.
  func files(at path: String, recursively: Bool) throws(UnreadableFile) -> [SourceFile]
}

/// Where there are no files, as in a lesson or a test.
public struct NoFiles: FileReading {
  public init() {}

  public func files(at path: String, recursively: Bool) throws(UnreadableFile) -> [SourceFile] {
    throw UnreadableFile("the path \(path.goQuoted) does not exist")
  }
}
