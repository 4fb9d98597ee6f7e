import ClusterModel
import DataPlane
import SimulationCore
import Testing

@testable import Traffic

/// Outside clients, a front end with two pods, and a cart that it calls.
private func makeShop(
  seed: UInt64 = 1, web: [(String, String)] = [], cart: [(String, String)] = []
) -> SmallWorld {
  var world = SmallWorld(seed: seed)
  world.addService("web", nodePort: 30_080)
  world.addService("cart")
  for pod in ["web-1", "web-2"] { world.start(pod, of: "web", env: ["cart"], annotations: web) }
  for pod in ["cart-1", "cart-2"] { world.start(pod, of: "cart", annotations: cart) }
  return world
}

@Test(arguments: 1...60 as ClosedRange<UInt64>)
func `arrivals keep their rate and endpoints share them`(seed: UInt64) throws {
  var world = makeShop(seed: seed)
  world.run(.seconds(10))
  let edge = try #require(world.edge("external", "web"))
  // 1,000 expected; five deviations of a Poisson count.
  #expect(abs(Int(edge.measured.counts.started) - 1_000) < 160, "seed \(seed)")
  #expect(edge.measured.counts.failed == 0)
  let endpoints = world.traffic.endpoints(
    ofService: "web", namespace: "default", at: world.now)
  #expect(endpoints.map(\.pod) == ["web-1", "web-2"])
  let first = Int(endpoints[0].measured.counts.started)
  let second = Int(endpoints[1].measured.counts.started)
  #expect(first + second == Int(edge.measured.counts.started), "seed \(seed)")
  #expect(abs(first - second) < 160, "seed \(seed)")
  let p50 = try #require(edge.measured.p50)
  // Two medians of 2 ms, and four trips each way of two connections.
  #expect((Duration.milliseconds(4)...(.milliseconds(8))).contains(p50), "seed \(seed)")
}

@Test func `requests that the proxy rejects are refused`() throws {
  var world = makeShop()
  for pod in ["cart-1", "cart-2"] { world.setBehind("cart", pod, isEndpoint: false) }
  world.run(.seconds(10))
  let inner = try #require(world.edge("web", "cart")).measured.counts
  let outer = try #require(world.edge("external", "web")).measured.counts
  #expect(inner.refused > 500)
  #expect(inner.failed == inner.refused)
  #expect(outer.error > 500)
  #expect(outer.failed == outer.error)
}

@Test(arguments: [Verdict.dropped, .unreachable])
func `requests that vanish time out`(verdict: Verdict) throws {
  var world = makeShop()
  world.network.verdict = verdict
  world.run(.seconds(20))
  let measured = try #require(world.edge("external", "web")).measured
  #expect(measured.counts.timedOut > 500)
  #expect(measured.counts.failed == measured.counts.timedOut)
  #expect(measured.p50.map { $0 >= .seconds(5) && $0 < .milliseconds(5_400) } == true)
  // Five seconds of 100 requests a second are waiting.
  #expect((390...610).contains(measured.inFlight))
}

@Test func `a draining pod finishes what it has and refuses what comes`() throws {
  var world = makeShop(web: [("service-time", "500ms"), ("service-time-sigma", "0")])
  world.run(.seconds(5))
  world.drain("web-1")
  let before = world.traffic.totals
  #expect(before.error == 0 && before.refused == 0)
  world.run(.seconds(5))
  let counts = try #require(world.edge("external", "web")).measured.counts
  #expect(counts.refused > 100)
  #expect(counts.reset == 0 && counts.timedOut == 0 && counts.error == 0)
  let endpoint = world.traffic.endpoints(ofService: "web", namespace: "default", at: world.now)
  #expect(endpoint.first?.measured.inFlight == 0)
}

@Test func `a stopped pod resets its connections, then answers nothing`() throws {
  var world = makeShop(web: [("service-time", "300ms")])
  world.run(.seconds(5))
  world.stop("web-1")
  world.run(.seconds(1))
  #expect(world.traffic.totals.reset > 5)
  let reset = world.traffic.totals.reset
  #expect(world.traffic.totals.timedOut == 0)
  world.run(.seconds(10))
  #expect(world.traffic.totals.reset == reset)
  #expect(world.traffic.totals.timedOut > 100)
  #expect(world.traffic.totals.refused == 0)
}

@Test func `a reset reaches the client though the answer was due on its way there`() {
  var world = makeShop(web: [("service-time", "100ms"), ("service-time-sigma", "0")])
  world.network.oneWay = .milliseconds(200)
  world.run(.seconds(5))
  world.stop("web-1")
  world.run(.seconds(1))
  #expect(world.traffic.totals.reset > 3)
  world.traffic.stop(at: world.now)
  world.run(.minutes(1))
  #expect(world.traffic.requests.count == 0)
}

