import Canvas
import Console
import Spelling

/// Why a picture could not be made, in a sentence with what to do.
public struct PictureProblem: Error, Hashable, Sendable {
  public var message: String
}

extension DashboardSession {
  /// The screen as `request` wants it, of what there is now; the session itself stays as it is.
  ///
  /// - Throws: when the theme or a key is not known.
  public func picture(_ request: PictureRequest) throws(PictureProblem) -> String {
    let theme = try theme(named: request.theme)
    let symbols: SymbolSet = request.isASCII ? .ascii : .unicode
    var copy = self
    copy.resize(to: ScreenSize(request.columns, request.rows))
    _ = copy.picture(symbols)
    for name in request.keys {
      guard let key = Key(name: name) else {
        throw PictureProblem(
          message: "there is no key \"\(name)\"; keys are written as in the help: j enter ctrl-d")
      }
      copy.take(.key(key))
      _ = copy.picture(symbols)
    }
    let grid = copy.picture(symbols)
    switch request.format {
    case .text: return grid.plainText + "\n"
    case .ansi: return grid.ansiText(theme)
    case .svg: return grid.svg(theme, title: copy.snapshot.header.clusterName)
    }
  }

  private func theme(named name: String?) throws(PictureProblem) -> Theme {
    guard let name else { return theme }
    return themes[try themeIndex(named: name)]
  }

  /// Where the theme of this name is among `themes`.
  public func themeIndex(named name: String) throws(PictureProblem) -> Int {
    if let index = themes.firstIndex(where: { $0.name == name }) { return index }
    let names = themes.map(\.name)
    let hint =
      NearestName.of(name, in: names).map { "did you mean \"\($0)\"?" }
      ?? "there are \(names.joined(separator: ", "))"
    throw PictureProblem(message: "there is no theme \"\(name)\"; \(hint)")
  }
}
