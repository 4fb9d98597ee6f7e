import ClusterModel

/// Whether, and when, an endpoint may be chosen (pkg/proxy/topology.go).
enum EndpointClass: UInt8, Sendable {
  case ready
  /// Serving and terminating: chosen only where no endpoint is ready.
  case terminating
  case unusable
}

/// An endpoint of a service port in one version of its set.
struct EndpointEntry: Sendable {
  /// In `AddressTable`.
  var address: Int32
  /// The node the slice names, or -1.
  var node: Int32
  /// In `HintTable`; 0: no hints.
  var hints: Int32
  var port: UInt16
  var category: EndpointClass
  var isTerminating: Bool
}

/// What a packet needs of an endpoint: an eighth of a cache line.
struct EndpointTarget: Sendable {
  var address: Int32
  var port: UInt16
}

/// What of a Service matters to a packet.
struct PolicyFlags: OptionSet, Hashable, Sendable {
  let rawValue: UInt8
  static let internalLocal = PolicyFlags(rawValue: 1)
  static let externalLocal = PolicyFlags(rawValue: 2)
  static let externallyAccessible = PolicyFlags(rawValue: 4)

  var usesLocal: Bool {
    contains(.internalLocal) || isSuperset(of: [.externalLocal, .externallyAccessible])
  }
  var usesCluster: Bool { !contains(.internalLocal) || contains(.externallyAccessible) }
}

/// A service port as it was from one revision on.
///
/// Its endpoints lie in `ServicePortTable.endpoints`: the ready ones, the terminating ones, the
/// rest, each part in order. Its indexes lie in `ServicePortTable.indexes`, one after the other.
struct PortVersion: Sendable {
  var since: UInt32
  var policy = PolicyFlags()
  /// Seconds of client affinity; zero for none.
  var affinitySeconds: Int32 = 0
  /// In `DataPlane.sourceRanges`, or -1.
  var sourceRanges: Int32 = -1
  /// In `ServicePortTable.definitions`; -1: the Service had no such port then.
  var definition: Int32 = -1

  var start: Int32 = 0
  var readyCount: Int32 = 0
  var terminatingCount: Int32 = 0
  var unusableCount: Int32 = 0

  /// Endpoints with hints.
  var hintedCount: Int32 = 0
  /// The port of all ready endpoints; -1: they have several, or there are none.
  var commonPort: Int32 = -1

  var indexStart: Int32 = 0
  /// Ready endpoints by the node, or zone, of a hint; zero unless every one has such a hint.
  var nodeHintCount: Int32 = 0
  var zoneHintCount: Int32 = 0
  /// Endpoints by their node; zero unless a policy is Local.
  var localReadyCount: Int32 = 0
  var localTerminatingCount: Int32 = 0

  /// The version before this one, in `ServicePortTable.older`, or -1.
  var previous: Int32 = -1

  var hasEndpoints: Bool { readyCount + terminatingCount > 0 }
  var endpointCount: Int { Int(readyCount + terminatingCount + unusableCount) }

  func count(of category: EndpointClass) -> Int32 {
    switch category {
    case .ready: readyCount
    case .terminating: terminatingCount
    case .unusable: unusableCount
    }
  }

  mutating func clearCounts() {
    readyCount = 0
    terminatingCount = 0
    unusableCount = 0
    hintedCount = 0
  }

  mutating func count(_ entry: EndpointEntry, by step: Int32) {
    switch entry.category {
    case .ready: readyCount += step
    case .terminating: terminatingCount += step
    case .unusable: unusableCount += step
    }
    if entry.hints != 0 { hintedCount += step }
  }

  var indexCount: Int {
    Int(nodeHintCount + zoneHintCount + localReadyCount + localTerminatingCount)
  }
}

/// The newest version of a service port, for the packets that need no more of it: a quarter of a
/// cache line and a bit.
struct PortHead: Sendable {
  /// In `ServicePortTable`.
  var port: Int32
  var since: UInt32
  var start: Int32
  /// Endpoints among which every packet's is chosen.
  var count: Int32
  /// Of all endpoints.
  var endpointPort: UInt16
  /// Packets to a cluster IP need no more: no affinity, no hints, no Local policy.
  var isPlain: Bool

  init(_ version: PortVersion, of port: Int32) {
    self.port = port
    endpointPort = UInt16(max(0, version.commonPort))
    since = version.since
    start = version.start
    count = version.readyCount
    isPlain =
      version.readyCount > 0 && version.commonPort >= 0 && version.affinitySeconds == 0
      && version.nodeHintCount == 0
      && version.zoneHintCount == 0 && !version.policy.contains(.internalLocal)
  }
}
