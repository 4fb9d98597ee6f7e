import Glibc
import Terminal

/// The user's own editor, in the place of the dashboard for a while.
enum Editor {
  struct Failure: Error { var message: String }

  /// Lets `text` be changed on the terminal and returns what it has become.
  static func edit(
    _ text: String, named name: String, on screen: inout Screen
  ) -> Result<String, Failure> {
    // A pipe may be standard input, so the terminal is named.
    edit(text, named: name) { screen.run("\($0) </dev/tty") }
  }

  /// The same where there is no screen: the editor has this program's input and output.
  ///
  /// Without a terminal there is none but what the environment names.
  static func edit(_ text: String, named name: String) -> Result<String, Failure> {
    guard isNamed || isatty(STDIN_FILENO) != 0 else {
      return .failure(Failure(message: "unable to launch the editor \"\(program)\""))
    }
    var status: Int32 = 0
    let result = edit(text, named: name) { command in
      status = system(command)
      return status & 0x7F == 0 ? status >> 8 & 0xFF : status
    }
    guard status != 0 else { return result }
    let isMissing = status >> 8 & 0xFF == 127
    return .failure(
      Failure(
        message: isMissing
          ? "unable to launch the editor \"\(program)\""
          : "there was a problem with the editor \"\(program)\""))
  }

  /// As kubectl chooses it.
  private static var program: String {
    variable("KUBE_EDITOR") ?? variable("EDITOR") ?? variable("VISUAL") ?? "vi"
  }

  private static var isNamed: Bool {
    ["KUBE_EDITOR", "EDITOR", "VISUAL"].contains { variable($0) != nil }
  }

  private static func edit(
    _ text: String, named name: String, _ run: (String) -> Int32
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
    let editor = program
    let quoted = "'" + name.split(separator: "'").joined(separator: "'\\''") + "'"
    let status = run("\(editor) \(quoted)")
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
