import Canvas

/// The lines of an asciicast, version 2: a header, then an array for every event.
///
/// Version 2 is what every player reads (docs.asciinema.org/manual/asciicast/v2). A line is complete
/// in itself, so a file that ends after any line can be played.
public enum Asciicast {
  /// What an event is.
  public enum Code: String, Sendable {
    case output = "o"
    case marker = "m"
    case resize = "r"
  }

  /// The first line, with its line end.
  public static func header(
    columns: Int, rows: Int, title: String, theme: Theme, timestamp: Int64? = nil
  ) -> String {
    var fields = ["\"version\": 2", "\"width\": \(columns)", "\"height\": \(rows)"]
    if let timestamp { fields.append("\"timestamp\": \(timestamp)") }
    if !title.isEmpty { fields.append("\"title\": \(title.jsonQuoted)") }
    fields.append("\"env\": {\"TERM\": \"xterm-256color\"}")
    fields.append("\"theme\": \(palette(of: theme))")
    return "{\(fields.joined(separator: ", "))}\n"
  }

  /// An event's line, with its line end; `nanoseconds` since the start.
  public static func line(_ nanoseconds: Int64, _ code: Code, _ data: String) -> String {
    "[\(seconds(nanoseconds)), \"\(code.rawValue)\", \(data.jsonQuoted)]\n"
  }

  /// Seconds with six digits, as asciinema itself writes them.
  private static func seconds(_ nanoseconds: Int64) -> String {
    let micros = max(nanoseconds, 0) / 1000
    let (whole, part) = micros.quotientAndRemainder(dividingBy: 1_000_000)
    let digits = String(part)
    return "\(whole)." + String(repeating: "0", count: 6 - digits.count) + digits
  }

  /// The colours that players use where a recording names none of its own.
  private static func palette(of theme: Theme) -> String {
    func color(_ role: Role, _ missing: UInt32) -> String {
      guard case .rgb(let rgb) = theme[role].foreground else { return RGB(missing).hexText }
      return rgb.hexText
    }
    let isDark = theme.variant == .dark
    let front = color(.text, isDark ? 0xD8DEE9 : 0x24292F)
    var back = RGB(isDark ? 0x16191F : 0xFBFAF7).hexText
    if case .rgb(let rgb) = theme[.text].background { back = rgb.hexText }
    let eight = [
      back, color(.failing, 0xD75F5F), color(.healthy, 0x5FAF5F), color(.degraded, 0xD7AF5F),
      color(.accent, 0x5F87D7), color(.serviceNetwork, 0xAF87D7), color(.notice, 0x5FAFAF), front,
    ]
    let colors = (eight + eight).joined(separator: ":")
    return "{\"fg\": \"\(front)\", \"bg\": \"\(back)\", \"palette\": \"\(colors)\"}"
  }
}

extension String {
  /// The text as a JSON string (RFC 8259, section 7); ESC as \u001b.
  var jsonQuoted: String {
    var text = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      default:
        if scalar.value < 0x20 || scalar.value == 0x7F {
          let hex = String(scalar.value, radix: 16)
          text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        } else {
          text.unicodeScalars.append(scalar)
        }
      }
    }
    return text + "\""
  }
}
