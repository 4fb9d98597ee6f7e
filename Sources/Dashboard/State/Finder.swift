import ControlPlane

/// A list in which one finds something by typing: the palette, the faults, the namespaces.
public struct Finder: Hashable, Sendable {
  public enum Kind: Hashable, Sendable { case palette, faults, namespaces, sorting }

  public var kind: Kind
  public var title: String
  public var items: [FinderItem]
  public var editor = LineEditor("")
  /// Which of `matches` is chosen.
  public var index = 0
  /// What fits to the words, the best first.
  public var matches: [FinderItem]

  static let limit = 200

  init(_ kind: Kind, _ title: String, _ items: [FinderItem]) {
    (self.kind, self.title, self.items) = (kind, title, items)
    matches = Array(items.prefix(Self.limit))
  }

  /// Finds anew; in the palette also among the objects.
  mutating func search(_ snapshot: DashboardSnapshot) {
    let words = editor.text
    index = 0
    guard !words.isEmpty else {
      matches = Array(items.prefix(Self.limit))
      return
    }
    let pattern = FuzzyPattern(words)
    var found: [(score: Int, item: FinderItem)] = []
    for item in items {
      if let score = pattern.score(item.title) {
        found.append((score + 4, item))
      } else if let score = pattern.score(item.detail) {
        found.append((score - 8, item))
      }
    }
    if kind == .palette {
      Self.forEachObject(in: snapshot) { title, act in
        guard let score = pattern.score(title) else { return }
        found.append((score, FinderItem(title, act: act(), detail: "object")))
      }
    }
    found.sort { ($1.score, $0.item.title) < ($0.score, $1.item.title) }
    matches = found.prefix(Self.limit).map(\.item)
  }

  private static func forEachObject(
    in snapshot: DashboardSnapshot, _ body: (String, () -> FinderItem.Act) -> Void
  ) {
    for service in snapshot.services {
      body("service \(service.name.name)") { .service(service.name) }
    }
    for node in snapshot.nodes {
      body("node \(node.name)") { .node(node.name) }
      for pod in node.pods { body("pod \(pod.name.name)") { .pod(pod.name, node: node.name) } }
    }
    for pod in snapshot.unscheduled { body("pod \(pod.name.name)") { .pod(pod.name, node: "") } }
  }
}

/// One thing that can be found, and what choosing it does.
public struct FinderItem: Hashable, Sendable {
  public enum Act: Hashable, Sendable {
    /// Runs a command.
    case run(String)
    /// Opens the prompt with the beginning of one.
    case prompt(String)
    /// Does what a key of the panels does.
    case binding(Int)
    case service(NamespacedName)
    case pod(NamespacedName, node: String)
    case node(String)
    /// Shows one namespace, or all.
    case namespace(String?)
    case sort(String)
  }

  public var title: String
  public var act: Act
  public var detail: String
  /// Why it cannot be chosen now; empty when it can.
  public var refusal = ""

  public init(_ title: String, act: Act, detail: String = "", refusal: String = "") {
    (self.title, self.act, self.detail, self.refusal) = (title, act, detail, refusal)
  }
}

/// Letters that must occur in a text in their order, not necessarily together.
struct FuzzyPattern: Hashable, Sendable {
  private var letters: [UInt8]

  init(_ text: String) { letters = text.utf8.filter { $0 != 32 }.map(\.asLowercase) }

  /// How well `text` fits: the higher the better; nil when it does not.
  ///
  /// Letters at the start of words and letters side by side count more; gaps count less.
  func score(_ text: String) -> Int? {
    guard let first = letters.first else { return 0 }
    let bytes = Array(text.utf8)
    var best: Int?
    // From each place where it may begin, as early as possible from there.
    for start in bytes.indices where bytes[start].asLowercase == first {
      guard let score = score(bytes, from: start) else { break }
      best = max(best ?? score, score)
    }
    return best
  }

  private func score(_ text: [UInt8], from start: Int) -> Int? {
    var score = 0
    var place = start
    var last = start - 1
    for letter in letters {
      while place < text.count, text[place].asLowercase != letter { place += 1 }
      guard place < text.count else { return nil }
      let isWordStart = place == 0 || !text[place - 1].isLetterOrDigit
      score += isWordStart ? 8 : 1
      if place == last + 1 { score += 5 } else { score -= min(place - last, 6) }
      last = place
      place += 1
    }
    return score - text.count / 16
  }
}

extension UInt8 {
  var asLowercase: UInt8 { (65...90).contains(self) ? self + 32 : self }
  var isLetterOrDigit: Bool {
    (48...57).contains(self) || (65...90).contains(self) || (97...122).contains(self) || self > 127
  }
}
