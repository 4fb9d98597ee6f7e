import ClusterModel
import ControlPlane

/// The resolver of a pod: its /etc/resolv.conf (pkg/kubelet/network/dns/dns.go).
public struct ResolverConfiguration: Hashable, Sendable {
  public var nameservers: [String] = []
  public var search: [String] = []
  public var options: [String] = []

  /// A node's own resolver, which knows nothing of the cluster (RFC 5737).
  public static let node = ResolverConfiguration(nameservers: ["192.0.2.53"])
  private static let maximumNameservers = 3
  private static let maximumSearches = 32

  init(nameservers: [String], search: [String] = [], options: [String] = []) {
    self.nameservers = nameservers
    self.search = search
    self.options = options
  }

  public init(of pod: Pod, in world: World) {
    let spec = pod.spec.value
    switch spec.dnsPolicy {
    case "None": break
    case "ClusterFirst" where !spec.hostNetwork, "ClusterFirstWithHostNet":
      let server = world.store.services["kube-system", "kube-dns"]?.clusterIP
      nameservers = server.map { [$0.description] } ?? []
      let zone = ClusterDNS.zone
      search = ["\(pod.metadata.namespace).svc.\(zone)", "svc.\(zone)", zone]
      options = ["ndots:5"]
    default: self = .node
    }
    if let own = spec.dnsConfig { add(own) }
  }

  /// `dnsConfig` is added at the end; of two options with one name its own counts.
  private mutating func add(_ config: Value) {
    nameservers = Self.unique(nameservers + Self.texts(config["nameservers"]))
    search = Self.unique(search + Self.texts(config["searches"]))
    for option in config["options"]?.array ?? [] {
      guard let name = option["name"]?.string else { continue }
      options.removeAll { $0 == name || $0.hasPrefix(name + ":") }
      options.append(option["value"]?.string.map { "\(name):\($0)" } ?? name)
    }
    nameservers = Array(nameservers.prefix(Self.maximumNameservers))
    search = Array(search.prefix(Self.maximumSearches))
  }

  private static func texts(_ value: Value?) -> [String] {
    (value?.array ?? []).compactMap(\.string)
  }

  private static func unique(_ texts: [String]) -> [String] {
    var unique: [String] = []
    for text in texts where !unique.contains(text) { unique.append(text) }
    return unique
  }

  /// Names with fewer dots are looked for in the search domains first; 1 unless set, at most 15.
  public var ndots: Int {
    let text = options.last { $0.hasPrefix("ndots:") }?.dropFirst("ndots:".count)
    return min(max(text.flatMap { Int($0) } ?? 1, 0), 15)
  }

  /// The file, as the container runtime writes it.
  public var text: String {
    var text = ""
    if !search.isEmpty { text += "search \(search.joined(separator: " "))\n" }
    for server in nameservers { text += "nameserver \(server)\n" }
    if !options.isEmpty { text += "options \(options.joined(separator: " "))\n" }
    return text
  }

  /// What is asked for `name`, in order (glibc resolv/res_query.c).
  public func candidates(for name: String) -> [String] {
    if name.hasSuffix(".") { return [name] }
    let expanded = search.map { domain in
      "\(name).\(domain)" + (domain.hasSuffix(".") ? "" : ".")
    }
    let dots = name.utf8.filter { $0 == UInt8(ascii: ".") }.count
    return dots >= ndots ? ["\(name)."] + expanded : expanded + ["\(name)."]
  }
}
