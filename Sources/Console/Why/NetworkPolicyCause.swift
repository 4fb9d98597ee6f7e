import DataPlane
import Simulation

/// NetworkPolicies isolate one of the ends, and none allows the packet.
struct NetworkPolicyCause: FlowCause {
  func find(in flow: FlowCase) -> Finding? {
    guard flow.verdict == "dropped", flow.trace?.policy != nil, let request = flow.request,
      let remedies = PolicyRemedies(for: request, in: flow.world)
    else { return nil }
    return Finding(remedies.cause, remedies.details, try: remedies.changes)
  }
}
