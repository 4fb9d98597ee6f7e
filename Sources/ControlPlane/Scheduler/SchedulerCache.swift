import ClusterModel

/// What the scheduler believes of nodes and of the pods on them.
struct SchedulerCache: Sendable {
  struct NodeInfo: Sendable {
    var id: ObjectID
    var name: String
    var labels: Labels
    var taints: [Taint]
    var isUnschedulable: Bool
    var zone: String?
    var allocatableCPU: Int64
    var allocatableMemory: Int64
    var allocatablePods: Int64
    var requestedCPU: Int64 = 0
    var requestedMemory: Int64 = 0
    /// Requests with the amounts that scoring assumes for containers that ask for nothing.
    var scoredCPU: Int64 = 0
    var scoredMemory: Int64 = 0
    var podCount: Int64 = 0
    var hostPorts: [HostPort] = []
  }

  struct HostPort: Hashable, Sendable {
    var port: Int
    var transport: TransportProtocol
  }

  /// What one pod takes.
  struct Demand: Hashable, Sendable {
    var cpu: Int64 = 0
    var memory: Int64 = 0
    var scoredCPU: Int64 = 0
    var scoredMemory: Int64 = 0
    var hostPorts: [HostPort] = []

    /// The larger of the sum of the containers and each init container (resource helpers);
    /// sidecars count with the containers.
    init(_ spec: PodSpec) {
      for container in spec.containers { add(container) }
      for container in spec.initContainers {
        if container.restartPolicy == "Always" {
          add(container)
        } else {
          cpu = max(cpu, container.requests.milliCPU)
          memory = max(memory, container.requests.memory)
        }
      }
    }

    private mutating func add(_ container: Container) {
      cpu += container.requests.milliCPU
      memory += container.requests.memory
      scoredCPU += container.requests["cpu"].map { $0.milli } ?? 100
      scoredMemory += container.requests["memory"].map { $0.value } ?? 200 * 1024 * 1024
      for port in container.ports where port.hostPort > 0 {
        hostPorts.append(HostPort(port: port.hostPort, transport: port.transport))
      }
    }
  }

  private struct Assigned: Sendable {
    var node: ObjectID
    var demand: Demand
    var owner: UID?
    var isCountedForSpread: Bool
  }

  /// Nodes in the order in which they are looked at: zones in turn.
  private(set) var nodes: [NodeInfo] = []
  private var position: [ObjectID: Int] = [:]
  private var assigned: [ObjectID: Assigned] = [:]
  /// Pods of an owner on each node, by node.
  private var spread: [UID: [ObjectID: Int]] = [:]
  private var demands: (spec: Shared<PodSpec>, demand: Demand)?
  /// Where the next scan over the nodes begins when not all of them are looked at.
  var nextStart = 0

  mutating func update(_ id: ObjectID, _ node: Node?) {
    guard let node else {
      nodes.removeAll { $0.id == id }
      arrange()
      return
    }
    let place: Int
    if let index = position[id] {
      place = index
    } else {
      place = nodes.count
      nodes.append(
        NodeInfo(
          id: id, name: node.metadata.name, labels: Labels(), taints: [], isUnschedulable: false,
          zone: nil, allocatableCPU: 0, allocatableMemory: 0, allocatablePods: 0))
    }
    nodes[place].labels = node.metadata.labels
    nodes[place].taints = node.taints
    nodes[place].isUnschedulable = node.isUnschedulable
    let zone = node.zone
    let isMoved = nodes[place].zone != zone || position[id] == nil
    nodes[place].zone = zone
    nodes[place].allocatableCPU = node.allocatable.milliCPU
    nodes[place].allocatableMemory = node.allocatable.memory
    nodes[place].allocatablePods = node.allocatable["pods"]?.value ?? 110
    if isMoved { arrange() }
  }

  /// Puts the zones in turn, each zone's nodes in order of their ids (backend/cache/node_tree.go).
  private mutating func arrange() {
    let sorted = nodes.sorted { $0.id < $1.id }
    var zones: [String] = []
    var byZone: [String: [NodeInfo]] = [:]
    for node in sorted {
      let zone = node.zone ?? ""
      if byZone[zone] == nil { zones.append(zone) }
      byZone[zone, default: []].append(node)
    }
    nodes = []
    var round = 0
    while nodes.count < sorted.count {
      for zone in zones {
        if let members = byZone[zone], round < members.count { nodes.append(members[round]) }
      }
      round += 1
    }
    position = [:]
    for (index, node) in nodes.enumerated() { position[node.id] = index }
  }

  mutating func demand(of spec: Shared<PodSpec>) -> Demand {
    if let demands, demands.spec === spec { return demands.demand }
    let demand = Demand(spec.value)
    demands = (spec, demand)
    return demand
  }

  mutating func add(_ id: ObjectID, _ pod: Pod, in store: ObjectStore) {
    guard let node = store.nodes.id(namespace: "", name: pod.nodeName) else { return }
    add(id, pod, onto: node)
  }

  mutating func add(_ id: ObjectID, _ pod: Pod, onto node: ObjectID) {
    guard assigned[id] == nil, let index = position[node] else { return }
    let demand = demand(of: pod.spec)
    let owner = pod.metadata.controllerReference?.uid
    let isCounted = owner != nil && !pod.metadata.isTerminating
    assigned[id] = Assigned(node: node, demand: demand, owner: owner, isCountedForSpread: isCounted)
    nodes[index].take(demand, sign: 1)
    nodes[index].hostPorts += demand.hostPorts
    if let owner, isCounted { spread[owner, default: [:]][node, default: 0] += 1 }
  }

  /// A pod that is going no longer counts for spreading.
  mutating func markTerminating(_ id: ObjectID) {
    guard let entry = assigned[id], entry.isCountedForSpread, let owner = entry.owner else {
      return
    }
    assigned[id]?.isCountedForSpread = false
    uncount(owner, entry.node)
  }

  private mutating func uncount(_ owner: UID, _ node: ObjectID) {
    let left = (spread[owner]?[node] ?? 1) - 1
    spread[owner]?[node] = left > 0 ? left : nil
    if spread[owner]?.isEmpty == true { spread[owner] = nil }
  }

  /// Gives back what a pod took; false when it had nothing.
  mutating func remove(_ id: ObjectID) -> Bool {
    guard let entry = assigned.removeValue(forKey: id) else { return false }
    if entry.isCountedForSpread, let owner = entry.owner { uncount(owner, entry.node) }
    if let index = position[entry.node] {
      nodes[index].take(entry.demand, sign: -1)
      for port in entry.demand.hostPorts {
        if let place = nodes[index].hostPorts.firstIndex(of: port) {
          nodes[index].hostPorts.remove(at: place)
        }
      }
    }
    return true
  }

  /// Pods of `owner` on a node that are not going.
  func count(of owner: UID?, on node: ObjectID) -> Int {
    owner.flatMap { spread[$0]?[node] } ?? 0
  }
}

extension SchedulerCache.NodeInfo {
  fileprivate mutating func take(_ demand: SchedulerCache.Demand, sign: Int64) {
    requestedCPU += sign * demand.cpu
    requestedMemory += sign * demand.memory
    scoredCPU += sign * demand.scoredCPU
    scoredMemory += sign * demand.scoredMemory
    podCount += sign
  }
}
