import ClusterModel
import DataPlane
import Simulation
import SimulationCore

/// What answers an HTTP request at the end of a connection: a pod itself, or an ingress controller
/// that passes the request on to one.
struct WebServer {
  let peer: Dialer.Peer
  let world: World

  struct Answer {
    var status = 200
    var reason = "OK"
    /// Without its line end.
    var body: String
    /// What the server's own way to an endpoint took.
    var delay = Duration.zero
  }

  private var controller: Pod? {
    peer.endpoint.flatMap { world.ingressController(at: $0, peer.endpointPort) }
  }

  /// - Parameter host: of the Host header.
  func answer(host: String, path: String) -> Answer {
    guard let controller else { return Answer(body: peer.name) }
    let answer = world.ingressAnswer(of: controller, host: host, path: path)
    var result = Answer(
      status: answer.status, reason: answer.reason, body: "\(answer.status) \(answer.reason)")
    if answer.status == 504 { result.delay = Self.patience }
    guard answer.status == 200, let end = answer.trace?.endpoint else { return result }
    let pod = world.store.pods.list().first { $0.status.podIPs.contains(end) && !$0.isTerminal }
    result.body = pod?.metadata.name ?? "\(end)"
    let node = pod.flatMap { world.dataPlane.nodeIndex(named: $0.nodeName) }
    let near = world.dataPlane.nodeIndex(named: controller.nodeName)
    let oneWay = world.dataPlane.latency(from: near, to: node ?? .none)
    result.delay = oneWay * 4
    return result
  }

  /// Three endpoints tried, five seconds each.
  private static let patience = Duration.seconds(15)

  /// Whether a client that checks certificates is content with the server's for `host`.
  func hasCertificate(for host: String) -> Bool {
    controller.map { world.ingressRouter(of: $0).hasTLS(for: host) } ?? true
  }
}
