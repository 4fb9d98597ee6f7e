import Canvas
import ClusterModel

/// Themes of the base16 and base24 families, whose files load as they are.
///
/// They name sixteen or twenty-four colours by number: 00–07 from background to the brightest text,
/// 08–0F the hues from red to brown (github.com/tinted-theming/home, styling.md).
enum BaseScheme {
  /// The colours of a file by their two-digit number, from either layout: `palette:` with the
  /// names beneath, or all at the top. Nil when there are not the first sixteen.
  static func colors(in value: Value) -> [Int: String]? {
    let fields = value["palette"] ?? value
    var colors: [Int: String] = [:]
    for number in 0..<24 {
      let (high, low) = (number / 16, number % 16)
      let digits = String(high) + String(low, radix: 16).uppercased()
      guard let color = fields["base" + digits]?.string else { continue }
      colors[number] = color.hasPrefix("#") ? color : "#" + color
    }
    return (0..<16).allSatisfy({ colors[$0] != nil }) ? colors : nil
  }

  /// The name in either layout.
  static func name(in value: Value) -> String? {
    value["name"]?.string ?? value["scheme"]?.string
  }

  static func variant(_ colors: [Int: String]) -> Theme.Variant {
    let ground = colors[0].flatMap { RGB(hexText: $0) } ?? RGB(0)
    return ground.luminance < 0.18 ? .dark : .light
  }

  /// What each role is in these colours; what is not here is generated, so that it can be read.
  static func entries(_ colors: [Int: String]) -> [ThemeEntry] {
    func entry(
      _ role: String, _ front: Int, on back: Int? = nil, _ emphasis: Emphasis = []
    ) -> ThemeEntry {
      ThemeEntry(
        role: role, foreground: colors[front], background: back.flatMap { colors[$0] },
        emphasis: emphasis)
    }
    return [
      entry("default", 5, on: 0), entry("text", 5), entry("title", 6, .bold),
      entry("header", 4, .bold), entry("focusBorder", 13, .bold), entry("accent", 13),
      entry("statusBar", 5, on: 1), entry("overlay", 5, on: 1),
      entry("selection", 6, on: 2, .bold), entry("highlight", 5, on: 1),
      entry("searchMatch", 0, on: 10),
      entry("healthy", 11), entry("degraded", 10), entry("failing", 8, .bold),
      entry("notice", 12), entry("warning", 9), entry("error", 8, .bold),
      entry("hintKey", 13, .bold), entry("prompt", 10, .bold), entry("input", 6),
      entry("nodeNetwork", 12), entry("podNetwork", 11), entry("serviceNetwork", 14),
      entry("externalNetwork", 9), entry("traffic", 10, .bold), entry("gaugeFill", 13),
      entry("chart1", 13), entry("chart2", 9), entry("chart3", 11), entry("chart4", 14),
      entry("chart5", 10), entry("chart6", 8), entry("chart7", 12), entry("chart8", 15),
    ]
  }
}
