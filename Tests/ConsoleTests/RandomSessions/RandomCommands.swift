import ClusterModel
import ControlPlane
import Simulation
import SimulationCore

@testable import Console

/// Draws the things that people do to a cluster.
struct RandomCommands {
  struct Line {
    var text: String
    var files = MemoryFiles(texts: [:])
  }

  /// What a session does not do; drawn once, so that sessions differ in kind.
  private let omitted: Set<Int>
  private static let names = ["red", "green", "blue"]
  private static let kinds = 24

  init(_ random: inout RandomStream) {
    var omitted: Set<Int> = []
    for kind in 0..<Self.kinds where random.chance(1, in: 3) { omitted.insert(kind) }
    self.omitted = omitted.count == Self.kinds ? [] : omitted
  }

  func next(in world: World, _ random: inout RandomStream) -> Line {
    // In an empty cluster there is nothing to do to anything.
    if world.store.deployments.count == 0, random.chance(2, in: 3) {
      return apply(Self.name(&random), &random)
    }
    while true {
      let kind = random.index(below: Self.kinds)
      if omitted.contains(kind) { continue }
      if let line = line(kind, world, &random) { return line }
    }
  }

  private func line(_ kind: Int, _ world: World, _ random: inout RandomStream) -> Line? {
    let name = Self.name(&random)
    switch kind {
    case 0, 1: return apply(name, &random)
    case 2: return Line(text: "scale deployment/\(name) --replicas=\(random.below(9))")
    case 3: return Line(text: rollout(name, &random))
    case 4: return Line(text: "set image deployment/\(name) server=web:\(random.below(4))")
    case 5: return Line(text: patch(name, &random))
    case 6: return Line(text: service(name, &random))
    case 7: return Line(text: deletion(name, &random))
    case 8, 9: return Self.pod(world, &random).map { Line(text: onPod($0, &random)) }
    case 10...14: return Self.node(world, &random).map { Line(text: onNode($0, kind, &random)) }
    case 15: return Line(text: "scale nodes --replicas=\(random.below(6))")
    case 16: return Line(text: "autoscale deployment/\(name) --min=1 --max=4 --cpu=50%")
    case 17: return workload(&random)
    case 18: return Line(text: "scale statefulset/db --replicas=\(random.below(5))")
    case 19: return policy(name, &random)
    case 20: return Self.slice(world, &random).map { Line(text: "delete endpointslice \($0)") }
    case 21: return Self.replicaSet(world, &random).map { Line(text: onReplicaSet($0, &random)) }
    case 22: return Line(text: space(&random))
    default: return Line(text: "rollout restart statefulset/db")
    }
  }

  // MARK: Commands

  private func apply(_ name: String, _ random: inout RandomStream) -> Line {
    let text = RandomManifests.deployment(name, &random)
    return Line(
      text: "apply -f \(name).yaml", files: MemoryFiles(texts: ["\(name).yaml": text]))
  }

  private func rollout(_ name: String, _ random: inout RandomStream) -> String {
    let verb = ["restart", "undo", "pause", "resume"][random.index(below: 4)]
    return "rollout \(verb) deployment/\(name)"
  }

  private func patch(_ name: String, _ random: inout RandomStream) -> String {
    let count = random.below(7)
    switch random.below(4) {
    case 0: return "patch deployment \(name) -p '{\"spec\":{\"replicas\":\(count)}}'"
    case 1:
      return "patch deployment \(name) --type=merge "
        + "-p '{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"a\":\"\(count)\"}}}}}'"
    case 2:
      return "patch deployment \(name) --type=json "
        + "-p '[{\"op\":\"replace\",\"path\":\"/spec/replicas\",\"value\":\(count)}]'"
    default:
      let labels = Self.names[random.index(below: 3)]
      return "patch service \(name) -p '{\"spec\":{\"selector\":{\"app\":\"\(labels)\"}}}'"
    }
  }

  private func service(_ name: String, _ random: inout RandomStream) -> String {
    let type = ["ClusterIP", "NodePort", "LoadBalancer"][random.index(below: 3)]
    switch random.below(5) {
    case 0, 1: return "expose deployment \(name) --port=80 --target-port=8080 --type=\(type)"
    case 2: return "delete service \(name)"
    case 3: return "patch service \(name) -p '{\"spec\":{\"type\":\"\(type)\"}}'"
    default:
      let ready = random.chance(1, in: 2)
      return "patch service \(name) -p '{\"spec\":{\"publishNotReadyAddresses\":\(ready)}}'"
    }
  }

