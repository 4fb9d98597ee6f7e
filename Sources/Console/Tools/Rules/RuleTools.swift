import ClusterModel
import Simulation

/// `iptables-save` and `ip6tables-save` on a node.
struct IptablesSaveTool: Tool {
  let name: String
  let family: IPAddress.Family

  func run(_ arguments: [String], at place: ToolPlace) -> ToolResult {
    var table: String?
    var hasCounters = false
    var rest = arguments[...]
    while let word = rest.popFirst() {
      switch word {
      case "-t", "--table":
        guard let value = rest.popFirst() else {
          return .failure("\(name): option requires an argument -- 't'")
        }
        table = value
      case "-c", "--counters": hasCounters = true
      default:
        if let value = word.afterPrefix("--table=") ?? word.afterPrefix("-t") {
          table = value
        } else {
          return .failure("Unknown arguments found on commandline")
        }
      }
    }
    guard let node = place.world.dataPlane.nodeIndex(named: place.nodeName) else {
      return .failure("\(name): the node is not up")
    }
    let text = place.world.dataPlane.iptablesSave(
      on: node, family, table: table, hasCounters: hasCounters)
    if let text { return ToolResult(output: text) }
    return .failure(
      "\(name): Cannot initialize: \((table ?? "").printable): table does not exist")
  }
}

/// `nft list …` on a node.
struct NftTool: Tool {
  let name = "nft"

  func run(_ arguments: [String], at place: ToolPlace) -> ToolResult {
    guard let node = place.world.dataPlane.nodeIndex(named: place.nodeName) else {
      return .failure("nft: the node is not up")
    }
    let plane = place.world.dataPlane
    // -n, -a, -s and the like change how things are shown, and here there is nothing to change.
    let words = arguments.filter { $0 != "-s" && $0 != "--stateless" }
    if words == ["list", "ruleset"] { return ToolResult(output: plane.nftRuleset(on: node)) }
    if words == ["list", "tables"] {
      return ToolResult(output: plane.nftTableNames(on: node).map { $0 + "\n" }.joined())
    }
    guard words.count >= 3, words[0] == "list" else {
      return .failure(
        "nft: simulated are: list ruleset, list tables, list table [FAMILY] NAME, "
          + "and list chain, map or set [FAMILY] TABLE NAME")
    }
    let isTable = words[1] == "table"
    let count = isTable ? 1 : 2
    var names = words[2...]
    var family = "ip"
    if names.count == count + 1 { family = names.removeFirst() }
    guard names.count == count, isTable || ["chain", "map", "set"].contains(words[1]) else {
      return .failure("nft: syntax error in: \(words.joined(separator: " ").printable)")
    }
    let block = isTable ? nil : (kind: words[1], name: names.last ?? "")
    guard let text = plane.nftTable(on: node, family: family, names.first ?? "", block: block)
    else {
      let line = words.joined(separator: " ").printable
      return .failure("Error: No such file or directory\n\(line)")
    }
    return ToolResult(output: text)
  }
}

/// `ipvsadm -Ln` on a node.
struct IpvsadmTool: Tool {
  let name = "ipvsadm"

  func run(_ arguments: [String], at place: ToolPlace) -> ToolResult {
    guard let node = place.world.dataPlane.nodeIndex(named: place.nodeName) else {
      return .failure("ipvsadm: the node is not up")
    }
    var hasStatistics = false
    for word in arguments {
      switch word {
      case "-L", "-l", "--list", "-n", "--numeric", "-Ln", "-ln", "-nL", "--sort": break
      case "--stats": hasStatistics = true
      default:
        return .failure("ipvsadm: only -L, -n and --stats are simulated", status: 2)
      }
    }
    return ToolResult(
      output: place.world.dataPlane.ipvsList(on: node, hasStatistics: hasStatistics))
  }
}

/// `ipset list` on a node.
struct IpsetTool: Tool {
  let name = "ipset"

  func run(_ arguments: [String], at place: ToolPlace) -> ToolResult {
    guard let node = place.world.dataPlane.nodeIndex(named: place.nodeName) else {
      return .failure("ipset: the node is not up")
    }
    let sets = place.world.dataPlane.ipsets(on: node)
    var words = arguments
    let isNames = words.contains("-n") || words.contains("-name")
    words.removeAll { $0 == "-n" || $0 == "-name" }
    guard let first = words.first, ["list", "-L", "--list"].contains(first), words.count <= 2
    else {
      return .failure("ipset: only 'ipset list [-n] [SET]' is simulated")
    }
    if words.count == 2 {
      guard let set = sets.first(where: { $0.name == words[1] }) else {
        return .failure("ipset v7.17: The set with the given name does not exist")
      }
      return ToolResult(output: isNames ? set.name + "\n" : set.text)
    }
    return ToolResult(
      output: isNames
        ? sets.map { $0.name + "\n" }.joined() : sets.map(\.text).joined(separator: "\n"))
  }
}
