import ClusterModel
import ControlPlane
import Simulation
import SimulationCore
import Traffic

/// Requests that go the same way and end alike, and how many there are.
public struct FlowRow: Hashable, Sendable {
  public enum End: Int, Hashable, Sendable {
    case answered
    /// An endpoint answered with an error, or broke off.
    case failed
    /// It came as far as an endpoint's address, and nobody answered.
    case lostAtEndpoint
    /// No endpoint was chosen: refused by the rules, or no such name.
    case lostAtService
  }

  /// Nil for clients outside.
  public var clientPod: NamespacedName?
  /// Empty for clients outside.
  public var clientNode = ""
  public var service: NamespacedName
  public var endpointPod: NamespacedName?
  public var endpointNode = ""
  public var end: End
  /// In thousandths of a request per second.
  public var milliRate: Int64 = 0
}

/// The newest requests by where they went: their shares are those of the newest some hundred, the
/// whole is what is measured.
struct FlowSample {
  static let length = 512

  private struct Key: Hashable {
    var client: NamespacedName?
    var service: NamespacedName
    var endpoint: IPAddress?
    var end: FlowRow.End
  }

  static func rows(_ world: borrowing World) -> [FlowRow] {
    let log = world.traffic.requestLog(last: length)
    guard !log.isEmpty else { return [] }
    var places: [Key: Int] = [:]
    var found: [(key: Key, count: Int)] = []
    for request in log {
      let client =
        request.clientPod.isEmpty
        ? nil : NamespacedName(namespace: request.client.namespace, name: request.clientPod)
      let key = Key(
        client: client,
        service: NamespacedName(namespace: request.namespace, name: request.service),
        endpoint: request.endpoint, end: end(of: request))
      if let place = places[key] {
        found[place].count += 1
      } else {
        places[key] = found.count
        found.append((key, 1))
      }
    }
    let all = world.traffic.allRequests(at: world.now).milliRequestsPerSecond
    var targets: [NamespacedName: [IPAddress: (pod: NamespacedName?, node: String)]] = [:]
    return found.map { key, count in
      var row = FlowRow(clientPod: key.client, service: key.service, end: key.end)
      if let client = key.client {
        row.clientNode = world.store.pods[client.namespace, client.name]?.nodeName ?? ""
      }
      if let endpoint = key.endpoint {
        if targets[key.service] == nil {
          targets[key.service] = self.targets(of: key.service, world)
        }
        if let target = targets[key.service]?[endpoint] {
          (row.endpointPod, row.endpointNode) = (target.pod, target.node)
        }
      }
      row.milliRate = all * Int64(count) / Int64(log.count)
      return row
    }
  }

  private static func end(of request: FinishedRequest) -> FlowRow.End {
    switch request.outcome {
    case .success, .cancelled: .answered
    case .error, .reset: .failed
    case .refused, .timedOut: request.endpoint == nil ? .lostAtService : .lostAtEndpoint
    case .unresolved: .lostAtService
    }
  }

  private static func targets(
    of service: NamespacedName, _ world: borrowing World
  ) -> [IPAddress: (pod: NamespacedName?, node: String)] {
    var targets: [IPAddress: (pod: NamespacedName?, node: String)] = [:]
    for id in world.store.slices(of: service) {
      for endpoint in world.store.endpointSlices[id]?.endpoints ?? [] {
        let pod = endpoint.targetRef.map {
          NamespacedName(namespace: service.namespace, name: $0.name)
        }
        targets[endpoint.address] = (pod, endpoint.nodeName ?? "")
      }
    }
    return targets
  }
}
