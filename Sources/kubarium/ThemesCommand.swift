import ArgumentParser
import Canvas
import Console
import Dashboard
import Manifests
import Themes

/// `kubarium themes`: what the program carries, and how well it can be read.
struct ThemesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "themes", abstract: "List the themes, or check how well they can be read.",
    discussion: """
      A theme of your own is a file in $XDG_CONFIG_HOME/kubarium/themes. base16 and base24 files \
      work as they are.
      """)

  @Flag(help: "Print the contrast of every text with its background; status 1 where it is too low.")
  var check = false

  @Argument(help: "Theme files to check instead of those that the program knows.")
  var files: [String] = []

  func run() throws {
    try reportingProblems {
      let sources = try files.isEmpty ? ThemeSource.all() : InputFiles.read(files)
      guard check || !files.isEmpty else {
        return StandardStreams.write(
          sources.map { ThemeSource.name(of: $0) + "\n" }.joined(), to: .output)
      }
      var isFine = true
      for source in sources {
        let report = try ThemeReport(source)
        StandardStreams.write(report.text, to: .output)
        isFine = isFine && report.isFine
      }
      if !isFine { throw ExitStatus.commandFailed }
    }
  }
}

/// The contrasts of one theme.
struct ThemeReport {
  private(set) var text = ""
  private(set) var isFine = true

  /// - Throws: `LoadingFailure` when the file is no theme.
  init(_ source: SourceFile) throws {
    let content = String(decoding: source.bytes, as: UTF8.self)
    let (theme, problems) = ThemeFile.read(content, file: source.name)
    guard let theme else { throw LoadingFailure(problems.map(\.description)) }
    for problem in problems {
      text += problem.description + "\n"
      isFine = false
    }
    let wanted = ThemeFile.contrast(in: content)
    for role in Role.allCases {
      guard let ratio = theme.contrast(of: role) else { continue }
      let least = role.isLine ? (wanted >= 7 ? 4.5 : 3) : wanted
      let isEnough = ratio >= least
      isFine = isFine && isEnough
      text += row(theme.name, role.name, ratio, least, isEnough)
    }
    if theme.isMonochrome { text += "\(theme.name): the terminal's own colours\n" }
  }

  private func row(
    _ theme: String, _ role: String, _ ratio: Double, _ least: Double, _ isEnough: Bool
  ) -> String {
    func padded(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(width - text.count, 1))
    }
    let tenths = Int(ratio * 10)
    let figure = "\(tenths / 10).\(tenths % 10):1"
    let verdict = isEnough ? "ok" : "too low: \(least) is wanted"
    return padded(theme, 17) + padded(role, 17) + padded(figure, 9) + verdict + "\n"
  }
}

extension Role {
  /// Lines need less contrast than text.
  fileprivate var isLine: Bool { self == .border || self == .gaugeEmpty }
}
