import ClusterModel
import ControlPlane
import Simulation
import SimulationCore
import Traffic

/// `traffic`: who sends requests to whom.
struct TrafficVerb: Verb {
  let name = "traffic"
  let summary = "Show and change the requests between clients and services"
  let usage = "list | rate | start | stop"
  let isKubectl = false
  let subverbs: [any Verb] = [
    TrafficListVerb(), TrafficRateVerb(), TrafficSwitchVerb(starts: true),
    TrafficSwitchVerb(starts: false),
  ]
}

/// `traffic list`: a row for each client and each port of a Service that it calls.
struct TrafficListVerb: Verb {
  let name = "list"
  let summary = "List the requests from each client to each service, over the last seconds"
  let usage = "[-A] [--no-headers]"
  let isKubectl = false
  let flags: [Flag] = [
    .namespace, .allNamespaces, Flag("no-headers", .toggle, "No line of column names"),
  ]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    try call.expectNoArguments()
    let isEverywhere = call.values.flag("all-namespaces")
    let edges = console.world.traffic.edges(at: console.world.now)
      .filter { isEverywhere || $0.namespace == call.namespace }
    guard !edges.isEmpty else {
      return transcript.warn(
        isEverywhere ? "No traffic found." : "No traffic found in \(call.namespace) namespace.")
    }
    var rows = edges.map { (isEverywhere ? [$0.namespace] : []) + Self.cells(of: $0) }
    if !call.values.flag("no-headers") {
      let header = ["FROM", "TO", "RATE", "REQ/S", "ERRORS", "P50", "P99", "STATE"]
      rows.insert((isEverywhere ? ["NAMESPACE"] : []) + header, at: 0)
    }
    transcript.output += TextColumns().text(rows)
  }

  private static func cells(of edge: EdgeSummary) -> [String] {
    let measured = edge.measured
    return [
      edge.client.description, "\(edge.service):\(edge.port)",
      edge.milliRateTarget.map { decimal($0, per: 1000, digits: 1) } ?? "-",
      decimal(measured.milliRequestsPerSecond, per: 1000, digits: 1),
      decimal(measured.milliPercentFailed, per: 1000, digits: 1) + "%",
      latency(measured.p50), latency(measured.p99), edge.isStopped ? "stopped" : "running",
    ]
  }

  private static func latency(_ duration: Duration?) -> String {
    guard let duration else { return "-" }
    let nanoseconds = duration.nanoseconds
    if nanoseconds < 1_000_000 { return "\(nanoseconds / 1000)µs" }
    if nanoseconds < 1_000_000_000 { return decimal(nanoseconds, per: 1_000_000, digits: 1) + "ms" }
    return decimal(nanoseconds, per: 1_000_000_000, digits: 2) + "s"
  }

  /// Rounded to so many digits behind the point.
  private static func decimal(_ amount: Int64, per unit: Int64, digits: Int) -> String {
    let scale: Int64 = digits == 2 ? 100 : 10
    let (scaled, overflow) = amount.multipliedReportingOverflow(by: scale)
    if overflow { return "\(amount / unit)" }
    let rounded = (scaled + unit / 2) / unit
    let fraction = String(scale + abs(rounded % scale)).dropFirst()
    return "\(rounded / scale).\(fraction)"
  }
}

/// `traffic rate`: another number of requests a second.
struct TrafficRateVerb: Verb {
  let name = "rate"
  let summary = "Set how many requests a second a client sends to a service"
  let usage = "[FROM] TO (REQUESTS_PER_SECOND | default)"
  let isKubectl = false
  let examples = ["traffic rate frontend 200", "traffic rate external frontend default"]
  let flags: [Flag] = [.namespace]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    guard (2...3).contains(call.arguments.count), let text = call.arguments.last else {
      throw call.wrongUsage("a service and a number are needed: traffic rate web 200")
    }
    let rate = text == "default" ? nil : Self.milli(text)
    guard rate != nil || text == "default" else {
      throw call.wrongUsage("a rate from 0 to 1000000 requests a second is needed, or default")
    }
    let ends = Array(call.arguments.dropLast())
    let selector = TrafficChange.selector(
      client: ends.count == 2 ? ends[0] : "external", service: ends.last, call)
    try TrafficChange.perform(.rate(selector, rate), &console)
    transcript.print(
      "\(TrafficChange.title(selector)) \(rate == nil ? "at its own rate" : "set to \(text)/s")")
  }

  /// Thousandths of the number; nil when it is none or too large.
  private static func milli(_ text: String) -> Int64? {
    guard let quantity = Quantity(text), (0...1_000_000_000).contains(quantity.milli) else {
      return nil
    }
    return quantity.milli
  }
}

/// `traffic start` and `traffic stop`.
struct TrafficSwitchVerb: Verb {
  let starts: Bool

  var name: String { starts ? "start" : "stop" }
  var summary: String {
    starts ? "Let clients send requests" : "Stop clients from sending requests"
  }
  let usage = "[FROM [TO]]"
  let isKubectl = false
  let flags: [Flag] = [.namespace]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    guard call.arguments.count <= 2 else {
      throw call.wrongUsage("a client and a service at most are needed")
    }
    let selector = TrafficChange.selector(
      client: call.arguments.first, service: call.arguments.dropFirst().first, call)
    try TrafficChange.perform(starts ? .start(selector) : .stop(selector), &console)
    transcript.print("\(TrafficChange.title(selector)) \(starts ? "started" : "stopped")")
  }
}

private enum TrafficChange {
  static func selector(client: String?, service: String?, _ call: Call) -> EdgeSelector {
    EdgeSelector(
      client: client.map { $0.afterPrefix("deployment/") ?? $0.afterPrefix("deploy/") ?? $0 },
      service: service.map { $0.afterPrefix("service/") ?? $0.afterPrefix("svc/") ?? $0 },
      namespace: call.values.isGiven("namespace") || service != nil ? call.namespace : nil)
  }

  static func title(_ selector: EdgeSelector) -> String {
    let client = selector.client.map { "from \($0.printable)" } ?? "from all clients"
    return "traffic \(client)" + (selector.service.map { " to \($0.printable)" } ?? "")
  }

  static func perform(_ command: TrafficCommand, _ console: inout Console) throws(CommandFailure) {
    do {
      try console.world.perform(.traffic(command))
    } catch {
      throw CommandFailure("error: \(error.message)")
    }
  }
}
