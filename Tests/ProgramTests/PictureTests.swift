import Foundation
import Testing

@Suite struct `Pictures and recordings of the program` {
  private static let shop = "demos/shop.yaml"
  private static let settled = [
    "wait --for=condition=available deployment --all --timeout=120s", "advance 20s",
  ]

  @Test(arguments: ["80x24", "120x40", "200x60", "60x16"])
  func `a frame has the size that was asked for`(size: String) throws {
    let result = try Program.exec(
      Self.settled + ["frame --size \(size)"], files: [Self.shop])
    let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.contains("condition met") }
    let wanted = size.split(separator: "x").compactMap { Int($0) }
    #expect(lines.count - 1 == wanted[1])
    #expect(lines.allSatisfy { $0.count <= wanted[0] })
    #expect(result.output.contains("Service network"))
  }

  @Test func `keys are pressed before the picture is taken`() throws {
    let result = try Program.exec(["frame --keys ?"], files: [Self.shop])
    #expect(result.output.contains("scale its Deployment"))
    let unknown = try Program.exec(["frame --keys 'j foo'"])
    #expect(unknown.status == 1)
    #expect(unknown.errors.hasPrefix("error: there is no key \"foo\""))
  }

  @Test func `a drawing is a whole document, and an ASCII picture has nothing else`() throws {
    let svg = try Program.exec(["frame --format svg --theme projector-light"], files: [Self.shop])
    #expect(svg.output.hasPrefix("<svg ") && svg.output.hasSuffix("</svg>\n"))
    let ascii = try Program.exec(["frame --ascii"], files: [Self.shop])
    #expect(ascii.output.utf8.allSatisfy { $0 < 128 })
  }

  @Test(arguments: [
    ("frame --size 3", "--size"), ("frame --format gif", "--format"),
    ("frame --theme darc", "did you mean \"dark\"?"), ("theme harbor", "did you mean \"harbour\"?"),
    ("record start x.cast", "there is no screen to record here"),
    ("frame -o /nowhere/x.svg", "cannot be written"),
  ])
  func `what cannot be is said`(command: String, reason: String) throws {
    let result = try Program.exec([command])
    #expect(result.status == 1)
    #expect(result.errors.contains(reason))
  }

  @Test func `the same demo and seed give the same recording, in both builds`() throws {
    let folder = try TemporaryFolder()
    func record(_ name: String, _ build: Program.Build = .debug) throws -> Data {
      let file = folder.url(name)
      let result = try Program.run(
        ["demo", "record", "shop", "--size", "80x24", "-o", file.path], build: build)
      #expect(result.status == 0, "\(result.errors)")
      return try Data(contentsOf: file)
    }
    let first = try record("first.cast")
    #expect(try record("second.cast") == first)
    if Program.path(.release) != nil { #expect(try record("third.cast", .release) == first) }
    let lines = first.split(separator: UInt8(ascii: "\n"))
    let header = try JSONSerialization.jsonObject(with: lines[0]) as? [String: Any]
    #expect(header?["version"] as? Int == 2)
    var last = 0.0
    for line in lines.dropFirst() {
      let event = try #require(try JSONSerialization.jsonObject(with: line) as? [Any])
      #expect(event.count == 3)
      let time = try #require(event[0] as? Double)
      #expect(time >= last)
      last = time
    }
    #expect(first.count < 3 << 20)
  }

  @Test func `an unknown demo is answered with the nearest one`() throws {
    let result = try Program.run(["demo", "record", "shp", "-o", "/dev/null"])
    #expect(result.status == 2)
    #expect(result.errors == "kubarium: there is no demo \"shp\"; did you mean \"shop\"?\n")
  }

  @Test func `every theme of the program has the contrast that it promises`() throws {
    let result = try Program.run(["themes", "--check"])
    #expect(result.status == 0, "\(result.output)")
    #expect(result.output.contains("projector-dark"))
  }

  /// The players that `make test` looks after: Debian's, and the one of PyPI.
  private static let (debian, pypi) = (
    "/usr/bin/asciinema", Program.root.appending(path: ".build/players/bin/asciinema").path
  )

  private static func has(_ player: String) -> Bool {
    FileManager.default.isExecutableFile(atPath: player)
  }

  private static let demos = ["shop", "endpoints", "rollout", "selector"]

  @Test(
    .enabled(if: has(debian), "no /usr/bin/asciinema (apt-get install asciinema)"),
    arguments: demos)
  func `asciinema of Debian plays every demo to its end`(demo: String) throws {
    try expectPlayed(demo, by: Self.debian)
  }

  @Test(
    .enabled(if: has(pypi), "no asciinema of PyPI (scripts/players .build/players)"),
    arguments: demos)
  func `asciinema of PyPI plays every demo to its end`(demo: String) throws {
    try expectPlayed(demo, by: Self.pypi)
  }

  private func expectPlayed(_ demo: String, by player: String) throws {
    let folder = try TemporaryFolder()
    let file = folder.url("demo.cast").path
    let made = try Program.run(["demo", "record", demo, "--size", "80x24", "-o", file])
    #expect(made.status == 0, "\(made.errors)")
    let output = folder.url("played").path
    let status = system("\(player) play -s 10000 -i 0.001 '\(file)' </dev/null >'\(output)' 2>&1")
    #expect(status == 0)
    // What is written is what is played.
    let played = try String(contentsOfFile: output, encoding: .utf8)
    let sent = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").dropFirst()
      .compactMap { try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [Any] }
      .filter { $0[1] as? String == "o" }.compactMap { $0[2] as? String }.joined()
    #expect(played == sent)
  }
}
