import ClusterModel
import ControlPlane
import DataPlane

/// How a program in a pod, or on a node, looks up names.
public struct Resolver: Sendable {
  public struct Lookup: Hashable, Sendable {
    public var question: DNSQuestion
    public var answer: DNSAnswer

    public init(_ question: DNSQuestion, _ answer: DNSAnswer) {
      self.question = question
      self.answer = answer
    }
  }

  public let configuration: ResolverConfiguration
  /// The pod of the cluster's DNS that answers; nil where something else does.
  public let serverPod: IPAddress?
  private let server: Server

  /// Who answers.
  private enum Server: Sendable {
    case cluster(ClusterDNS)
    case outside
    case nobody
  }

  public init(for source: TraceRequest.Source, in world: World) {
    guard case .pod(let namespace, let name) = source,
      let pod = world.store.pods[namespace, name]
    else {
      configuration = .node
      server = .outside
      serverPod = nil
      return
    }
    configuration = ResolverConfiguration(of: pod, in: world)
    (server, serverPod) = Self.server(configuration.nameservers.first, source, world)
  }

  /// A program that asks another server than the configured one; nil when a name leads to none.
  public init?(asking text: String, for source: TraceRequest.Source, in world: World) {
    let own = Resolver(for: source, in: world)
    var address = IPAddress(text)
    if address == nil {
      for record in own.lookUp(text).last?.answer.answers ?? [] {
        if case .address(let found) = record.data { address = address ?? found }
      }
    }
    guard let address else { return nil }
    var changed = own.configuration
    changed.nameservers = ["\(address)"]
    configuration = changed
    (server, serverPod) = Self.server(at: address, source, world)
  }

  /// Who listens for questions at an address of the cluster, or outside.
  private static func server(
    at address: IPAddress, _ source: TraceRequest.Source, _ world: World
  ) -> (Server, pod: IPAddress?) {
    let service = world.store.services["kube-system", "kube-dns"]
    if service?.clusterIPs.contains(address) == true { return server("\(address)", source, world) }
    let ranges = world.controlPlane.settings.podSubnets + world.controlPlane.settings.serviceSubnets
    guard ranges.contains(where: { $0.contains(address) }) else { return (.outside, nil) }
    let request = TraceRequest(from: source, to: address, port: 53, transport: .udp)
    let trace = world.dataPlane.trace(request, at: world.now)
    let pods = world.store.pods.list(namespace: "kube-system")
    guard trace.problem == nil, trace.verdict == .delivered, let endpoint = trace.endpoint,
      pods.contains(where: {
        $0.metadata.labels["k8s-app"] == "kube-dns" && $0.status.podIPs.contains(endpoint)
      })
    else { return (.nobody, nil) }
    return (.cluster(ClusterDNS(world, at: endpoint)), endpoint)
  }

  private static func server(
    _ text: String?, _ source: TraceRequest.Source, _ world: World
  ) -> (Server, pod: IPAddress?) {
    guard let address = text.flatMap({ IPAddress($0) }) else { return (.nobody, nil) }
    let service = world.store.services["kube-system", "kube-dns"]
    guard let service, service.clusterIPs.contains(address) else { return (.outside, nil) }
    // Without a Deployment of it, the DNS is somebody else's, and it answers.
    guard world.store.deployments["kube-system", "coredns"] != nil else {
      return (.cluster(ClusterDNS(world, at: address)), address)
    }
    let request = TraceRequest(from: source, to: address, port: 53, transport: .udp)
    let trace = world.dataPlane.trace(request, at: world.now)
    guard trace.problem == nil, trace.verdict == .delivered else { return (.nobody, nil) }
    return (.cluster(ClusterDNS(world, at: trace.endpoint ?? address)), trace.endpoint ?? address)
  }

  /// The first server's address, as programs print it.
  public var serverAddress: String { configuration.nameservers.first ?? "127.0.0.1" }
  public var isReachable: Bool { if case .nobody = server { false } else { true } }

  /// Asks one question as it stands.
  public func ask(_ question: DNSQuestion) -> DNSAnswer {
    switch server {
    case .cluster(let dns): dns.answer(question)
    case .outside: OutsideDNS.answer(question)
    case .nobody: DNSAnswer(.timeout)
    }
  }

  /// Every question for `name`, the search domains included, until one has an answer.
  public func lookUp(_ name: String, _ type: DNSType = .a) -> [Lookup] {
    var lookups: [Lookup] = []
    for candidate in configuration.candidates(for: name) {
      let question = DNSQuestion(candidate, type)
      let answer = ask(question)
      lookups.append(Lookup(question, answer))
      if !answer.answers.isEmpty || answer.code == .timeout { break }
    }
    return lookups
  }
}
