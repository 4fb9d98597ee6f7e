import ClusterModel
import Simulation

/// `iptables-save` and `ip6tables-save` on a node.
struct IptablesSaveTool: Tool {
  let name: String
  let family: IPAddress.Family

  func run(_ arguments: [String], at place: ToolPlace) -> ToolResult {
    var table: String?
    var rest = arguments[...]
    while let word = rest.popFirst() {
      switch word {
      case "-t", "--table":
        guard let value = rest.popFirst() else {
          return .failure("\(name): option requires an argument -- 't'")
        }
        table = value
      // The counters are printed in any case.
      case "-c", "--counters": break
      default:
        if let value = word.afterPrefix("--table=") ?? word.afterPrefix("-t") {
          table = value
        } else {
          return .failure("Unknown arguments found on commandline")
        }
      }
    }
    return save(table, at: place)
  }

  private func save(_ table: String?, at place: ToolPlace) -> ToolResult {
    guard let node = place.world.dataPlane.nodeIndex(named: place.nodeName) else {
      return .failure("\(name): the node is not up")
    }
    if let text = place.world.dataPlane.iptablesSave(on: node, family, table: table) {
      return ToolResult(output: text)
    }
    let known = ["mangle", "filter", "nat"]
    if let table, !known.contains(table) {
      return .failure("\(name): Cannot initialize: \(table.printable): table does not exist")
    }
    return .failure("\(name): the iptables rules of IPVS mode are not simulated")
  }
}

/// `nft list ruleset` on a node.
struct NftTool: Tool {
  let name = "nft"

  func run(_ arguments: [String], at place: ToolPlace) -> ToolResult {
    guard arguments == ["list", "ruleset"] else {
      return .failure("nft: only 'nft list ruleset' is simulated")
    }
    guard let node = place.world.dataPlane.nodeIndex(named: place.nodeName) else {
      return .failure("nft: the node is not up")
    }
    return ToolResult(output: place.world.dataPlane.nftRuleset(on: node))
  }
}