  private func deletion(_ name: String, _ random: inout RandomStream) -> String {
    let cascade = ["background", "foreground", "orphan"][random.index(below: 3)]
    let kind = ["deployment", "deployment", "statefulset", "daemonset", "job"]
    let target = kind[random.index(below: kind.count)]
    let names = ["deployment": name, "statefulset": "db", "daemonset": "agent", "job": "task"]
    return "delete \(target) \(names[target] ?? name) --cascade=\(cascade)"
  }

  private func onPod(_ pod: String, _ random: inout RandomStream) -> String {
    switch random.below(6) {
    case 0, 1: "delete pod \(pod)"
    case 2: "delete pod \(pod) --force --grace-period=0"
    case 3: "label pod \(pod) app=\(Self.names[random.index(below: 3)]) --overwrite"
    case 4: "label pod \(pod) app-"
    default: "fault crash pod/\(pod)"
    }
  }

  private func onNode(_ node: String, _ kind: Int, _ random: inout RandomStream) -> String {
    switch kind {
    case 10: random.chance(1, in: 2) ? "cordon \(node)" : "uncordon \(node)"
    case 11: "drain \(node) --ignore-daemonsets --delete-emptydir-data --force"
    case 12:
      [
        "taint node \(node) lane=fast:NoSchedule", "taint node \(node) lane=fast:NoExecute",
        "taint node \(node) lane-",
      ][random.index(below: 3)]
    case 13:
      [
        "fault stop kubelet node/\(node)", "fault crash node/\(node)", "heal node/\(node)",
        "fault stop kube-proxy node/\(node)",
      ][random.index(below: 4)]
    default: random.chance(1, in: 3) ? "delete node \(node)" : "heal all"
    }
  }

  private func onReplicaSet(_ name: String, _ random: inout RandomStream) -> String {
    random.chance(1, in: 2)
      ? "delete replicaset \(name)" : "scale replicaset \(name) --replicas=\(random.below(5))"
  }

  private func workload(_ random: inout RandomStream) -> Line {
    let text = RandomManifests.workload(&random)
    return Line(text: "apply -f set.yaml", files: MemoryFiles(texts: ["set.yaml": text]))
  }

  private func policy(_ name: String, _ random: inout RandomStream) -> Line {
    if random.chance(1, in: 4) { return Line(text: "delete pdb,netpol --all") }
    let text = RandomManifests.policy(name, &random)
    return Line(text: "apply -f policy.yaml", files: MemoryFiles(texts: ["policy.yaml": text]))
  }

  private func space(_ random: inout RandomStream) -> String {
    switch random.below(4) {
    case 0: "create namespace team"
    case 1: "delete namespace team"
    case 2: "create deployment web --image=web -n team --replicas=\(random.below(4))"
    default: "run once --image=web -n team"
    }
  }

  // MARK: What there is

  private static func name(_ random: inout RandomStream) -> String {
    names[random.index(below: names.count)]
  }

  private static func pod(_ world: World, _ random: inout RandomStream) -> String? {
    pick(world.store.pods.list(namespace: "default").map(\.metadata.name), &random)
  }

  private static func node(_ world: World, _ random: inout RandomStream) -> String? {
    let workers = world.store.nodes.list().map(\.metadata.name).filter { $0.hasPrefix("node-") }
    return pick(workers, &random)
  }

  private static func slice(_ world: World, _ random: inout RandomStream) -> String? {
    let slices = world.store.endpointSlices.list(namespace: "default").map(\.metadata.name)
    return pick(slices.filter { $0 != "kubernetes" }, &random)
  }

  private static func replicaSet(_ world: World, _ random: inout RandomStream) -> String? {
    pick(world.store.replicaSets.list(namespace: "default").map(\.metadata.name), &random)
  }

  private static func pick(_ names: [String], _ random: inout RandomStream) -> String? {
    names.isEmpty ? nil : names[random.index(below: names.count)]
  }

  /// Commands that take everything away that keeps a cluster from coming to rest.
  static func mending(_ world: World) -> [String] {
    let nodes = world.store.nodes.list().map(\.metadata.name)
    let deployments = world.store.deployments.list(namespace: "default").map(\.metadata.name)
    return ["heal all", "taint nodes --all lane-", "delete pdb --all"]
      + nodes.map { "uncordon \($0)" } + ["scale nodes --replicas=3"]
      + deployments.map { "rollout resume deployment/\($0)" }
  }
}