@Test func `a client is kept with its endpoint where the network remembers it`() {
  var world = makeShop()
  world.network.affinity = [:]
  world.run(.seconds(10))
  var endpointOf: [String: IPAddress] = [:]
  for request in world.traffic.requestLog(last: 1_024) where request.service == "cart" {
    let known = endpointOf[request.clientPod]
    endpointOf[request.clientPod] = request.endpoint
    #expect(known == nil || known == request.endpoint)
  }
  #expect(endpointOf.count == 2)
}

@Test func `a restarting container refuses, then serves again`() {
  var world = makeShop()
  world.run(.seconds(2))
  for pod in ["web-1", "web-2"] { world.stop(pod, keepsAddress: true) }
  world.run(.seconds(2))
  let refused = world.traffic.totals.refused
  #expect(refused > 100)
  #expect(world.traffic.totals.timedOut == 0)
  for pod in ["web-1", "web-2"] { world.start(pod, of: "web", env: ["cart"]) }
  let success = world.traffic.totals.success
  world.run(.seconds(2))
  #expect(world.traffic.totals.success > success + 200)
  #expect(world.traffic.totals.refused <= refused + 1)
}

@Test func `a deleted Service's name no longer resolves`() throws {
  var world = makeShop()
  world.run(.seconds(1))
  world.removeService("cart")
  world.run(.seconds(12))
  let counts = try #require(world.edge("web", "cart")).measured.counts
  #expect(counts.unresolved > 500)
  #expect(counts.failed == counts.unresolved)
}

@Test func `an annotated share of answers are errors`() throws {
  var world = makeShop(cart: [("error-rate", "10")])
  world.run(.seconds(60))
  let totals = world.traffic.totals
  // Every failed call fails the request that made it.
  let calls = Double(totals.started) / 2
  #expect(abs(Double(totals.error) / 2 / calls - 0.1) < 0.02)
  #expect(totals.failed == totals.error)
}

@Test(arguments: 1...8 as ClosedRange<UInt64>)
func `in flight is rate times latency`(seed: UInt64) throws {
  // One worker of 15 ms per pod, 50 requests a second each: three quarters busy, so they queue.
  var world = SmallWorld(seed: seed)
  world.addService("web", nodePort: 30_080)
  for pod in ["web-1", "web-2"] {
    world.start(
      pod, of: "web",
      annotations: [
        ("service-time", "15ms"), ("service-time-sigma", "0"), ("concurrency", "1"),
      ])
  }
  world.run(.seconds(20))
  var inFlight = 0
  var latency = Duration.zero
  var finished: UInt64 = 0
  let samples = 4_000
  for _ in 0..<samples {
    let before = world.traffic.totals.finished
    world.run(.milliseconds(10))
    let new = world.traffic.totals.finished - before
    finished += new
    for request in world.traffic.requestLog(last: Int(new)) { latency = latency + request.latency }
    inFlight += world.traffic.userRequests(at: world.now).inFlight
  }
  let mean = Double(inFlight) / Double(samples)
  let expected = latency.inSeconds / 40
  #expect(finished > 3_000)
  #expect(abs(mean - expected) < 0.05 * expected, "seed \(seed): \(mean), not \(expected)")
  // M/D/1 at three quarters: 37.5 ms in the system, and two round trips.
  #expect(abs(latency.inSeconds / Double(finished) - 0.0379) < 0.012, "seed \(seed)")
}

@Test func `requests can be stopped, started and set to another rate`() throws {
  var world = makeShop()
  let outside = EdgeSelector(client: "external")
  #expect(world.traffic.setRate(500_000, for: outside, at: world.now) == 1)
  #expect(world.traffic.setRate(1, for: EdgeSelector(service: "absent"), at: world.now) == 0)
  world.run(.seconds(10))
  #expect(abs(Int(world.traffic.totals.started) - 10_000) < 600)
  #expect(world.traffic.stop(outside, at: world.now) == 1)
  world.run(.seconds(10))
  let stopped = world.traffic.totals
  #expect(stopped.started == stopped.finished)
  #expect(world.traffic.nextEventTime == nil)
  #expect(try #require(world.edge("external", "web")).isStopped)
  #expect(world.traffic.start(outside, at: world.now) == 1)
  #expect(world.traffic.setRate(nil, for: outside, at: world.now) == 1)
  world.run(.seconds(10))
  #expect(abs(Int(world.traffic.totals.started - stopped.started) - 2_000) < 400)
}

@Test func `the log holds the newest requests first`() throws {
  var world = makeShop()
  world.run(.seconds(20))
  let log = world.traffic.requestLog(last: 2_000)
  #expect(log.count == 1_024)
  #expect(zip(log, log.dropFirst()).allSatisfy { $0.finishedAt >= $1.finishedAt })
  let call = try #require(log.first { $0.service == "cart" })
  #expect(call.client == .workload(namespace: "default", name: "web"))
  #expect(call.clientPod.hasPrefix("web-"))
  #expect(call.endpointPort == 8080)
  #expect(call.outcome == .success)
  #expect(world.traffic.requestLog(last: -1).isEmpty)
}
