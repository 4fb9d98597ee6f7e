import ClusterModel
import DataPlane
import Simulation
import SimulationCore

/// `ping -c COUNT`, as iputils has it.
struct PingTool: Tool {
  let name = "ping"
  private static let maximumCount = 100

  func run(_ arguments: [String], at place: ToolPlace) -> ToolResult {
    var host: String?
    var count: Int?
    var rest = arguments[...]
    while let word = rest.popFirst() {
      if let value = word.afterPrefix("-c") {
        count = Int(value.isEmpty ? rest.popFirst() ?? "" : value)
      } else if ["-W", "-w", "-i", "-s"].contains(word) {
        _ = rest.popFirst()
      } else if !word.hasPrefix("-") {
        host = word
      }
    }
    guard let host else {
      return .failure("ping: usage error: Destination address required")
    }
    guard let count, (1...Self.maximumCount).contains(count) else {
      return .failure("ping: -c with 1 to \(Self.maximumCount) is needed here: time stands still")
    }
    let dialer = Dialer(place: place)
    guard let address = dialer.resolve(host).address else {
      return .failure("ping: \(host.printable): Name or service not known", status: 2)
    }
    let isService = Echo.isService(address, place)
    let mode = place.world.dataPlane.configuration.proxyMode
    if isService, mode == .nftables || mode == .ebpf {
      return .failure("ping: what becomes of a ping to a service in this mode is not simulated")
    }
    let echo = isService ? Echo(ofServiceIn: mode, from: dialer) : Echo(to: address, from: dialer)
    return ping(host, address, count, echo)
  }

  private func ping(
    _ host: String, _ address: IPAddress, _ count: Int, _ echo: Echo?
  ) -> ToolResult {
    var output = "PING \(host.printable) (\(address)) 56(84) bytes of data.\n"
    if let echo {
      for number in 1...count {
        output +=
          "64 bytes from \(address): icmp_seq=\(number) ttl=\(echo.ttl) "
          + "time=\(echo.text) ms\n"
      }
    }
    let received = echo == nil ? 0 : count
    // One a second, and from the last the time that its answer took.
    let whole = (count - 1) * (echo == nil ? 1024 : 1000)
    output += "\n--- \(host.printable) ping statistics ---\n"
    output +=
      "\(count) packets transmitted, \(received) received, "
      + "\(echo == nil ? 100 : 0)% packet loss, time \(whole)ms\n"
    output +=
      echo.map { "rtt min/avg/max/mdev = \($0.text)/\($0.text)/\($0.text)/0.000 ms\n" } ?? "\n"
    return ToolResult(output: output, status: echo == nil ? 1 : 0)
  }
}

/// The answer to an ICMP echo request.
private struct Echo {
  let ttl: Int
  let roundTrip: Duration

  static func isService(_ address: IPAddress, _ place: ToolPlace) -> Bool {
    place.world.store.services.list().contains {
      $0.clusterIPs.contains(address) || $0.externalIPs.contains(address.description)
        || $0.loadBalancerIngress.contains { $0.ip == address }
    }
  }

  /// IPVS mode gives every node the addresses of all services; in iptables mode no rule sends an
  /// echo request on to an endpoint, and no host has the address.
  init?(ofServiceIn mode: ProxyMode, from dialer: Dialer) {
    guard mode == .ipvs else { return nil }
    ttl = 64
    let latency = dialer.place.world.dataPlane.configuration.linkLatencies.sameNode
    roundTrip = latency + latency
  }

  /// Nil when nothing comes back.
  init?(to address: IPAddress, from dialer: Dialer) {
    // A host answers for itself, whether or not something listens on the discard port.
    guard let answer = dialer.reach(address, 9) else { return nil }
    ttl = answer.ttl
    roundTrip = answer.roundTrip
  }

  /// Milliseconds with three places.
  var text: String {
    let micros = roundTrip.nanoseconds / 1000
    let digits = String(micros % 1000)
    return "\(micros / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
  }
}
