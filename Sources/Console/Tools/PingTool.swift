import ClusterModel
import Simulation
import SimulationCore

/// `ping -c COUNT [-s BYTES] [-M do]`, as iputils has it.
struct PingTool: Tool {
  let name = "ping"
  private static let maximumCount = 100

  private struct Options {
    var host: String?
    var count: Int?
    /// Bytes of payload.
    var size = 56
    var isWhole = false
    var isQuiet = false
  }

  func run(_ arguments: [String], at place: ToolPlace) -> ToolResult {
    var options = Options()
    var rest = arguments[...]
    while let word = rest.popFirst() {
      if let value = word.afterPrefix("-c") {
        options.count = Int(value.isEmpty ? rest.popFirst() ?? "" : value)
      } else if let value = word.afterPrefix("-s") {
        let text = value.isEmpty ? rest.popFirst() ?? "" : value
        guard let size = Int(text), (0...65_507).contains(size) else {
          return .failure("ping: invalid argument: '\(text.printable)'", status: 1)
        }
        options.size = size
      } else if word == "-M" {
        let mode = rest.popFirst() ?? ""
        guard ["do", "want", "dont", "probe"].contains(mode) else {
          return .failure("ping: invalid -M argument: \(mode.printable)")
        }
        options.isWhole = mode == "do" || mode == "probe"
      } else if ["-W", "-w", "-i"].contains(word) {
        _ = rest.popFirst()
      } else if word == "-q" {
        options.isQuiet = true
      } else if !word.hasPrefix("-") {
        options.host = word
      }
    }
    guard let host = options.host else {
      return .failure("ping: usage error: Destination address required")
    }
    guard let count = options.count, (1...Self.maximumCount).contains(count) else {
      return .failure("ping: -c with 1 to \(Self.maximumCount) is needed here: time stands still")
    }
    let dialer = Dialer(place: place)
    let found = dialer.resolve(host)
    guard let address = found.address else {
      return .failure(
        found.isServerSilent
          ? "ping: \(host.printable): Temporary failure in name resolution"
          : "ping: \(host.printable): Name or service not known", status: 2)
    }
    let answer = dialer.echo(address, size: options.size + 28, isWhole: options.isWhole)
    return report(host, address, count, options, answer)
  }

  private func report(
    _ host: String, _ address: IPAddress, _ count: Int, _ options: Options, _ answer: EchoAnswer
  ) -> ToolResult {
    let whole =
      address.family == .ipv4
      ? "\(options.size)(\(options.size + 28)) bytes" : "\(options.size) data bytes"
    var result = ToolResult(
      output: "PING \(host.printable) (\(address)) \(whole)"
        + (address.family == .ipv4 ? " of data.\n" : "\n"))
    var received = 0
    var errors = 0
    var times = "\n"
    for number in 1...count {
      switch answer {
      case .answered(let ttl, let roundTrip):
        received += 1
        let time = roundTrip.millisecondsText
        times = "rtt min/avg/max/mdev = \(time)/\(time)/\(time)/0.000 ms\n"
        if options.isQuiet { continue }
        result.output +=
          "\(options.size + 8) bytes from \(address): icmp_seq=\(number) ttl=\(ttl) "
          + "time=\(time) ms\n"
      case .silence: break
      case .portUnreachable(let teller):
        errors += 1
        result.output += "From \(teller) icmp_seq=\(number) Destination Port Unreachable\n"
      case .fragmentationNeeded(let teller, let mtu) where number == 1:
        errors += 1
        result.output +=
          "From \(teller) icmp_seq=\(number) Frag needed and DF set (mtu = \(mtu))\n"
      // From the second on the kernel knows.
      case .tooLong(let mtu), .fragmentationNeeded(_, let mtu):
        errors += 1
        result.errors += "ping: local error: message too long, mtu=\(mtu)\n"
      }
    }
    // One a second; without answers a little more.
    let milliseconds = (count - 1) * (received == 0 ? 1024 : 1000)
    result.output += "\n--- \(host.printable) ping statistics ---\n"
    result.output +=
      "\(count) packets transmitted, \(received) received, "
      + (errors > 0 ? "+\(errors) errors, " : "")
      + "\(received == 0 ? 100 : 0)% packet loss, time \(milliseconds)ms\n" + times
    result.status = received == 0 ? 1 : 0
    return result
  }
}

/// `traceroute [-n]`, as the Linux program prints it: three probes for each hop.
struct TracerouteTool: Tool {
  let name = "traceroute"
  private static let maximumHops = 30

  func run(_ arguments: [String], at place: ToolPlace) -> ToolResult {
    var host: String?
    var isNumeric = false
    var limit = Self.maximumHops
    var rest = arguments[...]
    while let word = rest.popFirst() {
      switch word {
      case "-n": isNumeric = true
      case "-m":
        guard let value = rest.popFirst().flatMap({ Int($0) }), (1...255).contains(value) else {
          return .failure("first hop out of range", status: 2)
        }
        limit = value
      case "-w", "-q", "-f", "-p": _ = rest.popFirst()
      default: if !word.hasPrefix("-"), host == nil { host = word }
      }
    }
    guard let host else { return .failure("Usage:\n  traceroute [ -n ] [ -m max_ttl ] host") }
    let dialer = Dialer(place: place)
    guard let address = dialer.resolve(host).address else {
      return .failure(
        "\(host.printable): Name or service not known\n"
          + "Cannot handle \"host\" cmdline arg `\(host.printable)' on position 1 (argc 1)",
        status: 2)
    }
    let names = Resolver(for: place.source, in: place.world)
    var output =
      "traceroute to \(host.printable) (\(address)), \(limit) hops max, 60 byte packets\n"
    let way = dialer.routers(to: address)
    for (place, hop) in way.hops.prefix(limit).enumerated() {
      let time = "  \(hop.roundTrip.millisecondsText) ms"
      let name = isNumeric ? "\(hop.address)" : Self.named(hop.address, names)
      output += Self.number(place + 1) + "  \(name)" + time + time + time + "\n"
    }
    if !way.isThere {
      for place in way.hops.count..<max(limit, way.hops.count) {
        output += Self.number(place + 1) + "  * * *\n"
      }
    }
    return ToolResult(output: output)
  }

  private static func number(_ number: Int) -> String { number < 10 ? " \(number)" : "\(number)" }

  private static func named(_ address: IPAddress, _ resolver: Resolver) -> String {
    let answer = resolver.ask(DNSQuestion(ReverseName.text(address), .ptr))
    guard case .pointer(let name)? = answer.answers.first?.data else {
      return "\(address) (\(address))"
    }
    return "\(name.dropLast()) (\(address))"
  }
}
