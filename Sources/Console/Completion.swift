import ClusterModel
import Simulation

extension Console {
  /// The words that the last, unfinished word of `line` may become, sorted.
  ///
  /// A line that ends in a space asks for the next word.
  public func completions(of line: String) -> [String] {
    let last = line.split(separator: ";", omittingEmptySubsequences: false).last.map(String.init)
    var words: [String] = []
    for character in last ?? "" {
      if character == " " || character == "\t" {
        if words.last != "" { words.append("") }
      } else if words.isEmpty {
        words.append(String(character))
      } else {
        words[words.count - 1].append(character)
      }
    }
    if words.first == "" { words.removeFirst() }
    let prefix = words.popLast() ?? ""
    return Completer(console: self, before: words, prefix: prefix).candidates()
  }
}

/// Finds what may stand at the end of a command.
struct Completer {
  let console: Console
  /// The whole words before the one to complete.
  let before: [String]
  let prefix: String

  func candidates() -> [String] {
    var words = before[...]
    if let first = words.first, first == "kubectl" || first == "k" { words.removeFirst() }
    guard let name = words.popFirst() else { return matching(Verbs.all.map(\.name)) }
    guard var verb = VerbFinder.verb(name, among: Verbs.all) else { return [] }
    while let word = words.first, let subverb = VerbFinder.verb(word, among: verb.subverbs) {
      verb = subverb
      words.removeFirst()
    }
    let rest = Array(words)
    let flags = VerbFinder.flags(of: verb)
    if let values = flagValues(rest, flags) { return values }
    if prefix.hasPrefix("-") { return matching(flags.map { "--\($0.name)" }) }
    let given = arguments(rest, flags)
    if !verb.subverbs.isEmpty, given.isEmpty { return matching(verb.subverbs.map(\.name)) }
    return operands(verb.operands, given, rest, flags)
  }

  /// Sorted, each once.
  private func matching(_ words: [String]) -> [String] {
    var found: [String] = []
    for word in words.filter({ $0.hasPrefix(prefix) }).sorted() where found.last != word {
      found.append(word)
    }
    return found
  }

  /// The values of a flag whose turn it is: `-o ` or `--output=`.
  private func flagValues(_ rest: [String], _ flags: [Flag]) -> [String]? {
    if prefix.hasPrefix("--"), let (name, value) = prefix.dropFirst(2).description.divided(at: "=")
    {
      guard let flag = flags.first(where: { $0.name == name }) else { return [] }
      return words(flag.candidates).filter { $0.hasPrefix(value) }.map { "--\(name)=\($0)" }
    }
    guard let last = rest.last, let flag = Self.flag(last, flags), flag.takesNextWord else {
      return nil
    }
    return matching(words(flag.candidates))
  }

  private static func flag(_ word: String, _ flags: [Flag]) -> Flag? {
    guard word.hasPrefix("-"), !word.contains("=") else { return nil }
    if word.hasPrefix("--") { return flags.first { "--\($0.name)" == word } }
    return word.count == 2 ? flags.first { $0.short == word.last } : nil
  }

  private func words(_ candidates: Flag.Candidates) -> [String] {
    switch candidates {
    case .none: []
    case .words(let words): words
    case .namespaces: names(.namespaces, nil)
    case .nodes: names(.nodes, nil)
    }
  }

  /// The words that are neither flags nor their values.
  private func arguments(_ rest: [String], _ flags: [Flag]) -> [String] {
    var arguments: [String] = []
    var isValue = false
    for word in rest {
      if isValue {
        isValue = false
      } else if word.hasPrefix("-") {
        isValue = Self.flag(word, flags)?.takesNextWord ?? false
      } else {
        arguments.append(word)
      }
    }
    return arguments
  }

  private func operands(
    _ operands: Operands, _ given: [String], _ rest: [String], _ flags: [Flag]
  ) -> [String] {
    let namespace = namespace(rest, flags)
    switch operands {
    case .none: return []
    case .words(let words): return given.isEmpty ? matching(words) : []
    case .nodes: return matching(names(.nodes, nil))
    case .places: return places(namespace, isSource: given.isEmpty)
    case .objects: return objects(namespace, given)
    }
  }

  private func namespace(_ rest: [String], _ flags: [Flag]) -> String {
    let values = try? FlagParser.parse(rest, flags: flags)
    return values?.text("namespace") ?? console.namespace
  }

  private func objects(_ namespace: String, _ given: [String]) -> [String] {
    let world = console.world
    if let (kind, _) = prefix.divided(at: "/") {
      guard let resource = ResourceNames.find(kind, in: world) else { return [] }
      return matching(names(resource, namespace).map { "\(kind)/\($0)" })
    }
    guard let kind = given.first else {
      let kept = world.store.keptResources
      return matching((APIResource.wellKnown + kept).map(\.plural) + ["all"])
    }
    guard !kind.contains("/"), let resource = ResourceNames.find(kind, in: world) else { return [] }
    return matching(names(resource, namespace).filter { !given.contains($0) })
  }

  private func places(_ namespace: String, isSource: Bool) -> [String] {
    let pods = names(.pods, namespace).map { "pod/\($0)" }
    let nodes = names(.nodes, nil).map { "node/\($0)" }
    if isSource { return matching(["external"] + pods + nodes) }
    let services = console.world.store.services.list(namespace: namespace).flatMap { service in
      service.ports.map { "svc/\(service.metadata.name):\($0.port)" }
    }
    return matching(services + pods + nodes)
  }

  private func names(_ resource: APIResource, _ namespace: String?) -> [String] {
    console.world.store.list(resource, namespace: namespace).map(\.metadata.name)
  }
}
