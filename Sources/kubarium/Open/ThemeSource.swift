import Canvas
import Console
import Glibc
import Themes

/// Where themes come from: the binary, and the user's own folder.
enum ThemeSource {
  /// Those of the binary first, then the user's own by name; one of the same name takes the place
  /// of the program's.
  static func all() throws -> [SourceFile] {
    var sources = BuiltInThemes.all.map { SourceFile(name: $0.name + ".yaml", bytes: $0.bytes) }
    for own in try users() {
      if let index = sources.firstIndex(where: { name(of: $0) == name(of: own) }) {
        sources[index] = own
      } else {
        sources.append(own)
      }
    }
    return sources
  }

  /// The last part of the file's name without its ending.
  static func name(of source: SourceFile) -> String {
    let base = source.name.split(separator: "/").last.map { String($0) } ?? source.name
    return base.split(separator: ".").first.map { String($0) } ?? base
  }

  private static func users() throws -> [SourceFile] {
    guard let folder = UserFolder.configuration.map({ $0 + "/themes" }), UserFolder.exists(folder)
    else { return [] }
    do throws(UnreadableFile) {
      return try DiskFiles().files(at: folder, recursively: false)
    } catch {
      return []
    }
  }
}

/// The user's own folders (XDG Base Directory Specification).
enum UserFolder {
  /// `$XDG_CONFIG_HOME/kubarium`, or `~/.config/kubarium`; nil without a home.
  static var configuration: String? {
    if let folder = environment("XDG_CONFIG_HOME") { return folder + "/kubarium" }
    return environment("HOME").map { $0 + "/.config/kubarium" }
  }

  static func exists(_ path: String) -> Bool { access(path, R_OK) == 0 }

  private static func environment(_ name: String) -> String? {
    guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else { return nil }
    return value
  }
}

/// Notices when a theme of the user's own folder changes, so that it can be seen while it is made.
struct ThemeWatch {
  private var seen: [Int]?
  private var nextLook: Int64 = 0

  /// The themes anew when a file has changed since the last look; looks once a second.
  mutating func changed(at now: Int64) -> [Theme]? {
    guard now >= nextLook else { return nil }
    nextLook = now + 1_000_000_000
    let present = Self.times()
    defer { seen = present }
    guard let seen, seen != present else { return nil }
    return try? OpenThemes(first: nil).all
  }

  /// When the folder and its files were written, in the order of their names.
  private static func times() -> [Int] {
    guard let folder = UserFolder.configuration.map({ $0 + "/themes" }),
      let stream = opendir(folder)
    else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream), names.count < 1000 {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        })
    }
    return names.sorted().map { name in
      var status = stat()
      guard stat(folder + "/" + name, &status) == 0 else { return 0 }
      return status.st_mtim.tv_sec &* 1_000_000_007 &+ status.st_mtim.tv_nsec &+ name.count
    }
  }
}
