import ClusterModel

/// What a proxy keeps of an EndpointSlice (pkg/proxy/endpointslicecache.go).
struct SliceRecord: Equatable, Sendable {
  struct Port: Equatable, Sendable {
    var name: String
    var transport: TransportProtocol
    var number: UInt16
  }

  struct Endpoint: Equatable, Sendable {
    var address: Int32
    var node: Int32
    var hints: Int32
    var category: EndpointClass
    var isTerminating: Bool
  }

  var name: String
  /// The version it was read from.
  var resourceVersion: UInt64
  var family: IPAddress.Family
  var ports: [Port]
  var endpoints: [Endpoint]

  /// The endpoints that went and came; equal ones are in neither list.
  static func changed(from before: ArraySlice<Endpoint>, to after: ArraySlice<Endpoint>) -> (
    gone: [Endpoint], come: [Endpoint]
  ) {
    if before.isEmpty || after.isEmpty || before.count == 1 && after.count == 1 {
      return (Array(before), Array(after))
    }
    let known = byAddress(before)
    let current = byAddress(after)
    return (
      before.filter { current[$0.address] != $0 }, after.filter { known[$0.address] != $0 }
    )
  }

  /// Both without what is equal at both ends, which is most of a slice.
  static func middles(
    _ old: [Endpoint], _ new: [Endpoint]
  ) -> (old: ArraySlice<Endpoint>, new: ArraySlice<Endpoint>) {
    var start = 0
    let shorter = min(old.count, new.count)
    while start < shorter, old[start] == new[start] { start += 1 }
    var end = 0
    while end < shorter - start, old[old.count - 1 - end] == new[new.count - 1 - end] { end += 1 }
    return (old[start..<(old.count - end)], new[start..<(new.count - end)])
  }

  private static func byAddress(_ endpoints: ArraySlice<Endpoint>) -> [Int32: Endpoint] {
    Dictionary(endpoints.map { ($0.address, $0) }) { first, _ in first }
  }

  /// Whether both were read from one version of the slice.
  func isSameVersion(as other: SliceRecord) -> Bool {
    resourceVersion != 0 && resourceVersion == other.resourceVersion
  }

  /// The number under which these endpoints serve a port of this name.
  func number(of portName: String, _ transport: TransportProtocol) -> UInt16? {
    ports.first { $0.name == portName && $0.transport == transport }?.number
  }
}

extension SliceRecord.Endpoint {
  func entry(port: UInt16) -> EndpointEntry {
    EndpointEntry(
      address: address, node: node, hints: hints, port: port, category: category,
      isTerminating: isTerminating)
  }
}

/// A Service and its slices, as the API has them now.
struct ServiceRecord: Sendable {
  var namespace: String
  var name: String
  var definitions: [PortDefinition] = []
  /// The service port of each definition, in the same order.
  var ports: [Int32] = []
  /// In order of their names.
  var slices: [SliceRecord] = []
  /// The newest change that concerns it.
  var newestChange: UInt32 = 0
  /// Every service port it ever had.
  var knownPorts: [Int32] = []
  /// In how many slices, or how often in one, an address is.
  private var addressCounts: [Int32: Int] = [:]
  /// Addresses that are there more than once.
  private(set) var duplicateCount = 0

  init(namespace: String, name: String) {
    self.namespace = namespace
    self.name = name
  }

  /// Counts the endpoints that a slice had and has.
  mutating func count(_ change: SliceChange) {
    count(change.before, by: -1)
    count(change.after, by: 1)
  }

  private mutating func count(_ endpoints: ArraySlice<SliceRecord.Endpoint>, by step: Int) {
    for endpoint in endpoints {
      let before = addressCounts[endpoint.address] ?? 0
      let after = before + step
      addressCounts[endpoint.address] = after == 0 ? nil : after
      if before <= 1, after > 1 { duplicateCount += 1 }
      if before > 1, after <= 1 { duplicateCount -= 1 }
    }
  }
}
