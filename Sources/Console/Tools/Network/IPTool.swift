import ClusterModel
import DataPlane

/// `ip addr`, `ip link`, `ip route` and `ip neigh`, as iproute2 6.15 prints them, on a node and in
/// a pod.
struct IPTool: Tool {
  let name = "ip"

  private struct Options {
    var family: IPAddress.Family?
    var isDetailed = false
    var isBrief = false
    var device: String?
  }

  func run(_ arguments: [String], at place: ToolPlace) -> ToolResult {
    var options = Options()
    var words: [String] = []
    var rest = arguments[...]
    while let word = rest.popFirst() {
      switch word {
      case "-4": options.family = .ipv4
      case "-6": options.family = .ipv6
      case "-d", "-details": options.isDetailed = true
      case "-br", "-brief": options.isBrief = true
      case "-o", "-oneline", "-s", "-stats", "-j", "-json":
        return .failure("Option \"\(word)\" is not simulated: -4, -6, -d and -br are")
      case "show", "list", "ls", "lst": break
      case "dev" where !words.isEmpty: options.device = rest.popFirst()
      default:
        if word.hasPrefix("-") {
          return .failure(
            "Option \"\(word.printable)\" is unknown, try \"ip -help\".", status: 255)
        }
        words.append(word)
      }
    }
    guard let stack = place.networkStack else {
      return .failure("ip: \(place.nodeName) is off the network")
    }
    guard let object = words.first else {
      return .failure("Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }", status: 255)
    }
    return answer(object, Array(words.dropFirst()), stack, options)
  }

  private func answer(
    _ object: String, _ words: [String], _ stack: NetworkStack, _ options: Options
  ) -> ToolResult {
    var options = options
    func isObject(_ whole: String) -> Bool { whole.hasPrefix(object) }
    if isObject("route") { return routes(words, stack, options) }
    if let name = words.first { options.device = name }
    if let device = options.device, !stack.devices.contains(where: { $0.name == device }) {
      return .failure("Device \"\(device.printable)\" does not exist.")
    }
    let devices = stack.devices.filter { options.device == nil || options.device == $0.name }
    if isObject("address") || object == "addr" {
      return ToolResult(
        output: devices.map { LinkText($0, stack).address(options.family, options.isBrief) }
          .joined())
    }
    if isObject("link") {
      return ToolResult(
        output: devices.map { LinkText($0, stack).link(options.isDetailed, options.isBrief) }
          .joined())
    }
    if isObject("neighbour") || isObject("neighbor") {
      let found = stack.neighbours.filter { neighbour in
        (options.family.map { $0 == neighbour.address.family } ?? true)
          && (options.device.map { $0 == neighbour.device } ?? true)
      }
      return ToolResult(
        output: found.map { neighbour in
          guard let device = options.device else { return neighbour.text + " \n" }
          return neighbour.text.replacing(" dev \(device)", with: "") + " \n"
        }.joined())
    }
    return .failure(
      "Object \"\(object.printable)\" is unknown, try \"ip help\".", status: 1)
  }

  private func routes(
    _ words: [String], _ stack: NetworkStack, _ options: Options
  ) -> ToolResult {
    let family = options.family ?? .ipv4
    var found = stack.routes.filter { route in
      route.family == family && (options.device.map { $0 == route.device } ?? true)
    }
    switch words.first {
    case nil: break
    case "default": found = found.filter { $0.destination == nil }
    case "get":
      guard words.count == 2, let address = IPAddress(words[1]) else {
        return .failure("Error: any valid address is expected rather than \"\".")
      }
      return get(address, stack)
    case let word?:
      guard let range = CIDR(word.contains("/") ? word : word + "/32") else {
        return .failure("Error: any valid prefix is expected rather than \"\(word.printable)\".")
      }
      found = found.filter { $0.destination == range }
    }
    return ToolResult(output: found.map { $0.text + " \n" }.joined())
  }

  /// The most particular route.
  private func get(_ address: IPAddress, _ stack: NetworkStack) -> ToolResult {
    let fitting = stack.routes.filter { route in
      route.family == address.family && route.destination?.contains(address) ?? true
    }
    let best = fitting.max {
      ($0.destination?.prefixLength ?? 0) < ($1.destination?.prefixLength ?? 0)
    }
    guard let best, !best.device.isEmpty else {
      return .failure("RTNETLINK answers: Invalid argument", status: 2)
    }
    let device = stack.devices.first { $0.name == best.device }
    let source =
      best.source
      ?? device?.addresses.first { $0.address.family == address.family }?.address
      ?? stack.devices.first { $0.name == "eth0" }?.addresses.first?.address
    let via = best.gateway.map { " via \($0)" } ?? ""
    let from = source.map { " src \($0)" } ?? ""
    return ToolResult(
      output: "\(address)\(via) dev \(best.device)\(from) uid 0 \n    cache \n")
  }
}

/// `bridge fdb show`.
struct BridgeTool: Tool {
  let name = "bridge"

  func run(_ arguments: [String], at place: ToolPlace) -> ToolResult {
    var words = arguments.filter { !["show", "list"].contains($0) }
    guard words.first == "fdb" else {
      return .failure("bridge: only 'bridge fdb show [dev DEVICE | br BRIDGE]' is simulated")
    }
    words.removeFirst()
    guard let stack = place.networkStack else {
      return .failure("bridge: \(place.nodeName) is off the network")
    }
    var entries = stack.forwarding
    while let word = words.first {
      guard words.count > 1, ["dev", "br", "brport"].contains(word) else {
        return .failure("Command line is not complete. Try option \"help\"", status: 255)
      }
      let name = words[1]
      guard stack.devices.contains(where: { $0.name == name }) else {
        return .failure("Cannot find device \"\(name.printable)\"")
      }
      entries = entries.filter { $0.device == name || word == "br" && $0.master == name }
      words.removeFirst(2)
    }
    return ToolResult(output: entries.map { $0.text + "\n" }.joined())
  }
}

extension ToolPlace {
  /// The network namespace of the pod or node; nil while the node is off the network.
  var networkStack: NetworkStack? {
    let plane = world.dataPlane
    if !pod.isEmpty, let own = plane.networkStack(ofPod: pod, in: namespace) { return own }
    return plane.nodeIndex(named: nodeName).flatMap { plane.networkStack(of: $0) }
  }
}
