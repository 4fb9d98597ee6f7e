import Foundation
import Testing

/// Kubarium's rules in a real kernel, with real packets, beside what `trace` says.
@Suite(
  .serialized,
  .enabled(
    if: KernelLaboratory.problem == nil,
    "skipped, nothing was compared with a kernel: \(KernelLaboratory.problem ?? "")"))
struct `A real kernel agrees` {
  @Test(arguments: ["iptables", "nftables"])
  func `on verdict, endpoints, shares and source addresses`(mode: String) throws {
    let report = try KernelLaboratory.run(mode: mode)
    print(report.table)
    #expect(report.tried > 350)
    #expect(report.disagreements.isEmpty, "\(report.disagreements.joined(separator: "\n"))")
  }
}

/// What came of a comparison.
struct KernelReport {
  var mode: String
  var tried = 0
  var connections = 0
  var agreed: [String: Int] = [:]
  var disagreements: [String] = []
  var notes: [String] = []

  var table: String {
    let verdicts = ["delivered", "rejected", "dropped", "unreachable"]
    let counts = verdicts.map { "\($0) \(agreed[$0] ?? 0)" }.joined(separator: ", ")
    let all = verdicts.map { agreed[$0] ?? 0 }.reduce(0, +)
    let remarks = notes.map { "\n  note: \($0)" }.joined()
    return "kernel, \(mode): flows tried \(tried) (\(connections) connections), agreed \(all) "
      + "(\(counts)), disagreed \(disagreements.count)\(remarks)"
  }
}

enum KernelLaboratory {
  /// Why nothing can be compared here; nil when it can.
  static let problem: String? = {
    if geteuid() != 0 { return "it needs root" }
    for tool in ["unshare", "ip", "bridge", "iptables-restore", "ip6tables-restore", "nft"]
    where !["/usr/sbin", "/usr/bin", "/sbin", "/bin"].contains(where: {
      FileManager.default.isExecutableFile(atPath: "\($0)/\(tool)")
    }) {
      return "\(tool) is not installed (Debian's iproute2, iptables, nftables, util-linux)"
    }
    let trial = """
      mkdir -p /run/netns; mount -t tmpfs none /run/netns && ip netns add a \
      && ip netns exec a ip link add v type vxlan id 1 dstport 8472 \
      && ip netns exec a ip link add br0 type bridge \
      && ip netns exec a iptables -t nat -A OUTPUT -m statistic --mode random --probability 0.5 \
      -j ACCEPT && ip netns exec a nft add table ip x
      """
    guard let result = try? shell(trial, seconds: 20), result.status == 0 else {
      return "this kernel has no network namespaces, vxlan, iptables or nftables"
    }
    return nil
  }()

  static func run(mode: String) throws -> KernelReport {
    let folder = try TemporaryFolder()
    let manifests = try folder.file("cluster.yaml", KernelCluster().manifests)
    let options = ["--proxy-mode", mode]
    for node in KernelCluster.nodes {
      for (file, command) in [
        ("iptables", "iptables-save"), ("ip6tables", "ip6tables-save"), ("nft", "nft list ruleset"),
      ] {
        let text = try Program.exec(
          ["ssh node-\(node) \(command)"], files: [manifests], options: options)
        try #require(text.status == 0, "\(text.errors)")
        _ = try folder.file("node-\(node).\(file)", text.output)
      }
    }
    let flows = KernelFlow.all
    let traces = try Program.exec(flows.map(\.trace), files: [manifests], options: options)
    try #require(traces.status == 0, "\(traces.errors)")
    let predictions = KernelPrediction.read(traces.output)
    try #require(predictions.count == flows.count)
    let counts = predictions.map { prediction in
      prediction.verdict != "delivered" ? 1 : prediction.candidates.count > 1 ? 80 : 3
    }
    let probe = Program.root.appending(path: ".build/debug/Probe").path
    let script = KernelScript(
      probe: probe, folder: folder.folder.path, mode: mode, flows: flows, counts: counts)
    let result = try shell(script.text, seconds: 120)
    try #require(result.status == 0, "\(result.errors)\n\(result.output.suffix(400))")
    var report = KernelReport(mode: mode)
    let answers = answers(in: result.output)
    if result.output.contains("# nfacct is missing") {
      report.notes.append("the kernel has no nfacct; its rules could not be loaded")
    }
    for (index, flow) in flows.enumerated() {
      report.compare(flow, predictions[index], answers[index] ?? [])
    }
    return report
  }

