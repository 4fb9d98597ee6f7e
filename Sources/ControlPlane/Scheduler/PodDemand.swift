import ClusterModel

/// What one pod takes of a node (component-helpers resource/helpers.go PodRequests).
struct PodDemand: Hashable, Sendable {
  /// A resource beside CPU, memory and storage, such as `nvidia.com/gpu`.
  struct Extended: Hashable, Sendable {
    var name: String
    var amount: Int64
  }

  struct HostPort: Hashable, Sendable {
    var port: Int
    var transport: TransportProtocol
    /// Empty or 0.0.0.0 for every address of the node.
    var address: String

    /// Whether both cannot be on one node (scheduler framework HostPortInfo).
    func conflicts(with other: HostPort) -> Bool {
      port == other.port && transport == other.transport
        && (isEverywhere || other.isEverywhere || address == other.address)
    }

    private var isEverywhere: Bool { address.isEmpty || address == "0.0.0.0" }
  }

  /// Thousandths of a core.
  var cpu: Int64 = 0
  /// Bytes.
  var memory: Int64 = 0
  /// Bytes of ephemeral storage.
  var storage: Int64 = 0
  /// Requests with what scoring assumes for containers that ask for nothing: 100m and 200 MiB.
  var scoredCPU: Int64 = 0
  var scoredMemory: Int64 = 0
  /// Sorted by name.
  var extended: [Extended] = []
  var hostPorts: [HostPort] = []

  init() {}

  /// The larger of all that run together and of each init container with the sidecars before it.
  init(_ spec: PodSpec) {
    var running = Amounts()
    for container in spec.containers { running.add(Amounts(container)) }
    var peak = Amounts()
    var sidecars = Amounts()
    for container in spec.initContainers {
      let own = Amounts(container)
      if container.restartPolicy == "Always" {
        running.add(own)
        sidecars.add(own)
        peak.raise(to: sidecars)
      } else {
        var together = sidecars
        together.add(own)
        peak.raise(to: together)
      }
    }
    running.raise(to: peak)
    running.override(with: spec.other["resources"]?["requests"])
    running.add(Amounts(spec.other["overhead"]))
    cpu = running.cpu
    memory = running.memory
    storage = running.storage
    scoredCPU = running.scoredCPU
    scoredMemory = running.scoredMemory
    extended = running.extended
    for container in spec.containers + spec.initContainers.filter({ $0.restartPolicy == "Always" })
    {
      for port in container.ports where port.hostPort > 0 {
        hostPorts.append(
          HostPort(port: port.hostPort, transport: port.transport, address: port.hostIP))
      }
    }
  }

  /// Neither CPU nor memory is asked for.
  var isBestEffort: Bool { cpu == 0 && memory == 0 }
}

/// Amounts that are added up and compared, resource by resource.
private struct Amounts {
  var cpu: Int64 = 0
  var memory: Int64 = 0
  var storage: Int64 = 0
  var scoredCPU: Int64 = 0
  var scoredMemory: Int64 = 0
  var extended: [PodDemand.Extended] = []

  init() {}

  init(_ container: Container) {
    for entry in container.requests.entries { set(entry.name, entry.quantity) }
    scoredCPU = container.requests["cpu"].map { $0.milli } ?? 100
    scoredMemory = container.requests["memory"].map { $0.value } ?? 200 * 1024 * 1024
  }

  /// Resources as a manifest spells them.
  init(_ list: Value?) {
    for field in list?.fields?.all ?? [] {
      if let quantity = Self.quantity(field.value) { set(field.name, quantity) }
    }
    scoredCPU = cpu
    scoredMemory = memory
  }

  private static func quantity(_ value: Value) -> Quantity? {
    switch value {
    case .string(let text): Quantity(text)
    case .integer(let number): Quantity("\(number)")
    default: nil
    }
  }

  private mutating func set(_ name: String, _ quantity: Quantity) {
    switch name {
    case "cpu": cpu = quantity.milli
    case "memory": memory = quantity.value
    case "ephemeral-storage": storage = quantity.value
    default: extended.append(PodDemand.Extended(name: name, amount: quantity.value))
    }
  }

  mutating func add(_ other: Amounts) {
    cpu += other.cpu
    memory += other.memory
    storage += other.storage
    scoredCPU += other.scoredCPU
    scoredMemory += other.scoredMemory
    combine(other) { $0 + $1 }
  }

  mutating func raise(to other: Amounts) {
    cpu = max(cpu, other.cpu)
    memory = max(memory, other.memory)
    storage = max(storage, other.storage)
    scoredCPU = max(scoredCPU, other.scoredCPU)
    scoredMemory = max(scoredMemory, other.scoredMemory)
    combine(other) { max($0, $1) }
  }

  private mutating func combine(_ other: Amounts, _ rule: (Int64, Int64) -> Int64) {
    for entry in other.extended {
      if let index = extended.firstIndex(where: { $0.name == entry.name }) {
        extended[index].amount = rule(extended[index].amount, entry.amount)
      } else {
        extended.append(entry)
      }
    }
    if !other.extended.isEmpty { extended.sort { $0.name < $1.name } }
  }

  /// `spec.resources` of the pod stands for its containers'.
  mutating func override(with list: Value?) {
    guard let fields = list?.fields else { return }
    let own = Amounts(list)
    if fields["cpu"] != nil { (cpu, scoredCPU) = (own.cpu, own.cpu) }
    if fields["memory"] != nil { (memory, scoredMemory) = (own.memory, own.memory) }
  }
}
