import ClusterModel
import SimulationCore

/// The Leases by which nodes show that they live and components which of them leads.
enum DerivedLeases {
  static let resource = APIResource.of(apiVersion: "coordination.k8s.io/v1", kind: "Lease")
  static let nodeNamespace = "kube-node-lease"
  static let systemNamespace = "kube-system"

  /// pkg/kubelet/nodelease: held for 40 s, owned by the Node.
  static func lease(of node: Node, renewed: String) -> KeptObject {
    let own = node.metadata
    var metadata = ObjectMeta(name: own.name, namespace: nodeNamespace)
    metadata.uid = UID(randomHigh: own.uid.high ^ 0x1EA5_E001, randomLow: own.uid.low)
    metadata.creationTimestamp = own.creationTimestamp
    metadata.resourceVersion = own.resourceVersion
    metadata.ownerReferences = [
      OwnerReference(
        apiVersion: "v1", kind: "Node", name: own.name, uid: own.uid, controller: nil,
        blockOwnerDeletion: nil)
    ]
    return KeptObject(
      resource: resource, metadata: metadata,
      body: [
        "spec": [
          "holderIdentity": .string(own.name), "leaseDurationSeconds": 40,
          "renewTime": .string(renewed),
        ]
      ])
  }

  /// client-go tools/leaderelection: the one instance of a component holds it for 15 s.
  static func leader(_ component: String, on node: Node, renewed: String) -> KeptObject {
    let own = node.metadata
    let number = UInt64(component.utf8.count) &* 0x9E37_79B9_7F4A_7C15
    var metadata = ObjectMeta(name: component, namespace: systemNamespace)
    metadata.uid = UID(randomHigh: own.uid.high ^ 0x1EAD_0001 ^ number, randomLow: own.uid.low)
    metadata.creationTimestamp = own.creationTimestamp
    metadata.resourceVersion = own.resourceVersion
    let instance = UID(randomHigh: own.uid.high ^ number, randomLow: own.uid.low ^ number &* 3)
    let acquired = own.creationTimestamp.map { "\("\($0)".dropLast()).000000Z" } ?? renewed
    return KeptObject(
      resource: resource, metadata: metadata,
      body: [
        "spec": [
          "acquireTime": .string(acquired), "holderIdentity": .string("\(own.name)_\(instance)"),
          "leaseDurationSeconds": 15, "leaseTransitions": 0, "renewTime": .string(renewed),
        ]
      ])
  }
}

extension ObjectStore {
  func derivedLeases(namespace: String?) -> [KeptObject] {
    var leases: [KeptObject] = []
    if namespace ?? DerivedLeases.nodeNamespace == DerivedLeases.nodeNamespace,
      namespaces["", DerivedLeases.nodeNamespace] != nil
    {
      for id in nodes.ids {
        guard let node = nodes[id], node.hasStatus else { continue }
        leases.append(
          DerivedLeases.lease(of: node, renewed: moment(self.leases.lastRenewal(of: id, at: now))))
      }
    }
    if namespace ?? DerivedLeases.systemNamespace == DerivedLeases.systemNamespace,
      let leader = nodes.list().first(where: { $0.roles.contains("control-plane") })
    {
      // A leader renews every two seconds.
      let renewed = Instant(nanoseconds: now.nanoseconds - now.nanoseconds % 2_000_000_000)
      for component in ["kube-controller-manager", "kube-scheduler"] {
        leases.append(DerivedLeases.leader(component, on: leader, renewed: moment(renewed)))
      }
    }
    return leases
  }

  /// A moment in the API's microseconds.
  private func moment(_ instant: Instant) -> String {
    let nanoseconds = instant.nanoseconds
    var seconds = nanoseconds / 1_000_000_000
    var rest = nanoseconds % 1_000_000_000
    if rest < 0 { (seconds, rest) = (seconds - 1, rest + 1_000_000_000) }
    let fraction = String(rest / 1000)
    let whole = "\(Timestamp(seconds: startTime.seconds + seconds))".dropLast()
    return "\(whole).\(String(repeating: "0", count: 6 - fraction.utf8.count))\(fraction)Z"
  }
}
