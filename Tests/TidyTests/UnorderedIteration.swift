import Foundation

/// Finds places where code walks over a dictionary or a set.
///
/// Swift seeds its hashing in every process, so such a walk is another one in every run. The scanner
/// follows names to the types that are written down for them: it sees what a careful reader of the
/// same files sees, not what a compiler knows.
struct UnorderedIterationScanner {
  /// The files of a module and, so that their members are known by name, of those it imports.
  private let files: [File]
  private let members: [String: [(file: Int, declaration: Declaration)]]

  private struct File {
    let source: SwiftSource
    let declarations: [String: [Declaration]]
  }

  init(_ sources: [SwiftSource]) {
    let aliases = sources.map(DeclarationReader.aliases(in:))
      .reduce(into: [:]) { $0.merge($1) { first, _ in first } }
    files = sources.map { source in
      let all = DeclarationReader(source, aliases: aliases).read()
      return File(source: source, declarations: Dictionary(grouping: all, by: \.name))
    }
    members = files.enumerated().reduce(into: [:]) { table, numbered in
      for declaration in numbered.element.declarations.values.joined() where declaration.isMember {
        table[declaration.name, default: []].append((numbered.offset, declaration))
      }
    }
  }

  /// Returns what was found in the files that `isWanted` chooses, in the order of the files.
  func findings(in isWanted: (String) -> Bool = { _ in true }) -> [Finding] {
    files.indices.filter { isWanted(files[$0].source.path) }.flatMap(findings(inFile:))
  }

  /// The reason in a comment that lets a place through.
  static let excuse = "// order-free:"

  private func findings(inFile index: Int) -> [Finding] {
    let file = files[index]
    var lines: Set<Int> = []
    for offset in reader(of: index, depth: 0).walks() { lines.insert(file.source.line(at: offset)) }
    return lines.sorted().filter { !isExcused($0, in: file.source) }.map { line in
      Finding(
        path: file.source.path, line: line,
        message: "walks over a Dictionary or a Set, whose order differs in every process: keep an "
          + "array, walk over `.keys.sorted()`, or say in a comment on this line or the one before "
          + "why the order cannot matter: `\(Self.excuse) <reason>`")
    }
  }

  private func isExcused(_ line: Int, in source: SwiftSource) -> Bool {
    [line - 1, line].contains { number in
      let text = source.textOfLine(number)
      guard let excuse = text.range(of: Self.excuse) else { return false }
      return text[excuse.upperBound...].trimmingCharacters(in: .whitespaces).count >= 3
    }
  }

  /// Returns a reader of a file's chains; `depth` counts initializers that refer to others.
  private func reader(of index: Int, depth: Int) -> ChainReader {
    ChainReader(code: files[index].source.code) { name, offset, isBase in
      guard depth < 6 else { return nil }
      return type(of: name, at: offset, isBase: isBase, inFile: index, depth: depth)
    }
  }

  /// Returns the type of a name where it is used, if it can be read off.
  private func type(of name: String, at offset: Int, isBase: Bool, inFile index: Int, depth: Int)
    -> TypeText?
  {
    if isBase {
      let visible = (files[index].declarations[name] ?? []).filter {
        $0.scope.contains(offset) && ($0.isMember || $0.offset < offset)
          && $0.initializer != offset
      }
      let nearest = visible.min { ($0.scope.count, -$0.offset) < ($1.scope.count, -$1.offset) }
      if let nearest { return type(of: nearest, inFile: index, depth: depth) }
    }
    return memberType(of: name, inFile: index, depth: depth)
  }

  private func type(of declaration: Declaration, inFile index: Int, depth: Int) -> TypeText? {
    if let type = declaration.type { return type }
    guard let start = declaration.initializer else { return nil }
    return reader(of: index, depth: depth + 1).type(at: start)
  }

  /// Returns the type of a property by its name alone: this file's if it has one, else the one that
  /// all declarations of the name agree on.
  private func memberType(of name: String, inFile index: Int, depth: Int) -> TypeText? {
    let all = members[name] ?? []
    let here = all.filter { $0.file == index }
    let types = (here.isEmpty ? all : here).map {
      type(of: $0.declaration, inFile: $0.file, depth: depth)
    }
    guard let first = types.first ?? nil else { return nil }
    return types.allSatisfy { $0?.isUnordered == first.isUnordered } ? first : nil
  }
}
