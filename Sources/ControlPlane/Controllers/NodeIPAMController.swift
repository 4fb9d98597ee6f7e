import ClusterModel
import SimulationCore

/// Gives each node its block of pod addresses (pkg/controller/nodeipam, RangeAllocator).
struct NodeIPAMController: Controller {
  let name = "cidrAllocator"
  let watches = ResourceKinds.of(.node)
  let workers = 30
  var allocators: [NodeCIDRAllocator]
  /// The blocks of nodes that it knows, so that they can be given back.
  private var blocks: [ObjectID: [CIDR]] = [:]

  init(_ settings: ControlPlaneSettings) {
    allocators = settings.podSubnets.map { subnet in
      var allocator = NodeCIDRAllocator(subnet: subnet)
      for services in settings.serviceSubnets { allocator.occupy(services) }
      return allocator
    }
  }

  mutating func observe(_ change: Change, in store: ObjectStore, _ keys: inout [WorkKey]) {
    guard change.kind == .node else { return }
    if change.operation == .deleted {
      release(change.id)
    } else if let node = store.nodes[change.id] {
      if node.podCIDRs.isEmpty {
        keys.append(WorkKey(.node, change.id))
      } else if blocks[change.id] == nil {
        occupy(change.id, node.podCIDRs)
      }
    }
  }

  private mutating func occupy(_ id: ObjectID, _ held: [CIDR]) {
    blocks[id] = held
    for index in allocators.indices { for block in held { allocators[index].occupy(block) } }
  }

  private mutating func release(_ id: ObjectID) {
    for block in blocks.removeValue(forKey: id) ?? [] {
      for index in allocators.indices { allocators[index].release(block) }
    }
  }

  mutating func reconcile(_ key: WorkKey, _ context: inout ReconcileContext) -> Reconciliation {
    guard let node = context.store.nodes[key.id], node.podCIDRs.isEmpty, blocks[key.id] == nil
    else { return .nothing }
    var given: [CIDR] = []
    for index in allocators.indices {
      guard let block = allocators[index].allocateNext() else { break }
      given.append(block)
    }
    var result = Reconciliation()
    guard given.count == allocators.count else {
      for block in given { for index in allocators.indices { allocators[index].release(block) } }
      result.isFailure = true
      result.writes = [
        Write(
          .say,
          event: EventRecord(
            ObjectReference("Node", node.metadata), "CIDRNotAvailable",
            "Node \(node.metadata.name) status is now: CIDRNotAvailable", from: name))
      ]
      return result
    }
    blocks[key.id] = given
    result.writes = [Write(.nodeCIDRs(key.id, given))]
    return result
  }
}
