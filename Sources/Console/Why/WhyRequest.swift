import ClusterModel
import ControlPlane
import DataPlane
import Simulation
import SimulationCore
import Traffic

/// `why request last-failed`, `why request NUMBER`: what became of a request of the simulated
/// traffic. Requests are counted backwards: 1 is the one that finished last.
struct WhyRequest: WhyQuestion {
  let usage = "request last-failed|NUMBER"
  let examples = ["why request last-failed", "why request 1"]
  private static let depth = 1024

  func isAsked(by words: [String]) -> Bool { words.first == "request" || words.first == "REQUEST" }

  func answer(_ call: Call, _ console: Console) throws(CommandFailure) -> String {
    guard call.arguments.count == 2 else {
      throw call.wrongUsage("which request? last-failed, or its number counted from the last")
    }
    let log = console.world.traffic.requestLog(last: Self.depth)
    let request: FinishedRequest
    if call.arguments[1] == "last-failed" {
      guard let found = log.first(where: \.outcome.isFailure) else {
        return log.isEmpty
          ? "no request has finished yet; 'traffic list' shows who sends any\n"
          : "none of the last \(log.count) requests has failed\n"
      }
      request = found
    } else {
      guard let number = Int(call.arguments[1]), number > 0 else {
        throw call.wrongUsage("\(call.arguments[1].goQuoted) is no number from 1 on")
      }
      guard number <= log.count else {
        throw CommandFailure(
          "error: the log has \(log.count) request\(log.count == 1 ? "" : "s"), not \(number)")
      }
      request = log[number - 1]
    }
    return text(request, console)
  }

  private func text(_ request: FinishedRequest, _ console: Console) -> String {
    let world = console.world
    let ago = SpanText.of(world.now - request.finishedAt)
    let client =
      request.clientPod.isEmpty
      ? "\(request.client)" : "pod \(request.client.namespace)/\(request.clientPod)"
    let service = "\(request.namespace)/\(request.service):\(request.port)"
    let endpoint = request.endpoint.map { PacketTrace.Packet.text($0, request.endpointPort) }
    var text =
      "\(client) to svc \(service)\(endpoint.map { ", sent to \($0)" } ?? ""): "
      + "\(outcome(request.outcome)) after \(SpanText.of(request.latency)), \(ago) ago\n"
    text += "cause: \(cause(request, world))\n"
    guard request.outcome.isFailure, !request.clientPod.isEmpty else { return text }
    let question = FlowCase.Question(
      from: "pod/\(request.clientPod).\(request.client.namespace)",
      to: "svc/\(request.service).\(request.namespace):\(request.port)",
      namespace: request.namespace, transport: "tcp", entryNode: nil)
    if let now = try? FlowDoctor.explain(question, console) {
      text +=
        now.isWorking ? "by now such a request gets through\n" : "it would still fail:\n\(now.text)"
    }
    return text
  }

  private func outcome(_ outcome: Outcome) -> String {
    switch outcome {
    case .success: "answered"
    case .error: "answered with an error"
    case .refused: "refused"
    case .timedOut: "timed out"
    case .reset: "reset"
    case .unresolved: "not sent: the name did not resolve"
    case .cancelled: "given up by its client"
    }
  }

  private func cause(_ request: FinishedRequest, _ world: World) -> String {
    let pod = request.endpoint.flatMap { address in
      world.store.pods.list().first { $0.status.podIPs.contains(address) && $0.isActive }
    }
    let name = pod.map { "pod \($0.metadata.namespace)/\($0.metadata.name)" }
    switch request.outcome {
    case .success: return "\(name ?? "the endpoint") answered"
    case .error: return "\(name ?? "the endpoint") answered with 500 or above"
    case .unresolved: return "the DNS knows no Service \(request.namespace)/\(request.service)"
    case .reset: return "the process at the endpoint ended while it served the request"
    case .cancelled: return "the client went away first"
    case .refused where request.endpoint == nil:
      return "the proxy rejected it: the Service had no endpoints"
    case .timedOut where request.endpoint == nil:
      return "the packet was dropped, or led nowhere, before an endpoint was chosen"
    case .refused, .timedOut: break
    }
    let behind = behind(request, world)
    guard let pod, let name else {
      return "the endpoint's pod is gone; " + behind
    }
    if request.outcome == .refused {
      return "\(name) did not listen on port \(request.endpointPort)"
    }
    return pod.isReady
      ? "\(name) did not answer in time: it was busy, or the way was cut"
      : "\(name) is not ready; " + behind
  }

  /// Why the client's node may have sent it to a place that is gone.
  private func behind(_ request: FinishedRequest, _ world: World) -> String {
    let node = world.store.pods[request.client.namespace, request.clientPod]?.nodeName ?? ""
    guard let index = world.dataPlane.nodeIndex(named: node) else {
      return "the node it came through still had it in its rules, or the connection was older"
    }
    let status = world.dataPlane.proxyStatus(of: index, at: world.now)
    guard !status.isInSync else {
      return "node \(node) still had it in its rules then; by now its proxy is in sync"
    }
    return "the proxy of node \(node) is \(status.isRunning ? "behind" : "not running"), with "
      + "\(status.newestRevision - status.programmedRevision) changes not programmed for "
      + SpanText.of(status.lag)
  }
}
