import ClusterModel
import ControlPlane
import DataPlane
import Simulation
import Spelling

/// The Service has nothing behind it.
struct MissingEndpointsCause: FlowCause {
  func find(in flow: FlowCase) -> Finding? {
    guard let service = flow.service, let trace = flow.trace, trace.candidates.isEmpty,
      trace.policy == nil, flow.servicePort != nil, flow.verdict == "rejected",
      !service.isHeadless, flow.servicePort?.transport == flow.transport
    else { return nil }
    return explain(service, flow)
  }

  func explain(_ service: Service, _ flow: FlowCase) -> Finding? {
    let (namespace, name) = (service.metadata.namespace, service.metadata.name)
    guard let selector = service.selector else {
      return Finding(
        "Service \(namespace)/\(name) has no selector, and nobody has written an EndpointSlice "
          + "for it",
        ["an EndpointSlice with the label kubernetes.io/service-name=\(name) would fill it"])
    }
    let pods = flow.world.store.pods.list(namespace: namespace).filter(\.isActive)
    let matching = pods.filter { pod in
      selector.pairs.allSatisfy { pod.metadata.labels[$0.key] == $0.value }
    }
    if matching.isEmpty { return unmatched(service, selector, pods, flow) }
    let ready = matching.filter(\.isReady)
    if ready.isEmpty { return unready(service, matching, flow) }
    return unnamed(service, ready, flow) ?? pending(service, ready, flow)
  }

  // MARK: No pod is selected

  private func unmatched(
    _ service: Service, _ selector: Labels, _ pods: [Pod], _ flow: FlowCase
  ) -> Finding {
    let (namespace, name) = (service.metadata.namespace, service.metadata.name)
    let option = flow.option(namespace)
    let shown = selector.pairs.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    let cause = "the selector \(shown) of Service \(namespace)/\(name) matches no pod"
    // A workload that would make such pods, if it made any.
    for deployment in flow.world.store.deployments.list(namespace: namespace)
    where deployment.replicas == 0
      && selector.pairs.allSatisfy({ deployment.template.labels[$0.key] == $0.value })
    {
      let workload = deployment.metadata.name
      return Finding(
        cause, ["deployment \(workload) would make such pods, and is scaled to 0"],
        try: [["kubectl scale deployment \(workload) --replicas=1\(option)"]])
    }
    let near = nearest(selector, pods)
    guard let best = near.first else {
      let elsewhere = flow.world.store.pods.list().first { pod in
        selector.pairs.allSatisfy { pod.metadata.labels[$0.key] == $0.value }
      }
      return Finding(
        cause,
        elsewhere.map {
          [
            "pod \($0.metadata.name) has these labels, but in namespace \($0.metadata.namespace): a "
              + "Service selects in its own namespace only"
          ]
        } ?? ["no pod in \(namespace) has labels like these"])
    }
    let others = best.differing.map { pair in
      pair.have.map { "\(pair.key)=\($0) instead of \(pair.want)" } ?? "no label \(pair.key)"
    }
    return Finding(
      cause,
      [
        "nearest: \(best.pods) pod\(best.pods == 1 ? "" : "s") such as \(best.example), which "
          + "\(best.pods == 1 ? "has" : "have") \(others.joined(separator: ", "))"
      ],
      try: near.prefix(3).filter { !$0.selector.isEmpty }
        .map { ["kubectl set selector service \(name) \($0.selector)\(option)"] })
  }

  private struct Near {
    var selector: String
    var differing: [(key: String, want: String, have: String?)]
    var pods: Int
    var example: String
    var rank: (missing: Int, distance: Int)
  }

  /// What the pods have under the selector's keys, the nearest first.
  private func nearest(_ selector: Labels, _ pods: [Pod]) -> [Near] {
    var found: [Near] = []
    for pod in pods {
      let differing = selector.pairs.filter { pod.metadata.labels[$0.key] != $0.value }
        .map { (key: $0.key, want: $0.value, have: pod.metadata.labels[$0.key]) }
      let kept = selector.pairs.filter { pod.metadata.labels[$0.key] != nil }
        .map { "\($0.key)=\(pod.metadata.labels[$0.key] ?? "")" }
      let distance = differing.reduce(0) { sum, pair in
        sum + (pair.have.map { EditDistance.between(pair.want, $0) } ?? 32)
      }
      // Without a value in common, only a slip of a few letters is near.
      let isNear = differing.count < selector.count || distance <= 3 * selector.count
      guard isNear, !kept.isEmpty else { continue }
      let text = kept.joined(separator: ",")
      if let place = found.firstIndex(where: { $0.selector == text }) {
        found[place].pods += 1
      } else {
        found.append(
          Near(
            selector: text, differing: differing, pods: 1, example: pod.metadata.name,
            rank: (differing.count, distance)))
      }
    }
    return found.sorted { left, right in
      if left.rank != right.rank { return left.rank < right.rank }
      return left.selector < right.selector
    }
  }

