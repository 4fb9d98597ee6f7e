import ClusterModel

/// Finds the backend of a request among the rules of Ingresses.
///
/// A rule for the very host comes before one for a wildcard of one label, and that before one for
/// every host; of the paths the longest, and Exact before Prefix of the same length. What equal
/// rules of two Ingresses say is decided by age, and then by name. A host that has rules but none
/// for the path is looked up among the wider ones too.
public struct IngressRouter: Sendable {
  /// An Ingress with what tells which comes first.
  public struct Source: Hashable, Sendable {
    public var namespace: String
    public var name: String
    public var created: Timestamp?
    public var ingress: Ingress

    public init(namespace: String, name: String, created: Timestamp?, ingress: Ingress) {
      self.namespace = namespace
      self.name = name
      self.created = created
      self.ingress = ingress
    }
  }

  /// Where a request goes, and by which rule.
  public struct Match: Hashable, Sendable {
    public var namespace: String
    public var ingress: String
    public var backend: Ingress.Backend
    /// Nil for a default backend.
    public var path: Ingress.Path?
    public var host: String
  }

  private let sources: [Source]

  public init(_ sources: [Source]) {
    self.sources = sources.sorted {
      ($0.created?.seconds ?? .min, $0.namespace, $0.name)
        < ($1.created?.seconds ?? .min, $1.namespace, $1.name)
    }
  }

  /// - Parameters:
  ///   - host: of the Host header; a port behind it does not count, nor does its case.
  ///   - path: of the URL; a query behind it does not count.
  /// - Returns: nil for a request that nothing matches: 404.
  public func match(host: String, path: String) -> Match? {
    let host = Self.plain(host)
    let path = String(path.prefix { $0 != "?" && $0 != "#" })
    var best: (Match, rank: (Int, Int, Int))?
    for source in sources {
      for rule in source.ingress.rules {
        guard let hostRank = Self.rank(of: rule.host, for: host) else { continue }
        for candidate in rule.paths {
          guard let (length, kind) = Self.rank(of: candidate, for: path) else { continue }
          let rank = (hostRank, length, kind)
          if let best, best.rank >= rank { continue }
          let match = Match(
            namespace: source.namespace, ingress: source.name, backend: candidate.backend,
            path: candidate, host: rule.host)
          best = (match, rank)
        }
      }
    }
    return best?.0 ?? fallback(host)
  }

  /// The default backend: of an Ingress that knows the host, else of any.
  private func fallback(_ host: String) -> Match? {
    let knowing = sources.filter { source in
      source.ingress.rules.contains { Self.rank(of: $0.host, for: host) != nil }
    }
    for source in knowing + sources {
      guard let backend = source.ingress.defaultBackend else { continue }
      return Match(
        namespace: source.namespace, ingress: source.name, backend: backend, path: nil, host: "")
    }
    return nil
  }

  /// Whether TLS for a host has been configured.
  public func hasTLS(for host: String) -> Bool {
    let host = Self.plain(host)
    return sources.contains { source in
      source.ingress.tls.contains { entry in
        entry.hosts.contains { Self.rank(of: $0.lowercased(), for: host) != nil }
      }
    }
  }

  /// Nil when the rule is not for the host; else higher for the more particular rule.
  static func rank(of rule: String, for host: String) -> Int? {
    if rule.isEmpty { return 0 }
    if rule == host { return 2 }
    guard rule.hasPrefix("*."), let dot = host.firstIndex(of: "."), dot > host.startIndex,
      host[dot...] == rule.dropFirst()
    else { return nil }
    return 1
  }

  /// Nil when the path does not match; else its length, and 1 for Exact.
  static func rank(of rule: Ingress.Path, for path: String) -> (length: Int, kind: Int)? {
    switch rule.type {
    case .exact: return rule.path == path ? (rule.path.utf8.count, 1) : nil
    case .prefix, .implementationSpecific:
      let wanted = elements(rule.path)
      let given = elements(path)
      guard given.count >= wanted.count, given.prefix(wanted.count).elementsEqual(wanted) else {
        return nil
      }
      return (rule.path.utf8.count, 0)
    }
  }

  /// The path's parts between slashes; one at the end does not count.
  private static func elements(_ path: String) -> [Substring] {
    var parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    if parts.last == "" { parts = parts.dropLast() }
    return Array(parts)
  }

  /// The host without its port, in lower case.
  private static func plain(_ host: String) -> String {
    let host = host.lowercased()
    if host.hasPrefix("[") { return String(host.prefix { $0 != "]" }.dropFirst()) }
    return String(host.prefix { $0 != ":" })
  }
}
