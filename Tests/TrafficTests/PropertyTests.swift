import ClusterModel
import DataPlane
import SimulationCore
import Testing

@testable import Traffic

/// Ten seconds in which pods, Services and the network change at random.
private func runTroubled(_ seed: UInt64) -> SmallWorld {
  var world = SmallWorld(seed: seed)
  var random = RandomStream(seed: seed, component: "test")
  let names = ["web", "cart", "ads", "pay"]
  for (index, name) in names.enumerated() {
    world.addService(name, nodePort: index == 0 ? 30_080 : 0)
  }
  func start(_ pod: Int, _ world: inout SmallWorld, _ random: inout RandomStream) {
    let name = names[pod % 4]
    let annotations = [
      ("service-time", ["1ms", "40ms", "2s"][random.index(below: 3)]),
      ("concurrency", ["1", "3", "100"][random.index(below: 3)]),
      ("error-rate", ["0", "5"][random.index(below: 2)]),
      ("timeout", ["500ms", "3s"][random.index(below: 2)]),
    ]
    world.start("\(name)-\(pod)", of: name, env: names, annotations: annotations)
  }
  for pod in 0..<8 { start(pod, &world, &random) }
  world.start("load-1", of: "load", env: ["web"])
  for _ in 0..<50 {
    let pod = random.index(below: 8)
    let name = "\(names[pod % 4])-\(pod)"
    switch random.below(8) {
    case 0: world.drain(name)
    case 1: world.stop(name)
    case 2: world.stop(name, keepsAddress: true)
    case 3, 4: start(pod, &world, &random)
    case 5: world.setBehind(names[pod % 4], name, isEndpoint: random.chance(1, in: 2))
    case 6: world.network.verdict = random.chance(1, in: 4) ? .dropped : nil
    default:
      let rate = Int64(random.below(200_000))
      world.traffic.setRate(rate, for: EdgeSelector(client: "load"), at: world.now)
    }
    world.run(.milliseconds(200))
    #expect(isConserved(world), "seed \(seed)")
  }
  return world
}

private func isConserved(_ world: SmallWorld) -> Bool {
  let all = world.traffic.allRequests(at: world.now)
  let totals = world.traffic.totals
  return totals.started == totals.finished + UInt64(all.inFlight)
    && world.traffic.requests.count >= all.inFlight
}

@Test(arguments: 1...60 as ClosedRange<UInt64>)
func `every request ends once, and no place is lost`(seed: UInt64) {
  var world = runTroubled(seed)
  #expect(world.traffic.totals.started > 100, "seed \(seed)")
  world.traffic.stop(at: world.now)
  world.run(.hours(1))
  let totals = world.traffic.totals
  #expect(totals.started == totals.finished, "seed \(seed)")
  #expect(world.traffic.requests.count == 0, "seed \(seed)")
  #expect(world.traffic.nextEventTime == nil, "seed \(seed)")
  #expect(world.traffic.userRequests(at: world.now).inFlight == 0, "seed \(seed)")
  for pod in world.traffic.pods {
    #expect(pod.busy == 0 && pod.queued == 0 && pod.involved == 0, "seed \(seed)")
  }
  for endpoint in world.traffic.endpoints {
    #expect(world.traffic.meters.inFlight(endpoint.meter) == 0, "seed \(seed)")
  }
  let listed = world.traffic.services.map(\.endpoints.count).reduce(0, +)
  #expect(world.traffic.endpoints.count - world.traffic.freeEndpoints.count == listed)
  for timeouts in world.traffic.timeoutClasses {
    #expect(timeouts.oldest == none && timeouts.newest == none, "seed \(seed)")
  }
}

@Test func `every way to end occurs under trouble`() {
  var sum = OutcomeCounts()
  for seed in 1...15 as ClosedRange<UInt64> {
    let totals = runTroubled(seed).traffic.totals
    sum.error += totals.error
    sum.refused += totals.refused
    sum.timedOut += totals.timedOut
    sum.reset += totals.reset
    sum.cancelled += totals.cancelled
  }
  #expect(sum.error > 0 && sum.refused > 0 && sum.timedOut > 0)
  #expect(sum.reset > 0 && sum.cancelled > 0)
}

@Test(arguments: 1...5 as ClosedRange<UInt64>)
func `a seed decides the run`(seed: UInt64) {
  #expect(runTroubled(seed).digest == runTroubled(seed).digest)
  #expect(runTroubled(seed).digest != runTroubled(seed + 1_000).digest)
}

@Test func `steps one by one are the same run as many at once`() {
  var world = runTroubled(7)
  var other = world
  world.run(.seconds(1))
  other.now += .seconds(1)
  while let next = other.traffic.nextEventTime, next <= other.now {
    other.traffic.run(through: next, atMost: 1, network: &other.network)
  }
  #expect(world.digest == other.digest)
}

@Test func `what passes through the queues stays small and trivial`() {
  #expect(_isPOD(Request.self) && _isPOD(TrafficEvent.self) && _isPOD(PodProcess.self))
  #expect(MemoryLayout<Request>.stride <= 136)
  #expect(MemoryLayout<TrafficEvent>.stride == 12)
}
