import Console
import Glibc

/// Reads files for commands: relative to the working directory, `-` for standard input.
struct DiskFiles: FileReading {
  /// More than any manifest needs; a larger file is a mistake.
  static let largestFile = 64 << 20
  private static let endings = [".yaml", ".yml", ".json"]

  func files(at path: String, recursively: Bool) throws(UnreadableFile) -> [SourceFile] {
    if path == "-" {
      return [SourceFile(name: "stdin", bytes: try read(descriptor: 0, name: "standard input"))]
    }
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw UnreadableFile("the path \"\" does not exist")
    }
    var status = stat()
    guard stat(path, &status) == 0 else { throw Self.problem(path, errno) }
    if status.st_mode & S_IFMT == S_IFDIR {
      return try directory(path, recursively, depth: 0)
    }
    return [SourceFile(name: path, bytes: try readFile(path))]
  }

  /// The manifests of a directory in name order.
  private func directory(_ path: String, _ recursively: Bool, depth: Int) throws(UnreadableFile)
    -> [SourceFile]
  {
    guard depth < 64 else { throw UnreadableFile("the path \"\(path)\" is nested too deeply") }
    var found: [SourceFile] = []
    for name in try names(in: path) {
      let inner = path.hasSuffix("/") ? path + name : "\(path)/\(name)"
      var status = stat()
      guard stat(inner, &status) == 0 else { continue }
      let isDirectory = status.st_mode & S_IFMT == S_IFDIR
      if isDirectory, recursively {
        found += try directory(inner, true, depth: depth + 1)
      } else if !isDirectory, Self.endings.contains(where: name.hasSuffix) {
        found.append(SourceFile(name: inner, bytes: try readFile(inner)))
      }
    }
    if found.isEmpty, depth == 0 {
      throw UnreadableFile(
        "the path \"\(path)\" is a directory without *.yaml, *.yml or *.json files")
    }
    return found
  }

  private func names(in path: String) throws(UnreadableFile) -> [String] {
    guard let stream = opendir(path) else { throw Self.problem(path, errno) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  private func readFile(_ path: String) throws(UnreadableFile) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.problem(path, errno) }
    defer { close(descriptor) }
    return try read(descriptor: descriptor, name: path)
  }

  private func read(descriptor: Int32, name: String) throws(UnreadableFile) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = chunk.withUnsafeMutableBytes { buffer in
        #if canImport(Glibc)
          Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        #else
          Darwin.read(descriptor, buffer.baseAddress, buffer.count)
        #endif
      }
      if count == 0 { return bytes }
      if count < 0 {
        if errno == EINTR { continue }
        throw Self.problem(name, errno)
      }
      bytes += chunk[..<count]
      guard bytes.count <= Self.largestFile else {
        throw UnreadableFile(
          "\(name) is larger than \(Self.largestFile >> 20) MiB; split it into several files")
      }
    }
  }

  private static func problem(_ path: String, _ code: Int32) -> UnreadableFile {
    if code == ENOENT || code == ENOTDIR {
      return UnreadableFile("the path \"\(path)\" does not exist")
    }
    return UnreadableFile("the path \"\(path)\" cannot be read: \(String(cString: strerror(code)))")
  }
}
