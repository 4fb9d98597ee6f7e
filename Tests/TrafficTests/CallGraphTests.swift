import ClusterModel
import DataPlane
import SimulationCore
import Testing

@testable import Traffic

@Test func `nothing is pending while nobody calls anybody`() {
  var world = SmallWorld()
  world.addService("web")
  world.start("web-1", of: "web", env: ["nothing:80", "web:80", "info"])
  #expect(world.traffic.nextEventTime == nil)
  #expect(world.traffic.edges(at: world.now).isEmpty)
}

@Test func `edges follow the environment, and sources send on their own`() {
  var world = SmallWorld()
  world.addService("web", nodePort: 30_080)
  world.addService("cart", port: 7070)
  world.start("load-1", of: "load", env: ["http://web"])
  world.start("load-2", of: "load", env: ["http://web"])
  world.start("web-1", of: "web", env: ["cart:7070", "CART.default:7070", "absent:80"])
  world.start("cart-1", of: "cart")
  let rows = world.traffic.edges(at: world.now).map {
    "\($0.client) \($0.service):\($0.port) \($0.milliRateTarget ?? -1)"
  }
  #expect(rows == ["external web:80 100000", "load web:80 20000", "web cart:7070 -1"])
}

@Test func `an edge appears with its Service`() {
  var world = SmallWorld()
  world.addService("web")
  world.start("web-1", of: "web", env: ["cart"])
  #expect(world.traffic.edges(at: world.now).isEmpty)
  world.addService("cart", port: 7070)
  #expect(world.edge("web", "cart")?.port == 7070)
}

@Test func `a selected workload stops being a source`() {
  var world = SmallWorld()
  world.addService("cart")
  world.start("web-1", of: "web", env: ["cart"])
  #expect(world.edge("web", "cart")?.milliRateTarget == 10_000)
  world.addService("web")
  #expect(world.edge("web", "cart")?.milliRateTarget == nil)
  #expect(world.traffic.nextEventTime == nil)
  world.removeService("web")
  #expect(world.edge("web", "cart")?.milliRateTarget == 10_000)
}

@Test func `an Ingress brings an outside client`() {
  var world = SmallWorld()
  world.addService("web")
  world.start("web-1", of: "web")
  let backends = [IngressBackend(service: "web", port: .integer(80))]
  world.traffic.ingressChanged(
    namespace: "default", name: "front", to: backends, at: world.now)
  #expect(world.edge("external", "web")?.milliRateTarget == 100_000)
  world.run(.seconds(10))
  #expect(world.edge("external", "web")?.measured.counts.success ?? 0 > 500)
  world.traffic.ingressChanged(namespace: "default", name: "front", to: [], at: world.now)
  world.run(.seconds(10))
  #expect(world.edge("external", "web") == nil)
  #expect(world.traffic.nextEventTime == nil)
}

@Test func `the calls annotation sets calls per request`() throws {
  var world = SmallWorld()
  world.addService("web", nodePort: 30_080)
  world.addService("cart")
  world.addService("ads")
  world.start("web-1", of: "web", annotations: [("calls", "cart=3,ads=0.25")])
  world.start("cart-1", of: "cart")
  world.start("ads-1", of: "ads")
  world.run(.seconds(100))
  func count(_ service: String) throws -> Double {
    let summary = try #require(
      world.traffic.service(namespace: "default", name: service, at: world.now))
    return Double(summary.history.reduce(0, +))
  }
  let web = try count("web")
  #expect(abs(try count("cart") / web - 3) < 0.02)
  #expect(abs(try count("ads") / web - 0.25) < 0.03)
}

@Test func `workloads that call each other in a ring come to an end`() {
  var world = SmallWorld()
  world.addService("a", nodePort: 30_080)
  for name in ["b", "c", "d"] { world.addService(name) }
  for name in ["a", "b", "c", "d"] {
    world.start("\(name)-1", of: name, env: ["a", "b", "c", "d"])
  }
  world.traffic.setRate(1_000, for: EdgeSelector(client: "external"), at: world.now)
  world.run(.seconds(20))
  world.traffic.stop(at: world.now)
  world.run(.seconds(20))
  let totals = world.traffic.totals
  #expect(totals.started == totals.success)
  // a calls b, c, d; each of these the two others that are not above it; each of those the last.
  let users = world.traffic.services[0].history.values(at: world.now).reduce(0, +)
  #expect(totals.started == UInt64(users) * (1 + 3 + 6 + 6))
}

@Test func `one user request causes a bounded number of calls`() {
  var world = SmallWorld()
  let names = ["a", "b", "c", "d", "e", "f", "g", "h"]
  world.addService("a", nodePort: 30_080)
  for name in names.dropFirst() { world.addService(name) }
  for name in names { world.start("\(name)-1", of: name, env: names) }
  world.traffic.setRate(1_000, for: EdgeSelector(client: "external"), at: world.now)
  world.run(.seconds(20))
  world.traffic.stop(at: world.now)
  world.run(.seconds(20))
  let users = world.traffic.services[0].history.values(at: world.now).reduce(0, +)
  #expect(users > 5)
  #expect(world.traffic.totals.started <= UInt64(users) * 257)
  #expect(world.traffic.totals.started >= UInt64(users) * 200)
}
