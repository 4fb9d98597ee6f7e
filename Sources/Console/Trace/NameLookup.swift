import ClusterModel
import DataPlane
import Simulation

/// A question to the DNS and its answer, as a trace shows it.
struct NameQuery: Hashable {
  /// With its final dot.
  var name: String
  var type: String
  var rcode: String
  var answers: [IPAddress]
}

/// What a trace's sender asks for a name, in order, until one answer serves it.
struct NameLookup {
  private let resolver: Resolver
  private let type: DNSType

  /// Like a program that asks for the addresses it can use: of the sender's own family.
  init(from source: TraceRequest.Source, in world: World) {
    resolver = Resolver(for: source, in: world)
    type = Self.isIPv6(source, world) ? .aaaa : .a
  }

  private static func isIPv6(_ source: TraceRequest.Source, _ world: World) -> Bool {
    switch source {
    case .pod(let namespace, let name):
      world.store.pods[namespace, name]?.status.podIP?.family == .ipv6
    case .node(let name): world.store.nodes["", name]?.internalIP() == nil
    case .address(let address): address.family == .ipv6
    case .external: false
    }
  }

  /// Every query; the last one has the answers if there are any.
  func queries(for name: String) -> [NameQuery] {
    resolver.lookUp(name.lowercased(), type).map { lookup in
      NameQuery(
        name: lookup.question.name, type: lookup.question.type.rawValue,
        rcode: lookup.answer.code.rawValue, answers: lookup.answer.addresses)
    }
  }
}