  /// The lines that each question got.
  private static func answers(in output: String) -> [Int: [String]] {
    var answers: [Int: [String]] = [:]
    var current = -1
    for line in output.split(separator: "\n") {
      if line.hasPrefix("? ") {
        current = Int(line.dropFirst(2)) ?? -1
      } else {
        answers[current, default: []].append(String(line))
      }
    }
    return answers
  }

  /// Runs a script in namespaces of its own.
  static func shell(_ script: String, seconds: Int) throws -> Program.Result {
    let folder = try TemporaryFolder()
    let path = try folder.file("script", script)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "timeout", "-k", "2", "\(seconds)", "unshare", "-m", "-n", "sh", path,
    ]
    let (output, errors) = (folder.url("output"), folder.url("errors"))
    for file in [output, errors] { try Data().write(to: file) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    return Program.Result(
      output: try String(contentsOf: output, encoding: .utf8),
      errors: try String(contentsOf: errors, encoding: .utf8), status: process.terminationStatus)
  }
}

extension KernelReport {
  mutating func compare(_ flow: KernelFlow, _ expected: KernelPrediction, _ lines: [String]) {
    tried += 1
    connections += lines.count
    if let difference = difference(flow, expected, lines) {
      disagreements.append("\(mode): \(flow.text): \(difference)")
    } else {
      agreed[expected.verdict, default: 0] += 1
    }
  }

  private func difference(
    _ flow: KernelFlow, _ expected: KernelPrediction, _ lines: [String]
  ) -> String? {
    let words: [String: [String]] = [
      "delivered": ["ok"], "rejected": ["refused", "forbidden"],
      "dropped": ["timeout", "forbidden"],
      "unreachable": ["timeout", "unreachable"],
    ]
    let kinds = Set(lines.map { String($0.prefix { $0 != " " }) })
    guard !lines.isEmpty, kinds.isSubset(of: words[expected.verdict] ?? []) else {
      return "trace says \(expected.verdict), the kernel \(kinds.sorted())"
    }
    guard expected.verdict == "delivered" else { return nil }
    var reached: [String: Int] = [:]
    for line in lines {
      var parts = line.split(separator: " ").map(String.init)
      guard parts.count == 3 else { return "the kernel says '\(line)'" }
      let server = KernelCluster.pods.first { $0.name == parts[1] }
      parts[1] = server?.address(flow.isIPv6) ?? parts[1]
      reached[parts[1], default: 0] += 1
      if let problem = source(parts[2], of: parts[1], flow, expected) { return problem }
    }
    return shares(reached, flow, expected, lines.count)
  }

  /// Whether the endpoint saw the address that it should have seen.
  private func source(
    _ seen: String, of endpoint: String, _ flow: KernelFlow, _ expected: KernelPrediction
  ) -> String? {
    if endpoint == expected.endpoint, let wanted = expected.sourceSeen {
      return seen == wanted ? nil : "\(endpoint) saw \(seen), trace says \(wanted)"
    }
    // A pod that reaches itself must see somebody else.
    if case .pod(let name, _) = flow.source,
      KernelCluster.pods.contains(where: { $0.name == name && $0.address(flow.isIPv6) == endpoint })
    {
      return seen != endpoint ? nil : "\(endpoint) saw itself"
    }
    guard !expected.isMasqueraded, let wanted = expected.sourceSeen else { return nil }
    return seen == wanted ? nil : "\(endpoint) saw \(seen), trace says \(wanted)"
  }

  private func shares(
    _ reached: [String: Int], _ flow: KernelFlow, _ expected: KernelPrediction, _ count: Int
  ) -> String? {
    let wanted = expected.candidates.isEmpty ? [expected.endpoint: 1.0] : expected.candidates
    guard Set(reached.keys).isSubset(of: Set(wanted.keys)) else {
      return "reached \(reached.keys.sorted()), trace says \(wanted.keys.sorted())"
    }
    if flow.isSticky {
      return reached.count == 1 ? nil : "affinity sent one client to \(reached.keys.sorted())"
    }
    for (endpoint, probability) in wanted {
      let mean = Double(count) * probability
      let bound = 6 * (mean * (1 - probability)).squareRoot() + 0.5
      let got = Double(reached[endpoint] ?? 0)
      if abs(got - mean) > bound {
        return "\(endpoint) got \(Int(got)) of \(count), trace says \(probability)"
      }
    }
    return nil
  }
}
