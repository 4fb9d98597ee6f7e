import Canvas

extension Settings {
  /// A `config.yaml` with everything that can be set, as it is without the file; each line is a
  /// comment until its mark is taken away.
  public static func template(themes: [String]) -> String {
    var text = """
      # Kubarium's settings. Take the mark away from a line, and change it.

      # One of \(themes.joined(separator: ", ")), or one of your own in themes/ beside this file.
      # theme: \(themes.first ?? "dark")
      # One of \(ColorMode.allCases.map(\.rawValue).joined(separator: ", ")).
      # color: auto
      # Draw with ASCII characters only.
      # ascii: false
      # Draw requests as they move; without, figures change twice a second.
      # animation: true
      # Take the mouse; without, the terminal marks text with it.
      # mouse: true
      # One of \(ChartStyle.allCases.map(\.rawValue).joined(separator: ", ")).
      # charts: block
      # Lists with all their columns.
      # wide: false
      # Show the system's namespaces too.
      # system: false
      # Offer the tour when the program runs for the first time.
      # tour: true

      # One key or a list of them each; [] for none. A key that a row gets here is taken from the
      # row that had it.
      # keys:

      """
    for context in KeyContext.allCases {
      text += "#   \(context.rawValue):\n"
      for row in Keymap.standard.bindings(in: context) where row.name != "suspend" {
        let keys = row.keys.map { quoted($0.name) }.joined(separator: ", ")
        text += "#     \(row.name): [\(keys)]  # \(row.help)\n"
      }
    }
    return text
  }

  private static func quoted(_ name: String) -> String {
    let isPlain = name.utf8.allSatisfy(\.isLetterOrDigit) || name.utf8.count > 1
    return isPlain && !["y", "n", "Y", "N"].contains(name) ? name : "\"\(name)\""
  }
}
