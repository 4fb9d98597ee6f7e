import ClusterModel
import SimulationCore

/// How much a pod has to do.
public struct PodLoad: Hashable, Sendable {
  /// Requests that its processes answered, in thousandths per second.
  public var milliRequestsPerSecond: Int64
  /// The median time that it works on one.
  public var serviceTime: Duration
}

extension Traffic {
  /// What a pod answered in the last ten complete seconds, over all its ports and Services.
  public func load(ofPod name: String, namespace: String, at now: Instant) -> PodLoad {
    guard let index = process(ofPod: name, in: namespace) else {
      return PodLoad(milliRequestsPerSecond: 0, serviceTime: Profile().serviceTime)
    }
    var rate: Int64 = 0
    var endpoint = pods[Int(index)].firstEndpoint
    while endpoint != none {
      rate += answered(by: endpoints[Int(endpoint)], at: now)
      endpoint = endpoints[Int(endpoint)].next
    }
    let behaviour = pods[Int(index)].behaviour
    let serviceTime =
      behaviour == none
      ? Profile().serviceTime : behaviours[Int(behaviour)].description.profile.serviceTime
    return PodLoad(milliRequestsPerSecond: rate, serviceTime: serviceTime)
  }

  private func answered(by endpoint: EndpointEntry, at now: Instant) -> Int64 {
    guard endpoint.meter != none else { return 0 }
    let measured = meters.measurement(endpoint.meter, at: now)
    let counts = measured.counts
    guard counts.started > 0 else { return 0 }
    // As many of the requests that came as were answered, by the rate at which they came.
    let ended = min(counts.success + counts.error, counts.started)
    return measured.milliRequestsPerSecond * Int64(clamping: ended)
      / Int64(clamping: counts.started)
  }
}
