/// `frame`: the dashboard's screen as a picture.
struct FrameVerb: Verb {
  let name = "frame"
  let summary = "Print the dashboard's screen: as text, with colours, or as a drawing"
  let usage =
    "[--size 120x40] [--format text|ansi|svg] [--theme NAME] [--ascii] [--keys KEYS] [-o FILE]"
  let isKubectl = false
  let examples = [
    "frame --size 80x24", "frame --format svg -o screen.svg",
    "frame --keys '3 j +' --theme light --format ansi",
  ]
  let flags: [Flag] = [
    Flag("size", "Columns x rows, from 60x16 to 400x100"),
    Flag(
      "format", "text, ansi or svg",
      offers: .words(PictureRequest.Format.allCases.map(\.rawValue))),
    Flag("theme", "The theme to paint with"),
    Flag("ascii", .toggle, "Draw with ASCII characters only"),
    Flag("keys", "Keys to press first, with spaces between: '3 j enter'"),
    Flag("output", short: "o", "The file to write instead of printing"),
  ]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    try call.expectNoArguments()
    var request = PictureRequest()
    if let text = call.values.text("size") {
      guard let size = Self.size(text) else {
        throw call.wrongUsage("--size \(text.goQuoted): write COLUMNSxROWS, such as 120x40")
      }
      (request.columns, request.rows) = size
    }
    if let text = call.values.text("format") {
      guard let format = PictureRequest.Format(rawValue: text) else {
        throw call.wrongUsage("--format \(text.goQuoted): text, ansi and svg are possible")
      }
      request.format = format
    }
    request.theme = call.values.text("theme")
    request.isASCII = call.values.flag("ascii")
    request.keys = (call.values.text("keys") ?? "").split(separator: " ").map { String($0) }
    request.file = call.values.text("output")
    transcript.requests.append(.picture(request))
  }

  /// 1x1 to 400x100, the sizes that a screen may have.
  private static func size(_ text: String) -> (Int, Int)? {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false)
    guard parts.count == 2, let columns = Int(parts[0]), let rows = Int(parts[1]),
      (1...400).contains(columns), (1...100).contains(rows)
    else { return nil }
    return (columns, rows)
  }
}

/// `record`: what the screen shows, as a file for asciinema.
struct RecordVerb: Verb {
  let name = "record"
  let summary = "Record the screen as an asciicast"
  let usage = "start FILE | stop"
  let isKubectl = false
  let examples = ["record start demo.cast", "record stop"]
  let subverbs: [any Verb] = [RecordStartVerb(), RecordStopVerb()]
}

/// `record start`: begins.
struct RecordStartVerb: Verb {
  let name = "start"
  let summary = "Record the screen into FILE from now on"
  let usage = "FILE"
  let isKubectl = false

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    guard call.arguments.count == 1, let path = call.arguments.first, !path.isEmpty else {
      throw call.wrongUsage("one file is needed, such as demo.cast")
    }
    transcript.requests.append(.startRecording(path))
  }
}

/// `record stop`: ends and closes the file.
struct RecordStopVerb: Verb {
  let name = "stop"
  let summary = "End the recording"
  let usage = ""
  let isKubectl = false

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    try call.expectNoArguments()
    transcript.requests.append(.stopRecording)
  }
}

/// `theme`: how the dashboard looks.
struct ThemeVerb: Verb {
  let name = "theme"
  let summary = "Use another theme"
  let usage = "NAME"
  let isKubectl = false
  let examples = ["theme light"]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    guard call.arguments.count == 1, let name = call.arguments.first else {
      throw call.wrongUsage("the name of a theme is needed; 'kubarium themes' lists them")
    }
    transcript.requests.append(.theme(name))
  }
}
