import ClusterModel

/// The nodes a cluster starts with when no file names any.
public struct NodeGroup: Hashable, Sendable {
  public var isControlPlane: Bool
  public var count: Int
  public var zone: String?
  public var labels: Labels
  public var capacity: ResourceList
  /// Used as it is for a single node; numbered from 0 otherwise. Nil for the usual names.
  public var name: String?

  public init(
    isControlPlane: Bool = false, count: Int = 1, zone: String? = nil, labels: Labels = Labels(),
    capacity: ResourceList = NodeGroup.defaultCapacity, name: String? = nil
  ) {
    self.isControlPlane = isControlPlane
    self.count = count
    self.zone = zone
    self.labels = labels
    self.capacity = capacity
    self.name = name
  }

  /// A small virtual machine: 4 cores, 16 GiB, 110 pods.
  public static let defaultCapacity = ResourceList(
    [("cpu", "4"), ("memory", "16Gi"), ("pods", "110"), ("ephemeral-storage", "100Gi")]
      .compactMap { name, amount in
        Quantity(amount).map { ResourceList.Entry(name: name, quantity: $0) }
      })
}

/// What is there before any manifest: nodes, system namespaces, system pods and Services.
public struct ClusterPlan: Hashable, Sendable {
  public var groups: [NodeGroup]
  /// The nodes' own network.
  public var nodeSubnet: CIDR
  /// The nodes' network of the other family, in a dual-stack cluster.
  public var secondNodeSubnet: CIDR?
  /// The name of the CNI: it decides which pods stand for it.
  public var cni: String
  /// How many seconds the nodes and what belongs to them have been there at time zero.
  public var age: Int64 = 600

  public init(
    groups: [NodeGroup], nodeSubnet: CIDR, secondNodeSubnet: CIDR? = nil, cni: String
  ) {
    self.groups = groups
    self.nodeSubnet = nodeSubnet
    self.secondNodeSubnet = secondNodeSubnet
    self.cni = cni
  }
}

/// One node to be made.
struct PlannedNode {
  var name: String
  var group: NodeGroup
  /// One of each family, the primary first.
  var addresses: [IPAddress]
}

extension ClusterPlan {
  /// The nodes with their names and addresses, control plane first.
  var nodes: [PlannedNode] {
    var planned: [PlannedNode] = []
    var workers = 0
    var masters = 0
    let masterCount = groups.filter(\.isControlPlane).map(\.count).reduce(0, +)
    for group in groups.sorted(by: { $0.isControlPlane && !$1.isControlPlane }) {
      for index in 0..<max(0, group.count) {
        let name: String
        if let given = group.name {
          name = group.count == 1 ? given : "\(given)-\(index)"
        } else if group.isControlPlane {
          masters += 1
          name = masterCount == 1 ? "control-plane" : "control-plane-\(masters)"
        } else {
          workers += 1
          name = "node-\(workers)"
        }
        let place = UInt64(10 + planned.count)
        let addresses = [nodeSubnet, secondNodeSubnet].compactMap { $0 }
          .map { $0.network.advanced(by: place) }
        planned.append(PlannedNode(name: name, group: group, addresses: addresses))
      }
    }
    return planned
  }
}
