import ClusterModel
import DataPlane
import SimulationCore

/// Nodes and pods come and go.
extension Traffic {
  /// A node exists and takes requests from outside.
  /// - Parameter addresses: its InternalIPs, the primary one first.
  public mutating func nodeAvailable(
    _ node: NodeIndex, addresses: [IPAddress], at now: Instant
  ) {
    self.now = now
    let entry = NodeEntry(node: node, addresses: addresses)
    let place = nodes.firstIndex { $0.node.value >= node.value } ?? nodes.count
    if place < nodes.count, nodes[place].node == node {
      nodes[place] = entry
    } else {
      nodes.insert(entry, at: place)
    }
    if nodes.count == 1 { refreshOutsideRates() }
  }

  /// The node takes no requests from outside any more.
  public mutating func nodeUnavailable(_ node: NodeIndex, at now: Instant) {
    self.now = now
    nodes.removeAll { $0.node == node }
    if nodes.isEmpty { refreshOutsideRates() }
  }

  /// The pod's processes accept connections from now on; a pod of that name that is still known
  /// ends first.
  /// - Parameter workload: the name of what controls it, without a template's hash.
  public mutating func podStarted(
    _ pod: Pod, workload: String, on node: NodeIndex, at now: Instant
  ) {
    self.now = now
    let name = ObjectName(namespace: pod.metadata.namespace, name: pod.metadata.name)
    if let earlier = process(ofPod: name.name, in: name.namespace) {
      endProcesses(of: earlier, keepsAddress: false)
    }
    let index = freePods.popLast() ?? PodIndex(pods.count)
    if Int(index) == pods.count {
      pods.append(PodProcess())
      podNames.append(name)
    }
    podNames[Int(index)] = name
    podIndex.insert(TextHash.of(name.namespace, name.name), index)

    let address = pod.status.podIP ?? .unspecified
    pods[Int(index)].state = .running
    pods[Int(index)].node = node
    pods[Int(index)].address = address
    pods[Int(index)].nextOnAddress = podOnAddress[address] ?? none
    podOnAddress[address] = index
    pods[Int(index)].behaviour = behaviour(of: pod, workload: workload)
    joinEdges(index)
  }

  /// The pod got SIGTERM: it refuses new connections and finishes those in flight.
  public mutating func podDraining(namespace: String, name: String, at now: Instant) {
    self.now = now
    guard let pod = process(ofPod: name, in: namespace),
      pods[Int(pod)].state == .running
    else { return }
    pods[Int(pod)].state = .draining
    leaveEdges(pod)
  }

  /// The pod's processes have ended: connections are reset.
  /// - Parameter keepsAddress: the pod's network namespace is still there and refuses connections
  ///   (a container restarts); otherwise nothing answers at the address.
  public mutating func podStopped(
    namespace: String, name: String, keepsAddress: Bool = false, at now: Instant
  ) {
    self.now = now
    guard let pod = process(ofPod: name, in: namespace) else { return }
    endProcesses(of: pod, keepsAddress: keepsAddress)
  }

  /// The pod of this name that has processes, or had a moment ago.
  func process(ofPod name: String, in namespace: String) -> PodIndex? {
    podIndex.find(TextHash.of(namespace, name)) {
      podNames[Int($0)].name == name && podNames[Int($0)].namespace == namespace
    }
  }

  private mutating func endProcesses(of pod: PodIndex, keepsAddress: Bool) {
    let index = Int(pod)
    if pods[index].state == .running { leaveEdges(pod) }
    breakConnections(of: pod)
    pods[index].state = .down
    if keepsAddress { return }

    retireEndpoints(of: pod)
    leaveAddress(pod)
    podIndex.remove(TextHash.of(podNames[index].namespace, podNames[index].name), pod)
    let generation = pods[index].generation &+ 1
    pods[index] = PodProcess()
    pods[index].generation = generation
    freePods.append(pod)
  }

  private mutating func leaveAddress(_ pod: PodIndex) {
    let address = pods[Int(pod)].address
    let next = pods[Int(pod)].nextOnAddress
    guard var other = podOnAddress[address] else { return }
    if other == pod {
      podOnAddress[address] = next == none ? nil : next
      return
    }
    while pods[Int(other)].nextOnAddress != none {
      if pods[Int(other)].nextOnAddress == pod {
        pods[Int(other)].nextOnAddress = next
        return
      }
      other = pods[Int(other)].nextOnAddress
    }
  }

  /// The pod may send on its behaviour's edges, and Services may lead to it.
  private mutating func joinEdges(_ pod: PodIndex) {
    let behaviour = Int(pods[Int(pod)].behaviour)
    behaviours[behaviour].running += 1
    forgetMembers(in: podNames[Int(pod)].namespace)
    for call in behaviours[behaviour].calls {
      edges[Int(call.edge)].pods.append(pod)
      refreshRate(of: call.edge)
    }
  }

  private mutating func leaveEdges(_ pod: PodIndex) {
    let behaviour = Int(pods[Int(pod)].behaviour)
    behaviours[behaviour].running -= 1
    forgetMembers(in: podNames[Int(pod)].namespace)
    for call in behaviours[behaviour].calls {
      edges[Int(call.edge)].pods.removeAll { $0 == pod }
      refreshRate(of: call.edge)
    }
  }

  private mutating func forgetMembers(in namespace: String) {
    guard let space = spaceIndex[namespace] else { return }
    for service in spaces[space].watched { services[Int(service)].members = nil }
  }
}
