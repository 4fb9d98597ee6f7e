import Foundation

/// One question to both: what happens to connections from here to there?
struct KernelFlow {
  enum Source: Equatable {
    case pod(String, node: Int)
    case node(Int)
    /// By way of this node.
    case outside(at: Int)

    var text: String {
      switch self {
      case .pod(let name, _): "pod/\(name)"
      case .node(let number): "node/node-\(number)"
      case .outside(let number): "external at node-\(number)"
      }
    }
  }

  var source: Source
  var address: String
  var port: Int
  var transport: String
  var isSticky = false

  var isIPv6: Bool { address.contains(":") }
  private var target: String { isIPv6 ? "[\(address)]:\(port)" : "\(address):\(port)" }
  var text: String { "\(source.text) -> \(transport) \(target)" }

  /// The command for Kubarium.
  var trace: String {
    let to = "\(target) --protocol \(transport) -o json"
    switch source {
    case .pod, .node: return "trace \(source.text) \(to)"
    case .outside(let number): return "trace external \(to) --at node-\(number)"
    }
  }

  /// Every source to every address of every Service, and to some that are nobody's.
  static var all: [KernelFlow] {
    let sources: [Source] = [
      .pod("client", node: 1), .pod("web-1", node: 1), .pod("web-4", node: 3), .node(1), .node(3),
      .outside(at: 1), .outside(at: 3),
    ]
    var flows: [KernelFlow] = []
    for service in KernelCluster.services {
      let transport = service.transport.lowercased()
      for source in sources {
        func add(_ address: String, _ port: Int) {
          flows.append(
            KernelFlow(
              source: source, address: address, port: port, transport: transport,
              isSticky: service.options.contains("ClientIP")))
        }
        add(service.clusterIP, service.port)
        if !service.balancer.isEmpty { add(service.balancer, service.port) }
        guard service.nodePort != 0 else { continue }
        switch source {
        case .pod(_, let node), .node(let node), .outside(let node):
          add(KernelCluster.address(ofNode: node, service.isIPv6), service.nodePort)
        }
      }
    }
    for source in sources {
      let isOutside = if case .outside = source { true } else { false }
      flows.append(
        KernelFlow(source: source, address: "203.0.113.40", port: 80, transport: "tcp"))
      // A port that the Service does not have, and an address that no Service has.
      flows.append(KernelFlow(source: source, address: "10.96.0.101", port: 81, transport: "tcp"))
      flows.append(KernelFlow(source: source, address: "10.96.0.250", port: 80, transport: "tcp"))
      flows.append(
        KernelFlow(source: source, address: "2001:db8:203::40", port: 80, transport: "tcp"))
      flows.append(
        KernelFlow(source: source, address: "fd00:10:96::101", port: 81, transport: "tcp"))
      if !isOutside {
        flows.append(
          KernelFlow(source: source, address: "10.244.2.5", port: 8080, transport: "tcp"))
        flows.append(
          KernelFlow(source: source, address: "10.244.2.5", port: 9999, transport: "tcp"))
        flows.append(
          KernelFlow(source: source, address: "fd00:10:244:2::5", port: 8080, transport: "tcp"))
      }
    }
    flows.append(KernelFlow(source: .node(1), address: "127.0.0.1", port: 30080, transport: "tcp"))
    return flows
  }
}

/// What Kubarium says of a flow.
struct KernelPrediction {
  var verdict: String
  var endpoint: String
  /// Probabilities by address.
  var candidates: [String: Double]
  var isMasqueraded: Bool
  var sourceSeen: String?

  init?(_ object: [String: Any]) {
    guard let verdict = object["verdict"] as? String else { return nil }
    func address(_ text: String) -> String {
      text.hasPrefix("[")
        ? String(text.dropFirst().prefix { $0 != "]" })
        : String(text.split(separator: ":").first ?? "")
    }
    self.verdict = verdict
    endpoint = address(object["endpoint"] as? String ?? "")
    candidates = [:]
    for candidate in object["candidates"] as? [[String: Any]] ?? [] {
      candidates[address(candidate["address"] as? String ?? "")] =
        candidate["probability"] as? Double ?? 0
    }
    isMasqueraded = object["masqueraded"] as? Bool ?? false
    sourceSeen = object["sourceSeen"] as? String
  }

  /// The objects that `trace -o json` printed one after the other.
  static func read(_ output: String) -> [KernelPrediction] {
    let texts = output.replacingOccurrences(of: "\n}\n{", with: "\n}\u{0}{").split(
      separator: "\u{0}")
    return texts.compactMap { text in
      (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any]
    }.compactMap { KernelPrediction($0) }
  }
}
