import ClusterModel

/// A node as the scheduler sees it: what it offers and what its pods take.
struct NodeRow: Sendable {
  var id: ObjectID
  var name: String
  var labels = Labels()
  var taints: [Taint] = []
  var isUnschedulable = false
  /// The number of its zone among those seen; -1 without a zone label.
  var zone: Int32 = -1
  var hasHostname = false
  /// Region and zone: nodes are looked at in turn by them (node_tree.go).
  var place = ""
  /// When it came, in order.
  var sequence = 0
  var allocatable = PodDemand()
  var allocatablePods: Int64 = 0
  var used = PodDemand()
  var podCount: Int64 = 0
  /// Raised by every change of the Node itself.
  var specVersion: UInt32 = 0

  init(id: ObjectID, name: String) {
    self.id = id
    self.name = name
  }

  mutating func describe(_ node: Node) {
    labels = node.metadata.labels
    taints = node.taints
    isUnschedulable = node.isUnschedulable
    hasHostname = labels["kubernetes.io/hostname"] != nil
    place = "\(labels["topology.kubernetes.io/region"] ?? "") \(node.zone ?? "")"
    allocatable = PodDemand()
    allocatablePods = 110
    for entry in node.allocatable.entries {
      switch entry.name {
      case "cpu": allocatable.cpu = entry.quantity.milli
      case "memory": allocatable.memory = entry.quantity.value
      case "ephemeral-storage": allocatable.storage = entry.quantity.value
      case "pods": allocatablePods = entry.quantity.value
      default:
        allocatable.extended.append(
          PodDemand.Extended(name: entry.name, amount: entry.quantity.value))
      }
    }
  }

  /// Whether a change of the Node left what matters here as it was.
  func isSame(as other: NodeRow) -> Bool {
    labels == other.labels && taints == other.taints && isUnschedulable == other.isUnschedulable
      && allocatable == other.allocatable && allocatablePods == other.allocatablePods
  }

  mutating func take(_ demand: PodDemand, sign: Int64) {
    used.cpu += sign * demand.cpu
    used.memory += sign * demand.memory
    used.storage += sign * demand.storage
    used.scoredCPU += sign * demand.scoredCPU
    used.scoredMemory += sign * demand.scoredMemory
    podCount += sign
    for entry in demand.extended {
      if let index = used.extended.firstIndex(where: { $0.name == entry.name }) {
        used.extended[index].amount += sign * entry.amount
      } else {
        used.extended.append(entry)
      }
    }
    for port in demand.hostPorts {
      if sign > 0 {
        used.hostPorts.append(port)
      } else if let place = used.hostPorts.firstIndex(of: port) {
        used.hostPorts.remove(at: place)
      }
    }
  }

  func amount(of name: String, in demand: PodDemand) -> Int64 {
    demand.extended.first { $0.name == name }?.amount ?? 0
  }
}
