import ClusterModel

/// The way of one packet, hop by hop, as far as it has been shown.
public struct TraceView: Hashable, Sendable {
  /// The command that asked for it.
  public var command: String
  public var verdict: String
  public var reason: String
  public var endpoint: String?
  public var sourceSeen: String?
  public var candidates: [Candidate]
  /// What was asked of the DNS, in words.
  public var lookups: [String]
  public var hops: [TraceHop]
  /// The hop that is shown.
  public var index = 0
  /// Hops behind this one are not to be seen yet.
  public var revealed: Int
  public var prediction: Prediction?
  /// The first visible line beside the map.
  public var offset = 0

  public struct Candidate: Hashable, Sendable {
    public var address: String
    public var probability: Double
  }

  var isDelivered: Bool { verdict == "delivered" }
  /// The last hop of the way there.
  var lastHop: Int { (hops.lastIndex { !$0.isReply }) ?? 0 }
  /// Whether it has been shown what becomes of the packet.
  var isAtEnd: Bool { index >= lastHop }

  /// FROM and TO of the command.
  var places: [Substring] {
    let words = command.split(separator: " ").dropFirst().prefix { !$0.hasPrefix("-") }
    return Array(words.prefix(2))
  }
}

/// One place that the packet passes, with the packet as it arrives there.
public struct TraceHop: Hashable, Sendable {
  /// Empty outside the cluster.
  public var node: String
  public var device: String
  public var point: String
  /// Empty when none decided.
  public var rule: String
  public var note: String
  public var source: String
  public var destination: String
  public var transport: String
  public var ttl: Int64
  public var outer: String
  /// The packet as it goes on; nil where that is not known.
  public var after: After?
  /// The answer on its way back.
  public var isReply = false

  public struct After: Hashable, Sendable {
    public var source: String
    public var destination: String
    public var ttl: Int64
  }

  /// The fields of the packet by name, in the order in which they are shown.
  var fields: [(name: String, text: String)] {
    [
      ("source", source), ("destination", destination), ("protocol", transport),
      ("ttl", "\(ttl)"), ("tunnel", outer.isEmpty ? "none" : outer),
    ]
  }

  /// The fields as the packet goes on to `next`; empty where that is not known.
  func fieldsAfter(_ next: TraceHop?) -> [(name: String, text: String)] {
    let next = next?.isReply == isReply ? next : nil
    guard next != nil || after != nil else { return [] }
    var out = next ?? self
    if let after {
      (out.source, out.destination, out.ttl) = (after.source, after.destination, after.ttl)
    }
    return out.fields
  }

  /// What happens to the packet between here and `next`, in netfilter's words.
  func changes(to next: TraceHop) -> [String] {
    guard isReply == next.isReply else { return [] }
    var changes: [String] = []
    if destination != after?.destination ?? next.destination { changes.append("DNAT") }
    if source != after?.source ?? next.source { changes.append("SNAT") }
    if outer.isEmpty, !next.outer.isEmpty { changes.append("ENCAP") }
    if !outer.isEmpty, next.outer.isEmpty { changes.append("DECAP") }
    return changes
  }
}

/// What somebody said would happen, before it was shown.
public struct Prediction: Hashable, Sendable {
  public enum Question: Int, CaseIterable, Hashable, Sendable {
    case verdict, endpoint, source

    var text: String {
      switch self {
      case .verdict: "What becomes of the packet?"
      case .endpoint: "Which endpoint gets it?"
      case .source: "Which source address does the receiver see?"
      }
    }
  }

  public var question: Question
  public var options: [String]
  public var choice = 0
  /// Once said, it stands.
  public var isCommitted = false

  /// What was said; nil before.
  var answer: String? {
    isCommitted && options.indices.contains(choice) ? options[choice] : nil
  }
}

extension TraceView {
  /// Reads what `trace -o json` prints; nil when it is nothing of the kind.
  init?(command: String, _ value: Value) {
    guard let verdict = value["verdict"]?.string, let hops = value["hops"]?.array else {
      return nil
    }
    self.command = command
    self.verdict = verdict
    reason = value["reason"]?.string ?? ""
    endpoint = value["endpoint"]?.string
    sourceSeen = value["sourceSeen"]?.string
    candidates = (value["candidates"]?.array ?? []).map { candidate in
      var probability = 0.0
      if case .double(let number)? = candidate["probability"] { probability = number }
      if let whole = candidate["probability"]?.integer { probability = Double(whole) }
      return Candidate(address: candidate["address"]?.string ?? "", probability: probability)
    }
    lookups = (value["dns"]?.array ?? []).map(Self.lookup)
    let replies = value["reply"]?["hops"]?.array ?? value["reply"]?.array ?? []
    self.hops =
      hops.map { TraceHop($0, isReply: false) } + replies.map { TraceHop($0, isReply: true) }
    revealed = self.hops.count - 1
  }

  private static func lookup(_ query: Value) -> String {
    let answers = (query["answers"]?.array ?? []).compactMap(\.string).joined(separator: ", ")
    let words = ["name", "type", "rcode"].compactMap { query[$0]?.string }
    return (words + (answers.isEmpty ? [] : [answers])).joined(separator: " ")
  }
}

extension TraceHop {
  init(_ value: Value, isReply: Bool) {
    func text(_ name: String) -> String { value[name]?.string ?? "" }
    node = text("node")
    device = text("device")
    point = text("point")
    rule = text("rule")
    note = text("note")
    let packet = value["packet"]
    source = packet?["source"]?.string ?? ""
    destination = packet?["destination"]?.string ?? ""
    transport = packet?["protocol"]?.string ?? ""
    ttl = packet?["ttl"]?.integer ?? 0
    if let packet = value["after"], let source = packet["source"]?.string,
      let destination = packet["destination"]?.string
    {
      after = After(
        source: source, destination: destination, ttl: packet["ttl"]?.integer ?? ttl)
    }
    outer = value["outer"].flatMap(Self.outer) ?? ""
    self.isReply = isReply
  }

  private static func outer(_ value: Value) -> String? {
    guard let kind = value["kind"]?.string else { return nil }
    let source = value["source"]?.string ?? ""
    let destination = value["destination"]?.string ?? ""
    let port = value["destinationPort"]?.integer.map { ":\($0)" } ?? ""
    let identifier = value["identifier"]?.integer.map { " vni \($0)" } ?? ""
    return "\(kind) \(source) > \(destination)\(port)\(identifier)"
  }
}
