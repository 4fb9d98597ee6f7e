import ClusterModel
import ControlPlane
import SimulationCore

/// The cluster's DNS server: CoreDNS with the Corefile that kubeadm writes
/// (coredns plugin/kubernetes; cmd/kubeadm/app/phases/addons/dns/manifests.go).
///
/// It answers from the API's present state: its cache leaves the cluster's zone out. What it has
/// asked other servers it remembers for a while.
public struct ClusterDNS: Sendable {
  let store: ObjectStore
  /// The serial of the zone: the time in seconds.
  let serial: Int64
  private let seed: UInt64
  private let now: Instant
  private let cache: DNSCache
  /// The pod that answers.
  private let server: IPAddress

  static let zone = "cluster.local"
  static let ttl = 30

  /// - Parameter server: The address of the pod that answers.
  public init(_ world: World, at server: IPAddress = .unspecified) {
    self.server = server
    cache = world.dnsCache
    store = world.store
    serial = world.timestamp.seconds
    seed = world.seed
    now = world.now
  }

  public func answer(_ question: DNSQuestion) -> DNSAnswer {
    let name = question.name.lowercased()
    let labels = name.split(separator: ".").map(String.init)
    if labels.suffix(2) == ["cluster", "local"] {
      return finish(inZone(Array(labels.dropLast(2)), question), question)
    }
    if let address = ReverseName.address(labels) {
      guard question.type == .ptr, let found = pointers(to: address, name) else {
        return outside(question)
      }
      return DNSAnswer(.noError, found)
    }
    return outside(question)
  }

  static func isInZone(_ question: DNSQuestion) -> Bool {
    let name = question.name.lowercased()
    return name == zone + "." || name.hasSuffix(".\(zone).")
  }

  /// The answer of other servers, for as long as the cache keeps it at most.
  private func outside(_ question: DNSQuestion) -> DNSAnswer {
    var answer = OutsideDNS.answer(question)
    let left = cache.secondsLeft(of: question, at: server, now) ?? Self.ttl
    for index in answer.answers.indices {
      answer.answers[index].ttl = min(answer.answers[index].ttl, left)
    }
    return answer
  }

  // MARK: The zone

  /// Nil for a name that is not there.
  private func inZone(_ labels: [String], _ question: DNSQuestion) -> [DNSRecord]? {
    let name = question.name
    switch (labels.count, labels.last) {
    case (0, _): return []
    case (1, "dns-version"): return [record(name, .text("1.1.0"), ttl: 28_800)]
    case (1, "svc"), (1, "pod"): return []
    case (2, "svc"), (2, "pod"): return hasNamespace(labels[0]) ? [] : nil
    case (3, "pod"): return pod(labels[0], in: labels[1], name)
    case (3, "svc"): return service(labels[0], labels[1], question)
    case (4, "svc"): return endpoint(labels[0], labels[1], labels[2], question)
    case (5, "svc"):
      guard labels[0].hasPrefix("_"), labels[1].hasPrefix("_") else { return nil }
      let port = (String(labels[0].dropFirst()), String(labels[1].dropFirst()))
      return service(labels[2], labels[3], question, port: port)
    default: return nil
    }
  }

  /// Leaves the records of the type that was asked for; without one there is the zone's SOA.
  private func finish(_ records: [DNSRecord]?, _ question: DNSQuestion) -> DNSAnswer {
    var answer = DNSAnswer(records == nil ? .nameError : .noError)
    if question.type == .soa, question.name.lowercased() == Self.zone + "." {
      answer.answers = [authority]
      return answer
    }
    let all = records ?? []
    answer.answers = balanced(
      all.filter { $0.type == question.type || $0.type == .cname }, question)
    if question.type == .srv { answer.additional = all.filter { $0.address != nil } }
    if let alias = answer.answers.first, case .canonicalName(let target) = alias.data,
      question.type != .cname
    {
      answer.answers += followed(target, question.type)
    }
    if answer.answers.isEmpty {
      answer.additional = []
      answer.authority = [authority]
    }
    return answer
  }

  /// The plugin `loadbalance` shuffles addresses (coredns plugin/loadbalance).
  private func balanced(_ records: [DNSRecord], _ question: DNSQuestion) -> [DNSRecord] {
    guard records.count > 1, records.allSatisfy({ $0.address != nil }) else { return records }
    var random = RandomStream(
      seed: seed, component: "dns \(question.name.lowercased()) \(now.nanoseconds)")
    var shuffled = records
    for place in stride(from: shuffled.count - 1, to: 0, by: -1) {
      shuffled.swapAt(place, random.index(below: place + 1))
    }
    return shuffled
  }

  /// An alias of an alias of an alias is not followed further.
  private func followed(_ target: String, _ type: DNSType, depth: Int = 0) -> [DNSRecord] {
    guard depth < 7 else { return [] }
    let question = DNSQuestion(target, type)
    let labels = target.lowercased().split(separator: ".").map(String.init)
    guard labels.suffix(2) == ["cluster", "local"] else {
      return outside(question).answers
    }
    let found = (inZone(Array(labels.dropLast(2)), question) ?? [])
      .filter { $0.type == type || $0.type == .cname }
    guard let alias = found.first, case .canonicalName(let next) = alias.data else {
      return found
    }
    return found + followed(next, type, depth: depth + 1)
  }

  private var authority: DNSRecord {
    record(
      Self.zone + ".",
      .authority(
        server: "ns.dns.\(Self.zone).", mailbox: "hostmaster.\(Self.zone).", serial: serial,
        minimum: Self.ttl))
  }

  func record(_ name: String, _ data: DNSRecord.Data, ttl: Int = ClusterDNS.ttl) -> DNSRecord {
    DNSRecord(name: name, ttl: ttl, data: data)
  }

  private func hasNamespace(_ name: String) -> Bool { store.namespaces["", name] != nil }

  /// `pods insecure`: any address in a namespace that is there.
  private func pod(_ dashed: String, in namespace: String, _ name: String) -> [DNSRecord]? {
    guard hasNamespace(namespace) else { return nil }
    let isV4 = dashed.utf8.filter { $0 == UInt8(ascii: "-") }.count == 3 && !dashed.contains("--")
    let text = String(dashed.map { $0 == "-" ? (isV4 ? "." : ":") : $0 })
    guard let address = IPAddress(text) else { return nil }
    return [record(name, .address(address))]
  }
}
