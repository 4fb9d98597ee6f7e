import ClusterModel
import SimulationCore
import Testing

@testable import ControlPlane

/// The course of a large scaling as it was measured on a real cluster with default client limits:
/// 50 nodes whose pods are Ready as soon as they are seen.
@Suite struct `The pace of the controllers` {
  struct Point {
    /// Milliseconds after the command.
    var time: Int64
    var ready: Int
    var slices: Int?
  }

  private static let up = [
    (100, 5, 1), (3900, 102, 2), (7800, 179, 2), (11_700, 256, 3), (15_600, 333, 4),
    (20_100, 424, 5), (24_700, 510, 6), (28_700, 587, 6), (32_900, 669, 7), (36_900, 748, 8),
    (41_000, 829, 9), (45_000, 911, 10), (49_200, 994, 10), (49_700, 1000, 10),
  ].map { Point(time: $0.0, ready: $0.1, slices: $0.2) }

  private static let down = [
    (2900, 914), (15_400, 667), (23_700, 500), (36_100, 251), (44_400, 85), (48_500, 3),
  ].map { Point(time: $0.0, ready: $0.1, slices: nil) }

  private static func rig(replicas: Int) throws -> ClusterRig {
    var rig = ClusterRig(nodes: 50)
    var deployment = ClusterRig.deployment("web", replicas: replicas)
    deployment.template.annotations["kubarium.dev/startup-time"] = "0s"
    try rig.create(.deployment(deployment))
    try rig.create(.service(ClusterRig.service("web")))
    rig.run(for: .minutes(3))
    #expect(ready(rig) == replicas)
    return rig
  }

  private static func ready(_ rig: ClusterRig) -> Int {
    rig.slices("web").reduce(0) { $0 + $1.endpoints.count(where: \.isReadyOrUnset) }
  }

  private static func follow(_ points: [Point], _ rig: inout ClusterRig) {
    let start = rig.plane.now
    for point in points {
      rig.run(for: start + .milliseconds(point.time) - rig.plane.now)
      let ready = ready(rig)
      #expect(
        abs(ready - point.ready) * 20 <= point.ready,
        "\(ready) endpoints are ready after \(point.time) ms, not \(point.ready)")
      if let slices = point.slices {
        #expect(rig.slices("web").count == slices, "after \(point.time) ms")
      }
    }
  }

  @Test func `from 3 to 1,000 pods is the measured one`() throws {
    var rig = try Self.rig(replicas: 3)
    try rig.scale("web", to: 1000)
    Self.follow(Self.up, &rig)
  }

  @Test func `from 1,000 to 3 pods is the measured one`() throws {
    var rig = try Self.rig(replicas: 1000)
    try rig.scale("web", to: 3)
    Self.follow(Self.down, &rig)
  }

  @Test func `two more pods in a quiet cluster take a second to be listed`() throws {
    var rig = try Self.rig(replicas: 3)
    rig.run(for: .minutes(2))
    try rig.scale("web", to: 5)
    rig.run(for: .milliseconds(200))
    let pods = rig.store.pods.list(namespace: "default")
    #expect(pods.count == 5 && pods.allSatisfy(\.isReady))
    // The controller's cache was behind its own first write: it tries again after a second.
    #expect(Self.ready(rig) == 4)
    rig.run(for: .milliseconds(700))
    #expect(Self.ready(rig) == 4)
    rig.run(for: .milliseconds(300))
    #expect(Self.ready(rig) == 5)
  }

  @Test func `follows the limits of the clients`() throws {
    var rig = ClusterRig(nodes: 50, qps: 5000, burst: 10_000)
    try rig.create(.deployment(ClusterRig.deployment("web", replicas: 1000)))
    let start = rig.plane.now
    let isDone = rig.run { $0.pods.list(namespace: "default").count == 1000 }
    #expect(isDone)
    #expect(rig.plane.now - start < .seconds(1))
  }

  @Test func `does not go deeper for a longer queue`() throws {
    var rig = ClusterRig(nodes: 1, qps: 5000, burst: 10_000)
    for number in 0..<1200 { try rig.create(.service(ClusterRig.service("web-\(number)"))) }
    rig.run(for: .seconds(5))
    #expect(rig.slices("web-0").count == 1)
    #expect(rig.slices("web-1199").count == 1)
  }
}
