import ClusterModel
import SimulationCore

/// How long a container's process runs by itself, and how it ends.
enum ContainerLife {
  /// Nil for one that runs until it is stopped.
  ///
  /// `kubarium.dev/exit-after` and `kubarium.dev/exit-code` say it for the containers,
  /// `kubarium.dev/init-time` and `kubarium.dev/init-exit-code` for the init containers, for one of
  /// them with its name behind a dot: `kubarium.dev/exit-code.migrate`. Without them a command that
  /// only sleeps, echoes and exits is taken at its word; else a container of a Job ends well after
  /// five seconds and an init container after half a second.
  static func of(
    _ container: Container, isInit: Bool, _ pod: Pod
  ) -> (time: Duration, code: Int32)? {
    func text(_ name: String) -> String? {
      pod.metadata.annotations["kubarium.dev/\(name).\(container.name)"]
        ?? pod.metadata.annotations["kubarium.dev/\(name)"]
    }
    let isPlainInit = isInit && !container.isSidecar
    let code = text(isPlainInit ? "init-exit-code" : "exit-code").flatMap { Int32($0) }
    if let time = text(isPlainInit ? "init-time" : "exit-after").flatMap(DurationText.parse),
      !isInit || isPlainInit || isNamed("exit-after", container, pod)
    {
      return (min(time, .hours(24 * 365)), code ?? 0)
    }
    if let script = CommandScript(container.command + container.args) {
      return script.time.map { ($0, code ?? script.code) }
    }
    if isPlainInit { return (.milliseconds(500), code ?? 0) }
    guard !isInit, pod.metadata.controllerReference?.kind == "Job" else { return nil }
    return (.seconds(5), code ?? 0)
  }

  private static func isNamed(_ name: String, _ container: Container, _ pod: Pod) -> Bool {
    pod.metadata.annotations["kubarium.dev/\(name).\(container.name)"] != nil
  }

  /// From SIGTERM to the process's end: `kubarium.dev/shutdown-time`; a shell or `sleep` as the
  /// first process of its container does not hear the signal at all.
  static func shutDown(_ pod: Pod) -> Duration {
    if let text = pod.metadata.annotations["kubarium.dev/shutdown-time"],
      let time = DurationText.parse(text)
    {
      return time
    }
    let isDeaf = pod.spec.value.containers.contains { container in
      CommandScript(container.command + container.args)?.time.map { $0 > .seconds(1) } ?? false
    }
    if isDeaf { return .hours(24) }
    return KubeletTimings.isInstant(pod.metadata.annotations) ? .zero : .milliseconds(300)
  }
}

/// A command that says by itself how long it runs and how it ends: `sleep 5`,
/// `sh -c "echo hello; sleep 3; exit 1"`.
struct CommandScript: Hashable {
  /// Nil for `sleep infinity`.
  private(set) var time: Duration? = .milliseconds(20)
  private(set) var code: Int32 = 0

  /// Nil for commands with anything else in them.
  init?(_ command: [String]) {
    guard let program = command.first?.split(separator: "/").last.map(String.init) else {
      return nil
    }
    if ["sh", "bash", "ash"].contains(program) {
      let flags = command.dropFirst().prefix { $0.hasPrefix("-") }
      guard flags.contains(where: { $0.hasSuffix("c") }),
        let script = command.dropFirst(1 + flags.count).first, read(script)
      else { return nil }
    } else {
      guard run([program] + command.dropFirst()) else { return nil }
    }
  }

  /// A shell's script; false when it is not that simple.
  private mutating func read(_ script: String) -> Bool {
    guard Self.isPlain(script) else { return false }
    var isOver = false
    for part in Self.commands(in: script) where !isOver {
      if part.isConditional, code != 0 { continue }
      let words = Self.words(of: part.text)
      guard let first = words.first else { continue }
      if first == "exit" {
        guard words.count <= 2 else { return false }
        if let text = words.dropFirst().first {
          guard let number = Int32(text) else { return false }
          code = number & 0xFF
        }
        isOver = true
        continue
      }
      guard run(words) else { return false }
    }
    return true
  }

  /// `a && b` is read; other uses of these characters are not.
  private static func isPlain(_ script: String) -> Bool {
    let rest = script.split(separator: "&&", omittingEmptySubsequences: false).joined()
    return !rest.contains { "|$`(){}<&\\".contains($0) }
  }

  private static func commands(in script: String) -> [(text: String, isConditional: Bool)] {
    script.split { $0 == ";" || $0 == "\n" }.flatMap { line in
      line.split(separator: "&&").enumerated().map { (String($1), $0 > 0) }
    }
  }

  private static func words(of text: String) -> [String] {
    text.split { $0 == " " || $0 == "\t" }.map { word in
      String(word.filter { $0 != "'" && $0 != "\"" })
    }
  }

  /// One simple command; false when it is not one.
  private mutating func run(_ words: [String]) -> Bool {
    switch words.first {
    case "sleep":
      guard words.count == 2 else { return false }
      if words[1] == "infinity" || words[1] == "inf" {
        time = nil
        return true
      }
      guard let duration = Self.seconds(words[1]) else { return false }
      time = time.map { $0 + duration }
      code = 0
    case "true", "echo", "date", ":", "printf", "hostname": code = 0
    case "false": code = 1
    default: return false
    }
    return true
  }

  /// `5`, `2m`, `1h`, `0.5`.
  private static func seconds(_ text: String) -> Duration? {
    let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    let unit = text.last.flatMap { units[$0] }
    let digits = unit == nil ? text[...] : text.dropLast()
    guard let amount = Quantity(String(digits)), digits.allSatisfy({ $0.isNumber || $0 == "." })
    else { return nil }
    let (product, overflow) = amount.milli.multipliedReportingOverflow(by: unit ?? 1)
    return overflow ? nil : .milliseconds(min(product, 1_000 * 86_400 * 365))
  }
}