  // MARK: No pod is ready

  private func unready(_ service: Service, _ pods: [Pod], _ flow: FlowCase) -> Finding {
    let name = "\(service.metadata.namespace)/\(service.metadata.name)"
    let details = pods.prefix(3).map { "pod \($0.metadata.name): \(state(of: $0))" }
    let option = flow.option(service.metadata.namespace)
    var proposals = [["advance 10s"]]
    if let pod = pods.first {
      if pod.metadata.annotations["kubarium.dev/ready"] == "false" {
        proposals.append(["kubectl annotate pod \(pod.metadata.name)\(option) kubarium.dev/ready-"])
      }
      let workload = flow.world.workload(of: pod)
      if flow.world.store.deployments[service.metadata.namespace, workload] != nil {
        for (place, container) in pod.spec.value.containers.enumerated()
        where container.readinessProbe != nil {
          proposals.append([
            "kubectl patch deployment \(workload)\(option) --type json -p "
              + "'[{\"op\":\"remove\",\"path\":\"/spec/template/spec/containers/\(place)"
              + "/readinessProbe\"}]'"
          ])
        }
      }
    }
    proposals.append([
      "kubectl patch service \(service.metadata.name)\(option) -p "
        + "'{\"spec\":{\"publishNotReadyAddresses\":true}}'"
    ])
    let text =
      pods.count == 1
      ? "the one pod behind Service \(name) is not ready"
      : "none of the \(pods.count) pods behind Service \(name) is ready"
    return Finding(text, details, try: proposals)
  }

  private func state(of pod: Pod) -> String {
    if !pod.isBound {
      let message = pod.status.conditions[type: "PodScheduled"]?.message ?? ""
      return "no node has been found for it" + (message.isEmpty ? "" : " (\(message))")
    }
    for status in pod.status.containerStatuses {
      if case .waiting(let reason, let message) = status.state {
        return "container \(status.name) is waiting: \(reason)"
          + (message.isEmpty ? "" : " (\(message))")
      }
      if case .terminated = status.state { return "container \(status.name) has ended" }
    }
    for container in pod.spec.value.containers {
      guard let probe = container.readinessProbe else { continue }
      let port = probe.action["port"]?.string ?? probe.action["port"]?.integer.map { "\($0)" }
      let path = probe.action["path"]?.string ?? ""
      return "the \(probe.handler.rawValue) readiness probe of container \(container.name)"
        + (port.map { " on port \($0)\(path)" } ?? "") + " does not succeed (every "
        + "\(probe.periodSeconds) s, \(probe.failureThreshold) failures make it unready)"
    }
    return "phase \(pod.status.phase.rawValue), not ready"
  }

  // MARK: A port's name leads nowhere

  private func unnamed(_ service: Service, _ pods: [Pod], _ flow: FlowCase) -> Finding? {
    guard let port = flow.servicePort ?? service.ports.first,
      case .string(let name) = port.targetPort,
      let place = service.ports.firstIndex(where: { $0 == port })
    else { return nil }
    let declared = pods[0].spec.value.containers.flatMap(\.ports)
    let isKnown = declared.contains { $0.name == name && $0.transport == port.transport }
    guard !isKnown else { return nil }
    let named = declared.filter { !$0.name.isEmpty && $0.transport == port.transport }
    let option = flow.option(service.metadata.namespace)
    func patch(_ value: String) -> [String] {
      [
        "kubectl patch service \(service.metadata.name)\(option) --type json -p "
          + "'[{\"op\":\"replace\",\"path\":\"/spec/ports/\(place)/targetPort\",\"value\":\(value)}]'"
      ]
    }
    let ranked = named.map(\.name).sorted { left, right in
      let (first, second) = (
        EditDistance.between(name, left), EditDistance.between(name, right)
      )
      return first != second ? first < second : left < right
    }
    let list = declared.map { ($0.name.isEmpty ? "" : $0.name + "=") + "\($0.containerPort)" }
    return Finding(
      "targetPort \(name.goQuoted) of Service \(service.metadata.namespace)/"
        + "\(service.metadata.name) is the name of no \(port.transport.name) port of its pods",
      [
        "pod \(pods[0].metadata.name) declares \(list.isEmpty ? "none" : list.joined(separator: ", "))"
      ],
      try: ranked.prefix(2).map { patch("\"\($0)\"") }
        + declared.filter { $0.transport == port.transport }.prefix(2)
        .map { patch("\($0.containerPort)") })
  }

  /// The pods are there and ready: the news is on its way.
  private func pending(_ service: Service, _ ready: [Pod], _ flow: FlowCase) -> Finding {
    Finding(
      "\(ready.count) pod\(ready.count == 1 ? " is" : "s are") ready, and the endpoints of Service "
        + "\(service.metadata.namespace)/\(service.metadata.name) have not caught up yet",
      try: [["advance 5s"]])
  }
}
