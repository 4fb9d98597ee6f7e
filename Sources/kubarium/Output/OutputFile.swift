import Glibc

/// A file being written, which closes with its owner.
struct OutputFile: ~Copyable {
  let path: String
  private let descriptor: Int32

  /// Creates the file, or empties it.
  init(_ path: String) throws(OutputProblem) {
    self.path = path
    descriptor = try OutputFile.opened(path)
  }

  private static func opened(_ path: String) throws(OutputProblem) -> Int32 {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw OutputProblem(path, ENOENT) }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw OutputProblem(path, errno) }
    return descriptor
  }

  deinit { close(descriptor) }

  /// Appends a text, all of it.
  func write(_ text: String) throws(OutputProblem) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        bytes = bytes.dropFirst(count)
      } else if errno != EINTR {
        throw OutputProblem(path, errno)
      }
    }
  }

  /// Writes a whole file at once.
  static func save(_ text: String, to path: String) throws(OutputProblem) {
    let file = try OutputFile(path)
    try file.write(text)
  }
}

/// Why a file could not be written.
struct OutputProblem: Error {
  var message: String

  init(_ path: String, _ code: Int32) {
    let reason = String(cString: strerror(code))
    message = "\(path.isEmpty ? "\"\"" : path) cannot be written: \(reason); choose another file"
  }
}
