import ArgumentParser
import Canvas
import Console
import Demos
import Manifests
import Scenario
import Simulation
import Spelling

/// `kubarium demo`: shows that play themselves.
struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo", abstract: "Play and record the demos that the program carries.",
    subcommands: [DemoListCommand.self, DemoPlayCommand.self, DemoRecordCommand.self])
}

/// `kubarium demo list`.
struct DemoListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the demos.")

  func run() throws {
    let width = BuiltInDemos.all.map(\.name.count).max() ?? 0
    try reportingProblems {
      for demo in BuiltInDemos.all {
        let gap = String(repeating: " ", count: width - demo.name.count + 2)
        let title = try LoadedDemo.script(of: demo).title
        StandardStreams.write("\(demo.name)\(gap)\(title)\n", to: .output)
      }
    }
  }
}

/// A demo's script, and a session on its cluster.
struct LoadedDemo {
  var script: DemoScript
  var session: LoadedSession

  /// - Throws: `LoadingFailure` when there is no such demo, or a file of that name cannot be used.
  init(named name: String, seed: UInt64) throws {
    guard let demo = BuiltInDemos.all.first(where: { $0.name == name }) else {
      throw LoadingFailure([Self.unknown(name)])
    }
    script = try Self.script(of: demo)
    var configuration = WorldConfiguration()
    configuration.seed = seed
    session = try SessionLoader.load(
      [SourceFile(name: "\(demo.cluster).yaml", bytes: demo.manifest)],
      configuration: configuration)
  }

  static func script(of demo: Demo) throws -> DemoScript {
    let (script, problems) = DemoScript.read(demo.script, file: "\(demo.name).demo.yaml")
    guard let script else { throw LoadingFailure(problems.map(\.description)) }
    return script
  }

  private static func unknown(_ name: String) -> String {
    let names = BuiltInDemos.all.map(\.name)
    let near = NearestName.of(name, in: names).map { "did you mean \"\($0)\"?" }
    let hint = near ?? "there are \(names.joined(separator: ", "))"
    return "kubarium: there is no demo \"\(name)\"; \(hint)"
  }
}
