import ClusterModel
import ControlPlane
import DataPlane
import Simulation

/// The Service does not have the port, or not with this protocol.
struct UnknownPortCause: FlowCause {
  func find(in flow: FlowCase) -> Finding? {
    guard let service = flow.service, let port = flow.port, let trace = flow.trace,
      trace.candidates.isEmpty, trace.policy == nil, !service.isHeadless,
      flow.servicePort?.transport != flow.transport
    else { return nil }
    let name = "\(service.metadata.namespace)/\(service.metadata.name)"
    let known = service.ports.map { "\($0.port)/\($0.transport.name)" }.joined(separator: ", ")
    let host = "svc/\(service.metadata.name).\(service.metadata.namespace)"
    func retry(_ one: ServicePort) -> [String] {
      let name = one.transport.lowercaseName
      return [
        "trace \(flow.question.from) \(host):\(one.port)"
          + (one.transport == .tcp ? "" : " --protocol \(name)")
      ]
    }
    if let other = flow.servicePort {
      return Finding(
        "port \(port) of Service \(name) is for \(other.transport.name), not for "
          + "\(flow.transport.name)", ["it has \(known)"], try: [retry(other)])
    }
    let ranked = service.ports.sorted { left, right in
      let (first, second) = (left.transport == flow.transport, right.transport == flow.transport)
      return first != second ? first : left.port < right.port
    }
    return Finding(
      "Service \(name) has no port \(port)", ["it has \(known)"], try: ranked.prefix(2).map(retry))
  }
}

/// No Service has the NodePort, or not on this address.
struct NodePortCause: FlowCause {
  func find(in flow: FlowCase) -> Finding? {
    guard let trace = flow.trace, flow.verdict == "rejected" || flow.verdict == "unreachable",
      trace.candidates.isEmpty, trace.policy == nil, let port = flow.port,
      let address = trace.hops.first?.packet.destination
    else { return nil }
    let owner = flow.world.store.nodes.list().first { node in
      node.addresses.contains { $0.address == "\(address)" }
    }
    guard owner != nil || address.isLoopback else { return nil }
    let node = owner?.metadata.name ?? flow.deciding
    let services = flow.world.store.services.list()
    let ports = services.flatMap { service in
      service.ports.filter { $0.nodePort != 0 }.map { (service: service, port: $0) }
    }
    func retry(_ one: (service: Service, port: ServicePort)) -> [String] {
      [
        "trace \(flow.question.from) node/\(node):\(one.port.nodePort)"
          + (one.port.transport == .tcp ? "" : " --protocol \(one.port.transport.lowercaseName)")
      ]
    }
    if let same = ports.first(where: { $0.port.nodePort == port }) {
      guard same.port.transport == flow.transport else {
        return Finding(
          "NodePort \(port) of Service \(same.service.metadata.name) is for "
            + "\(same.port.transport.name), not for \(flow.transport.name)", try: [retry(same)])
      }
      return Finding(
        "NodePorts do not answer on \(address) in \(mode(flow)) mode",
        ["they do on the node's InternalIP, unless nodePortAddresses says otherwise"],
        try: [retry(same)])
    }
    // The port of a Service is not the port on the node.
    if let inner = ports.first(where: { $0.port.port == port }) {
      return Finding(
        "\(port) is the port of Service \(inner.service.metadata.namespace)/"
          + "\(inner.service.metadata.name) on its cluster IP; on nodes it is "
          + "\(inner.port.nodePort)", try: [retry(inner)])
    }
    let near = ports.sorted { abs($0.port.nodePort - port) < abs($1.port.nodePort - port) }
    return Finding(
      "no Service has NodePort \(port), and no process of node \(node) listens on it",
      near.first.map {
        [
          "the nearest is \($0.port.nodePort) of \($0.service.metadata.namespace)/"
            + "\($0.service.metadata.name)"
        ]
      } ?? ["no Service has a NodePort"], try: near.prefix(2).map(retry))
  }

