import ClusterModel
import SimulationCore

/// NetworkPolicy: what the data plane hears of policies, pods and namespaces.
///
/// Open connections are left alone when a policy changes, as Calico's chains do that accept
/// ESTABLISHED first: only the first packet of a flow is asked about. Replies always pass.
extension DataPlane {
  /// Whether this cluster's pod network does what policies say.
  public var enforcesPolicies: Bool { configuration.cni.enforcesPolicies }

  /// Whether the data plane has been told of pods and namespaces; before the first policy it need
  /// not be.
  public var knowsPolicies: Bool { policies.isActive }

  /// From now on pods and namespaces are told as well.
  public mutating func beginPolicies() { policies.activate() }

  /// A NetworkPolicy was written, or (nil) deleted.
  public mutating func policyChanged(
    namespace: String, name: String, to policy: NetworkPolicy?, at now: Instant
  ) {
    precondition(policies.isActive, "policies come after beginPolicies")
    let key = ServiceKey(namespace: namespace, name: name)
    guard policies.content(of: key) != policy else { return }
    let revision = nextPolicyRevision(at: now)
    policies.set(policy, key, since: revision)
    policies.compact(knownToAll: policyKnownToAll(at: now))
  }

  /// A namespace has these labels; the pods in it have to be told anew if that is a change.
  ///
  /// - Returns: whether it is.
  public mutating func namespaceChanged(_ name: String, labels: Labels) -> Bool {
    policies.isActive && policies.setNamespace(name, labels: labels)
  }

  /// A pod has started its life on the network, or has other labels than before.
  public mutating func podLabelled(_ pod: Pod, at now: Instant) {
    guard policies.isActive, !pod.spec.value.hostNetwork else { return }
    let revision = nextPolicyRevision(at: now)
    let known = policyKnownToAll(at: now)
    let spec = pod.spec.value
    let sidecars = spec.initContainers.filter { $0.restartPolicy == "Always" }
    for address in pod.status.podIPs {
      policies.hold(
        addresses.intern(address), namespace: pod.metadata.namespace, labels: pod.metadata.labels,
        sidecars + spec.containers, since: revision, knownToAll: known)
    }
  }

  /// The addresses of a pod of its own; none for a pod of the host network.
  public func addresses(ofPod name: String, in namespace: String) -> [IPAddress] {
    guard policies.isActive, let id = pods.find(namespace: namespace, name: name),
      let record = pods[id], !record.isHostNetwork
    else { return [] }
    return record.addresses.map { addresses[$0].address }
  }

  /// The pod at these addresses has gone.
  public mutating func podUnlabelled(_ freed: [IPAddress], at now: Instant) {
    guard policies.isActive else { return }
    let revision = nextPolicyRevision(at: now)
    let known = policyKnownToAll(at: now)
    for address in freed {
      let id = addresses.find(address)
      // Another pod may have been given the address in the meantime.
      if id >= 0, addresses[id].podNode < 0 {
        policies.release(id, since: revision, knownToAll: known)
      }
    }
  }

  /// How many nodes' agents have applied every change.
  public func policySync(at now: Instant) -> (inSync: Int, total: Int) {
    var (inSync, total) = (0, 0)
    for node in nodes.indices where nodes[node].isAttached {
      total += 1
      if policyRevision(of: Int32(node), at: now) == policyClock.newest { inSync += 1 }
    }
    return (inSync, total)
  }

  private mutating func nextPolicyRevision(at now: Instant) -> UInt32 {
    policyClock.change(at: now, watchDelay: configuration.watchDelay)
  }

  private func policyKnownToAll(at now: Instant) -> UInt32 {
    policyClock.appliedByAll(at: now, watchDelay: configuration.watchDelay)
  }

  func policyRevision(of node: Int32, at now: Instant) -> UInt32 {
    policyClock.applied(by: node, at: now, seed: seed, watchDelay: configuration.watchDelay)
  }
}

extension CNI {
  /// Flannel carries packets and leaves policies alone.
  public var enforcesPolicies: Bool {
    switch self {
    case .flannel, .flannelHostGateway: false
    case .calico, .calicoVXLAN, .calicoBGP, .cilium, .ciliumNative: true
    }
  }
}
