import ClusterModel
import SimulationCore

/// Machines that become nodes of a running cluster, and leave it.
extension ControlPlane {
  /// From the CNI's agent running to its configuration lying where the runtime looks for it.
  private static let networkSetup = Duration.milliseconds(1500)
  /// How long a CNI takes that shows no pods.
  private static let unseenNetworkSetup = Duration.seconds(8)

  /// What the kubelet says as long as the CNI has not set the network up.
  static let networkProblem =
    "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady "
    + "message:Network plugin returns error: cni plugin not initialized"

  /// The name for the next worker: `node-N` with the lowest free number.
  public var nextWorkerName: String {
    var number = 1
    while store.nodes.id(namespace: "", name: "node-\(number)") != nil { number += 1 }
    return "node-\(number)"
  }

  /// The nodes that are no control plane, in the order in which they came.
  public var workers: [ObjectID] {
    store.nodes.ids.filter { id in
      store.nodes[id].map { !$0.roles.contains("control-plane") && !$0.roles.contains("master") }
        ?? false
    }.sorted { left, right in
      let (one, other) = (store.nodes[left]?.metadata, store.nodes[right]?.metadata)
      return (one?.creationTimestamp?.seconds ?? 0, one?.name.utf8.count ?? 0, one?.name ?? "")
        < (other?.creationTimestamp?.seconds ?? 0, other?.name.utf8.count ?? 0, other?.name ?? "")
    }
  }

  /// A machine's kubelet registers it: not ready until the CNI has set its network up.
  public mutating func join(_ group: NodeGroup, in subnets: [CIDR]) {
    let name = nextWorkerName
    let taken = Set(store.nodes.list().flatMap(\.internalIPs))
    let addresses = subnets.map { subnet in
      var address = subnet.network.advanced(by: 10)
      while taken.contains(address) { address = address.advanced(by: 1) }
      return address
    }
    let planned = PlannedNode(name: name, group: group, addresses: addresses)
    let time = api.timestamp(at: now)
    var node = NodeMaker.node(planned, podCIDRs: [], at: time)
    node.conditions.set(
      Condition(
        type: "Ready", status: .false, reason: "KubeletNotReady",
        message: Self.networkProblem, lastTransitionTime: time, lastSeenTime: time))
    // Admission taints every new node until it is ready (plugin/pkg/admission/nodetaint).
    node.taints.append(Taint(key: "node.kubernetes.io/not-ready", effect: .noSchedule))
    node.metadata.uid = api.names.uid()
    let id = api.store.insert(node, at: now)
    kubelets.joining.insert(id)
    recordOnNode(id, "Starting", "Starting kubelet.")
    for (reason, message) in [
      ("NodeHasSufficientMemory", "NodeHasSufficientMemory"),
      ("NodeHasNoDiskPressure", "NodeHasNoDiskPressure"),
      ("NodeHasSufficientPID", "NodeHasSufficientPID"),
    ] {
      recordOnNode(id, reason, "Node \(name) status is now: \(message)")
    }
    recordOnNode(id, "NodeAllocatableEnforced", "Updated Node Allocatable limit across pods")
    api.record(
      EventRecord(
        ObjectReference("Node", node.metadata), "RegisteredNode",
        "Node \(name) event: Registered Node \(name) in Controller", from: "node-controller"),
      at: now)
    if !showsNetworkPods {
      events.schedule(.networkReady(id), at: now + Self.unseenNetworkSetup)
    }
    // Pods of a machine that bore the name before are this one's to run; that one is off.
    for pod in store.pods(onNode: name) {
      if let worker = kubelets[pod] { removeTraces(of: worker) }
      resume(pod, on: id, isNew: true)
    }
    announceChanges()
  }

  private var networkSet: NamespacedName {
    let network = SystemPods.network(settings.cni)
    return NamespacedName(namespace: network.namespace, name: network.name)
  }

  /// Whether the CNI is a DaemonSet that is there to be seen.
  private var showsNetworkPods: Bool {
    store.kept["daemonsets.apps"]?[networkSet.namespace, networkSet.name] != nil
  }

  /// The CNI's agent runs on a node that waits for it.
  mutating func networkPodStarted(_ pod: Pod, on node: ObjectID) {
    guard kubelets.joining.contains(node), let owner = pod.metadata.controllerReference,
      owner.kind == "DaemonSet", pod.metadata.namespace == networkSet.namespace,
      owner.name == networkSet.name
    else { return }
    events.schedule(.networkReady(node), at: now + Self.networkSetup)
  }

  /// The runtime's network is ready, if the node has addresses to give.
  mutating func networkReady(_ id: ObjectID) {
    guard kubelets.joining.contains(id), let node = store.nodes[id] else { return }
    if node.podCIDRs.isEmpty {
      // The CNI fails without a block and is tried again.
      events.schedule(.networkReady(id), at: now + .seconds(10))
      return
    }
    kubelets.joining.remove(id)
    if kubelets.silent[id] == nil { postStatus(id, node) }
  }

  /// A machine is taken away: off, and its Node object deleted.
  public mutating func leave(_ id: ObjectID) {
    guard let node = store.nodes[id] else { return }
    killEverything(on: id)
    api.remove(.node(node), at: now)
    announceChanges()
  }
}
