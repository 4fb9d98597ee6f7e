import DataPlane
import Simulation

/// A program that a pod's container or a node has, such as `curl` or `iptables-save`.
protocol Tool: Sendable {
  var name: String { get }
  func run(_ arguments: [String], at place: ToolPlace) -> ToolResult
}

/// Where a program runs.
struct ToolPlace {
  var world: World
  /// How its packets begin.
  var source: TraceRequest.Source
  var nodeName: String
  /// Of the pod; empty on a node.
  var namespace = ""
  var pod = ""
  var container = ""
  /// The connections that the program opens.
  let effects = ToolEffects()
}

/// What a program does to the world, in order: it happens once the program has ended.
final class ToolEffects {
  private(set) var commands: [Command] = []
  /// Connections among them.
  private(set) var dialCount = 0

  func dial(_ request: TraceRequest) {
    commands.append(.dial(request))
    dialCount += 1
  }

  /// A pod of the cluster's DNS has been asked.
  func resolve(_ lookups: [Resolver.Lookup], by resolver: Resolver) {
    guard let server = resolver.serverPod else { return }
    for lookup in lookups where lookup.answer.code != .timeout {
      commands.append(.resolve(lookup.question, server: server))
    }
  }

  func forgetConnections(on node: String, _ filter: ConntrackFilter) {
    commands.append(.forgetConnections(node: node, filter))
  }
}

/// What a program printed, and its exit status.
struct ToolResult: Hashable {
  var output = ""
  var errors = ""
  var status: Int32 = 0

  static func failure(_ message: String, status: Int32 = 1) -> ToolResult {
    ToolResult(errors: message + "\n", status: status)
  }
}

/// A set of programs, found by name; a path in front of the name does not matter.
struct Toolbox {
  var tools: [any Tool]

  func find(_ word: String) -> (any Tool)? {
    let name = word.split(separator: "/").last.map(String.init) ?? word
    return tools.first { $0.name == name }
  }

  var names: String { tools.map(\.name).joined(separator: ", ") }

  /// What pods and nodes have.
  private static let common: [any Tool] = [
    CurlTool(), WgetTool(), NetcatTool(), PingTool(), TracerouteTool(), IPTool(),
    NslookupTool(), DigTool(), CatTool(), HostnameTool(),
  ]

  static let node = Toolbox(
    tools: [
      IptablesTool(name: "iptables", family: .ipv4),
      IptablesTool(name: "ip6tables", family: .ipv6),
      IptablesSaveTool(name: "iptables-save", family: .ipv4),
      IptablesSaveTool(name: "ip6tables-save", family: .ipv6), NftTool(),
      IpvsadmTool(), IpsetTool(), ConntrackTool(),
      BridgeTool(), SocketsTool(), CrictlTool(),
    ] + common)
  static let pod = Toolbox(
    tools: common + [EnvironmentTool(name: "env"), EnvironmentTool(name: "printenv")])
}

extension World {
  /// Lets happen what a program has done.
  mutating func happen(_ effects: ToolEffects) {
    for command in effects.commands {
      // No program's doing is refused; what becomes of a connection is the network's affair.
      _ = try? perform(command)
    }
  }
}
