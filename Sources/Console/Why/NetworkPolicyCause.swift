import ClusterModel
import DataPlane
import Simulation

/// NetworkPolicies isolate one of the ends, and none allows the packet.
struct NetworkPolicyCause: FlowCause {
  func find(in flow: FlowCase) -> Finding? {
    guard flow.verdict == "dropped", let trace = flow.trace, trace.policy != nil,
      let first = trace.hops.first(where: { !$0.node.isEmpty })?.packet
    else { return nil }
    let request = TraceRequest(
      from: flow.source, to: first.destination, port: first.destinationPort,
      transport: first.transport, entryNode: flow.question.entryNode)
    guard let remedies = PolicyRemedies(for: request, in: flow.world) else { return nil }
    return Finding(remedies.cause, remedies.details, try: remedies.changes)
  }
}
