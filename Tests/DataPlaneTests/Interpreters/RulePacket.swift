import ClusterModel

@testable import DataPlane

/// The first packet of a connection on its way through the rules of one node.
struct RulePacket {
  var source: IPAddress
  var destination: IPAddress
  var port: UInt16
  var transport: TransportProtocol
  var mark: UInt32 = 0
  var isDNATed = false
  var isMasqueraded = false

  init(_ flow: Flow) {
    source = flow.source
    destination = flow.destination
    port = flow.destinationPort
    transport = flow.transport
  }
}

/// What a walk through the rules may come to, and how likely that is.
struct RuleOutcome {
  enum Verdict: Hashable { case accept, drop, reject }

  var packet: RulePacket
  var verdict: Verdict
  var probability: Double
}

/// What the rules of one node ask of the machine.
struct RuleMachine {
  /// Its own addresses, the loopback network apart.
  var own: Set<IPAddress>
  /// Of the packet's source: the lists of `recent` and the sets that it is in.
  var known: Set<String> = []

  func isLocal(_ address: IPAddress) -> Bool { address.isLoopback || own.contains(address) }
}

/// What an interpreter of rules in text makes of a packet.
protocol RuleInterpreter {
  /// A hook, with what the packets that leave it look like.
  func walk(_ hook: RuleHook, _ packet: RulePacket, _ machine: RuleMachine) -> [RuleOutcome]
}

enum RuleHook {
  case prerouting, output, input, forward, filterOutput, postrouting
}

extension RuleInterpreter {
  /// The whole way of a packet through a node.
  func way(of flow: Flow, _ machine: RuleMachine) -> [RuleOutcome] {
    let isOwn = machine.isLocal(flow.source)
    var outcomes = walk(isOwn ? .output : .prerouting, RulePacket(flow), machine)
    outcomes = outcomes.flatMap { outcome -> [RuleOutcome] in
      guard outcome.verdict == .accept else { return [outcome] }
      let isHere = machine.isLocal(outcome.packet.destination)
      let hooks: [RuleHook] =
        isOwn
        ? isHere ? [.filterOutput, .postrouting, .input] : [.filterOutput, .postrouting]
        : isHere ? [.input] : [.forward, .postrouting]
      var current = [outcome]
      for hook in hooks {
        current = current.flatMap { next -> [RuleOutcome] in
          guard next.verdict == .accept else { return [next] }
          return walk(hook, next.packet, machine).map {
            RuleOutcome(
              packet: $0.packet, verdict: $0.verdict,
              probability: $0.probability * next.probability)
          }
        }
      }
      return current
    }
    return outcomes
  }
}

/// Words of a rule; what stands in quotes is one.
func ruleWords(_ line: Substring) -> [Substring] {
  var words: [Substring] = []
  var position = line.startIndex
  while position < line.endIndex {
    if line[position] == " " || line[position] == "\t" {
      position = line.index(after: position)
    } else if line[position] == "\"" {
      let start = line.index(after: position)
      let end = line[start...].firstIndex(of: "\"") ?? line.endIndex
      words.append(line[start..<end])
      position = end < line.endIndex ? line.index(after: end) : end
    } else {
      let end = line[position...].firstIndex(of: " ") ?? line.endIndex
      words.append(line[position..<end])
      position = end
    }
  }
  return words
}
