import ClusterModel
import ControlPlane
import DataPlane
import Simulation
import SimulationCore

extension NodeDetail {
  /// What is known of a node and of its proxy now.
  init?(_ name: String, _ world: borrowing World) {
    guard let node = world.store.nodes["", name] else { return nil }
    self.init(name)
    let row = NodeRow(node)
    facts = [
      Fact("status", row.status), Fact("roles", row.roles),
      Fact("addresses", node.addresses.map { "\($0.type) \($0.address)" }.joined(separator: ", ")),
      Fact("pod addresses", node.podCIDRs.map { "\($0)" }.joined(separator: ", ")),
    ]
    if !node.taints.isEmpty {
      facts.append(Fact("taints", node.taints.map(\.text).joined(separator: ", ")))
    }
    let info = node.info
    facts.append(
      Fact(
        "machine",
        "\(info.osImage), kernel \(info.kernelVersion), \(info.containerRuntimeVersion), kubelet "
          + info.kubeletVersion))
    if let index = world.dataPlane.nodeIndex(named: name) {
      let status = world.dataPlane.proxyStatus(of: index, at: world.now)
      facts.append(
        Fact("proxy", "\(status.isInSync ? "in sync" : "late"): \(ProxyRow.note(status))"))
    }
    pods = world.store.pods(onNode: name).compactMap { world.store.pods[$0].map(PodRow.init) }
      .sorted { $0.name < $1.name }
  }
}

extension ProxyRow {
  /// How far the rules of a node are, in the numbers of the changes they know.
  static func note(_ status: ProxyStatus) -> String {
    if !status.isRunning { return "stopped at change \(status.programmedRevision)" }
    if status.isInSync { return "change \(status.programmedRevision)" }
    return "change \(status.programmedRevision) of \(status.newestRevision), "
      + "\(Format.duration(status.lag)) behind"
  }
}

extension Linker {
  func detail(ofPod name: NamespacedName) -> PodDetail? {
    guard let pod = store.pods[name.namespace, name.name] else { return nil }
    var detail = PodDetail(name)
    let state = PodStateText(pod)
    detail.facts = [
      Fact("status", state.text),
      Fact(
        "address",
        pod.status.podIPs.map { "\($0)" }.joined(separator: ", ")
          + (pod.spec.value.hostNetwork ? " (its node's)" : "")),
      Fact("node", pod.nodeName.isEmpty ? "none yet" : pod.nodeName),
      Fact("owner", owner(of: pod)),
      Fact("labels", pod.metadata.labels.text),
      Fact("services", services(of: name)),
    ]
    detail.port = pod.spec.value.containers.flatMap(\.ports).first.map { Int($0.containerPort) }
    for container in pod.spec.value.containers {
      let ports = container.ports.map { "\($0.containerPort)/\($0.transport.name)" }
      let text = ([container.image] + ports).joined(separator: "  ")
      detail.facts.append(Fact("container \(container.name)", text))
    }
    return detail
  }

  private func owner(of pod: Pod) -> String {
    guard let owner = pod.metadata.controllerReference else { return "nobody" }
    let workload = world.workload(of: pod)
    let direct = "\(owner.kind.lowercased())/\(owner.name)"
    return workload == owner.name || workload == pod.metadata.name
      ? direct : "\(direct) of deployment/\(workload)"
  }

  private func services(of pod: NamespacedName) -> String {
    let choice = Choice(pod: pod)
    let names = links(of: choice).services.sorted().map(\.name)
    return names.isEmpty ? "no selector matches its labels" : names.joined(separator: ", ")
  }
}

extension Choice {
  fileprivate init(pod: NamespacedName) {
    self.init()
    source = .pods
    self.pod = pod
  }
}
