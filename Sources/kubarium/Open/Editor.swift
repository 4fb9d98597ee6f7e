import Glibc
import Terminal

/// The user's own editor, in the place of the dashboard for a while.
enum Editor {
  struct Failure: Error { var message: String }

  /// Lets `text` be changed and returns what it has become.
  static func edit(
    _ text: String, named name: String, on screen: inout Screen
  ) -> Result<String, Failure> {
    let safe = String(name.map { $0.isLetter || $0.isNumber || $0 == "-" ? $0 : "-" }.prefix(60))
    let folder = variable("TMPDIR") ?? "/tmp"
    var path = Array("\(folder)/kubarium-\(safe)-XXXXXX.yaml".utf8CString)
    let file = mkstemps(&path, 5)
    guard file >= 0 else { return .failure(Failure(message: "no file could be made in \(folder)")) }
    let name = String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { unlink(name) }
    guard write(Array(text.utf8), to: file) else {
      close(file)
      return .failure(Failure(message: "\(name) could not be written"))
    }
    close(file)
    // As kubectl chooses it; a pipe may be standard input, so the terminal is named.
    let editor = variable("KUBE_EDITOR") ?? variable("EDITOR") ?? variable("VISUAL") ?? "vi"
    let quoted = "'" + name.split(separator: "'").joined(separator: "'\\''") + "'"
    let status = screen.run("\(editor) \(quoted) </dev/tty")
    guard status == 0 else {
      let reason =
        status == 127
        ? "there is no editor \(editor): set EDITOR" : "\(editor) ended with \(status)"
      return .failure(Failure(message: "\(reason); nothing was changed"))
    }
    guard let bytes = read(name), let result = String(validating: bytes, as: UTF8.self) else {
      return .failure(Failure(message: "what the editor wrote cannot be read"))
    }
    return .success(result)
  }

  private static func variable(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }

  private static func write(_ bytes: [UInt8], to file: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { putBytes(file, $0.baseAddress, $0.count) }
      if count <= 0 { return false }
      rest.removeFirst(count)
    }
    return true
  }

  private static let sizeLimit = 16 << 20

  private static func read(_ path: String) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while bytes.count < sizeLimit {
      let count = chunk.withUnsafeMutableBytes { getBytes(file, $0.baseAddress, $0.count) }
      guard count > 0 else { return count == 0 ? bytes : nil }
      bytes += chunk.prefix(count)
    }
    return nil
  }
}

// The system's functions, whose names the enum has too.
private func putBytes(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(file, bytes, count)
}

private func getBytes(_ file: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(file, bytes, count)
}
