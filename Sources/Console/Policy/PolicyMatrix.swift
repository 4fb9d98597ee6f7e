import ClusterModel
import ControlPlane
import DataPlane
import Simulation

/// Which pods may reach which, as the policies stand, wherever the nodes' agents are by now.
struct PolicyMatrix {
  /// A pod, or the world outside.
  struct End: Hashable {
    var namespace: String
    var name: String
    var address: IPAddress
    /// Of the pod without what differs between pods of one owner.
    var labels: Labels
    /// `pod-template-hash`, or nothing.
    var hash = ""
    /// Ports of the wanted protocol that it declares, or the wanted one.
    var ports: [UInt16]
    var isOutside = false

    var text: String { isOutside ? name : "\(namespace)/\(name)" }
  }

  /// A packet from one end to a port of another, and what policies say of it.
  struct Entry: Hashable {
    var source: Int
    var destination: Int
    /// Nil for a destination that has no such port.
    var port: UInt16?
    var finding: PolicyFinding
    var isSelf: Bool { source == destination }
    var isAllowed: Bool { finding.denial == nil }
  }

  let transport: TransportProtocol
  /// As it was asked for; nil for every port that the destination declares.
  let wantedPort: String?
  let ends: [End]
  private(set) var entries: [Entry] = []
  /// `namespace/name` of every policy that isolates somebody here, sorted.
  private(set) var policies: [String] = []

  /// - Parameter port: a number or a name; nil for all that a pod declares.
  init(
    of pods: [Pod], withOutside: Bool, port: String?, _ transport: TransportProtocol,
    in world: World
  ) {
    self.transport = transport
    wantedPort = port
    var ends = pods.compactMap { Self.end(of: $0, port, transport) }
    if withOutside {
      let number = port.flatMap { UInt16($0) } ?? 443
      ends.append(
        End(
          namespace: "", name: "outside", address: world.dataPlane.configuration.outsideClientV4,
          labels: Labels(), ports: [number], isOutside: true))
    }
    self.ends = ends
    for source in ends.indices {
      for destination in ends.indices where !(ends[source].isOutside && source == destination) {
        ask(source, destination, world)
      }
    }
    let names = entries.flatMap { entry in
      (entry.finding.egress + entry.finding.ingress).map(\.text)
    }
    policies = Set(names).sorted()
  }

  private mutating func ask(_ source: Int, _ destination: Int, _ world: World) {
    let to = ends[destination]
    if to.ports.isEmpty {
      entries.append(
        Entry(source: source, destination: destination, port: nil, finding: PolicyFinding()))
    }
    for port in to.ports {
      let flow = Flow(
        source: ends[source].address, sourcePort: 40_000, destination: to.address,
        destinationPort: port, transport: transport)
      entries.append(
        Entry(
          source: source, destination: destination, port: port,
          finding: world.dataPlane.policyFinding(flow, at: nil)))
    }
  }

  private static func end(
    of pod: Pod, _ port: String?, _ transport: TransportProtocol
  ) -> End? {
    guard let address = pod.status.podIP, !pod.spec.value.hostNetwork, !pod.isTerminal else {
      return nil
    }
    let declared = pod.spec.value.containers.flatMap(\.ports).filter { $0.transport == transport }
    var ports: [UInt16]
    if let port, let number = UInt16(port) {
      ports = [number]
    } else if let port {
      ports = declared.filter { $0.name == port }.compactMap { UInt16(exactly: $0.containerPort) }
    } else {
      ports = declared.compactMap { UInt16(exactly: $0.containerPort) }
      if ports.isEmpty { ports = [80] }
    }
    var labels = pod.metadata.labels
    let hash = labels["pod-template-hash"] ?? ""
    for key in individualLabels { labels[key] = nil }
    return End(
      namespace: pod.metadata.namespace, name: pod.metadata.name, address: address, labels: labels,
      hash: hash, ports: Set(ports).sorted())
  }

  /// Labels that controllers give to tell pods or generations of one owner apart.
  static let individualLabels = [
    "pod-template-hash", "controller-revision-hash", "pod-template-generation",
    "statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index",
    "batch.kubernetes.io/job-completion-index",
  ]

  // MARK: Groups

  /// Pods of one namespace with equal labels, which no selector can tell apart.
  struct Group {
    var members: [Int]
    var text: String
  }

  /// The ends as they are, or in groups of equal labels.
  func groups(isCompact: Bool) -> [Group] {
    guard isCompact else { return ends.indices.map { Group(members: [$0], text: ends[$0].text) } }
    var groups: [Group] = []
    for index in ends.indices {
      let place = groups.firstIndex { group in
        let first = ends[group.members[0]]
        return first.namespace == ends[index].namespace && first.labels == ends[index].labels
          && first.isOutside == ends[index].isOutside
      }
      if let place {
        groups[place].members.append(index)
      } else {
        groups.append(Group(members: [index], text: ends[index].text))
      }
    }
    for place in groups.indices where groups[place].members.count > 1 {
      let names = groups[place].members.map { ends[$0].name }
      let common = Self.commonPrefix(names, hash: ends[groups[place].members[0]].hash)
      let namespace = ends[groups[place].members[0]].namespace
      groups[place].text = "\(namespace)/\(common)* (\(names.count))"
    }
    return groups
  }

  /// What all names begin with, up to a dash, without a ReplicaSet's hash.
  private static func commonPrefix(_ names: [String], hash: String) -> String {
    var prefix = Substring(names[0])
    for name in names.dropFirst() {
      while !name.hasPrefix(prefix) { prefix = prefix.dropLast() }
    }
    guard let dash = prefix.lastIndex(of: "-") else { return String(prefix) }
    let common = String(prefix[...dash])
    return !hash.isEmpty && common.hasSuffix("-\(hash)-")
      ? String(common.dropLast(hash.count + 1)) : common
  }
}
