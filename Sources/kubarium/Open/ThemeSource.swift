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
