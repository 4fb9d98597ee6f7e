import ClusterModel
import SimulationCore

/// Connections that somebody's program opens: `curl` in a pod, `nc` on a node.
extension DataPlane {
  /// The source port that the next connection of a program has, `ahead` of those already made.
  ///
  /// Linux takes any of net.ipv4.ip_local_port_range.
  public func dialPort(ahead: Int = 0) -> UInt16 {
    var mixed = (seed ^ 0x6469_616c) &+ (dials &+ UInt64(ahead) &+ 1) &* 0x9e37_79b9_7f4a_7c15
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return UInt16(32_768 + (mixed ^ mixed >> 31) % 28_232)
  }

  /// Lets the connection of `request` happen: it is opened, used and closed at once.
  ///
  /// What `trace` says of the same request at the same time is what happens.
  public mutating func dial(_ request: TraceRequest, at now: Instant) {
    dials += 1
    guard case .success(let source) = source(of: request) else { return }
    var random = traceStream(request, from: source)
    let flow = traceFlow(request, from: source, &random)
    let node = NodeIndex(source.node)
    let known = tracked(flow, enteringAt: node, at: now)
    let decision = known ?? decide(flow, enteringAt: node, at: now, random: &random)
    switch decision.verdict {
    case .delivered:
      guard let id = track(decision, of: flow, enteringAt: node, at: now) else { return }
      connection(id, .answered, at: now)
      if flow.transport != .udp { connection(id, .closed, at: now) }
    case .rejected where decision.servicePort >= 0 && decision.endpoint != flow.destination:
      // The endpoint itself refuses: its reset passes the tables.
      if let id = track(decision, of: flow, enteringAt: node, at: now) {
        connection(id, .reset, at: now)
      }
    case .unreachable where decision.endpoint != flow.destination:
      _ = track(decision, of: flow, enteringAt: node, at: now)
    case .rejected, .dropped, .unreachable: break
    }
  }

  func traceStream(_ request: TraceRequest, from source: TracePlace) -> RandomStream {
    RandomStream(
      seed: seed,
      component: "trace \(source.address) \(request.destination) "
        + "\(request.destinationPort) \(request.transport.rawValue)"
        + (request.sourcePort.map { " \($0)" } ?? ""))
  }

  func traceFlow(
    _ request: TraceRequest, from source: TracePlace, _ random: inout RandomStream
  ) -> Flow {
    Flow(
      source: source.address,
      sourcePort: request.sourcePort ?? UInt16(32_768 + random.below(28_232)),
      destination: request.destination, destinationPort: request.destinationPort,
      transport: request.transport)
  }
}