  private func mode(_ flow: FlowCase) -> String {
    flow.world.dataPlane.configuration.proxyMode.rawValue
  }
}

/// The packet arrives, and nothing listens there.
struct ListenerCause: FlowCause {
  func find(in flow: FlowCase) -> Finding? {
    guard let trace = flow.trace, flow.verdict == "rejected",
      let last = trace.hops.last?.packet, last.destination == trace.hops.last?.after.destination,
      let pod = flow.world.store.pods.list().first(where: {
        $0.status.podIPs.contains(last.destination) && $0.isActive
      })
    else { return nil }
    let port = Int(last.destinationPort)
    let declared = pod.spec.value.containers.flatMap(\.ports)
    let fitting = declared.filter { $0.transport == flow.transport }
    let list = declared.map { "\($0.containerPort)/\($0.transport.name)" }
    let details = [
      "pod \(pod.metadata.name) declares \(list.isEmpty ? "no port" : list.joined(separator: ", "))"
    ]
    let isBehindService = flow.service.map { !$0.isHeadless } ?? false
    guard isBehindService, let service = flow.service, let own = flow.servicePort,
      let place = service.ports.firstIndex(where: { $0 == own })
    else {
      let name = pod.metadata
      let host = flow.question.to.split(separator: ":").first.map(String.init) ?? ""
      let target =
        flow.service == nil || host.isEmpty ? "pod/\(name.name).\(name.namespace)" : host
      return Finding(
        "pod \(name.namespace)/\(name.name) does not listen on port \(port)/"
          + flow.transport.name
          + (flow.service == nil
            ? "" : "; a headless Service translates no ports: it is the pod's own that counts"),
        details,
        try: declared.prefix(2).map { one in
          [
            "trace \(flow.question.from) \(target):\(one.containerPort)"
              + (one.transport == .tcp ? "" : " --protocol \(one.transport.lowercaseName)")
          ]
        })
    }
    let option = flow.option(service.metadata.namespace)
    return Finding(
      "Service \(service.metadata.namespace)/\(service.metadata.name) sends port \(own.port) to "
        + "targetPort \(port), on which its pods do not listen", details,
      try: fitting.prefix(2).map { one in
        [
          "kubectl patch service \(service.metadata.name)\(option) --type json -p "
            + "'[{\"op\":\"replace\",\"path\":\"/spec/ports/\(place)/targetPort\",\"value\":"
            + "\(one.containerPort)}]'"
        ]
      })
  }
}

/// Nobody has the address.
struct AddressCause: FlowCause {
  func find(in flow: FlowCase) -> Finding? {
    guard let trace = flow.trace, flow.verdict == "unreachable" || flow.verdict == "dropped",
      trace.policy == nil, let address = trace.hops.last?.packet.destination
    else { return nil }
    let configuration = flow.world.dataPlane.configuration
    if configuration.serviceSubnets.contains(where: { $0.contains(address) }) {
      return Finding(
        "no Service has the cluster IP \(address)",
        [
          "it is in the service network \(configuration.serviceSubnets.map(\.description).joined(separator: ", "))"
        ])
    }
    guard configuration.podSubnets.contains(where: { $0.contains(address) }) else { return nil }
    let node = flow.world.store.nodes.list().first { node in
      node.podCIDRs.contains { $0.contains(address) }
    }
    let place =
      node.map { "it is in the range of node \($0.metadata.name)" }
      ?? "it is in no node's range"
    var proposals: [[String]] = []
    if let port = flow.port {
      for service in flow.world.store.services.list()
      where !service.isHeadless && service.selector != nil {
        let hits = service.ports.first { one in
          one.port == port || one.targetPort == .integer(port)
        }
        if let hits {
          proposals.append([
            "trace \(flow.question.from) svc/\(service.metadata.name)"
              + ".\(service.metadata.namespace):\(hits.port)"
          ])
        }
      }
    }
    return Finding(
      "no pod has the address \(address): pods come and go, and a Service's address stays",
      [place], try: Array(proposals.prefix(4)))
  }
}
