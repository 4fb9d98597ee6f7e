import ClusterModel
import DataPlane
import Simulation
import SimulationCore

/// What comes back of an ICMP echo request.
enum EchoAnswer {
  case answered(ttl: Int, roundTrip: Duration)
  case silence
  /// Whoever stands in the way refuses it.
  case portUnreachable(from: IPAddress)
  /// The sender's own kernel will not send it: it knows that no more than this fits.
  case tooLong(mtu: Int)
  /// A router on the way says so.
  case fragmentationNeeded(from: IPAddress, mtu: Int)
}

extension Dialer {
  /// - Parameters:
  ///   - size: Of the IP packet in bytes.
  ///   - isWhole: It must not be fragmented.
  func echo(_ address: IPAddress, size: Int, isWhole: Bool) -> EchoAnswer {
    var request = TraceRequest(from: place.source, to: target(address), port: 0)
    request.isEcho = true
    request.size = size
    request.doesNotFragment = isWhole
    let trace = place.world.dataPlane.trace(request, at: place.world.now)
    guard trace.problem == nil else { return .silence }
    let teller = trace.reply.first?.packet.source
    if let mtu = trace.tooBigFor {
      let isOwn = trace.hops.last?.node == place.nodeName && place.pod.isEmpty
      guard !isOwn, let teller else { return .tooLong(mtu: mtu) }
      return .fragmentationNeeded(from: teller, mtu: mtu)
    }
    switch trace.verdict {
    case .delivered:
      return .answered(
        ttl: trace.reply.last?.packet.ttl ?? 64, roundTrip: peer(address, trace).roundTrip)
    case .rejected: return teller.map { .portUnreachable(from: $0) } ?? .silence
    case .dropped, .unreachable: return .silence
    }
  }

  /// The routers that a packet to `address` passes, and whether it arrives.
  func routers(to address: IPAddress) -> (
    hops: [(address: IPAddress, roundTrip: Duration)], isThere: Bool
  ) {
    let world = place.world
    var request = TraceRequest(from: place.source, to: target(address), port: 33_434)
    request.transport = .udp
    let trace = world.dataPlane.trace(request, at: world.now)
    guard let here = world.dataPlane.nodeIndex(named: place.nodeName),
      let client = trace.hops.first?.packet.source
    else { return ([], false) }
    var routers: [(address: IPAddress, roundTrip: Duration)] = []
    for hop in trace.hops where hop.packet.ttl > hop.after.ttl {
      guard let node = world.dataPlane.nodeIndex(named: hop.node),
        let own = world.dataPlane.sourceAddress(of: node, towards: client)
      else { continue }
      let latency = world.dataPlane.latency(from: here, to: node)
      routers.append((own, latency + latency))
    }
    let isThere = trace.verdict == .delivered || trace.verdict == .rejected
    if isThere, trace.endpoint != nil || trace.verdict == .rejected {
      routers.append((address, peer(address, trace).roundTrip))
    }
    return (routers, isThere)
  }
}

extension Duration {
  /// Milliseconds with three places, as programs of the network print them.
  var millisecondsText: String {
    let micros = nanoseconds / 1000
    let digits = String(micros % 1000)
    return "\(micros / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
  }
}
