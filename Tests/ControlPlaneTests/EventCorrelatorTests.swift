import ClusterModel
import SimulationCore
import Testing

@testable import ControlPlane

@Suite struct `Events that are said again and again` {
  private static func say(
    _ rig: inout ClusterRig, _ message: String, reason: String = "Scaled",
    component: String = "deployment-controller"
  ) {
    let reference = ObjectReference(
      kind: "Deployment", namespace: "default", name: "web", uid: UID("one"))
    rig.plane.api.record(
      EventRecord(reference, reason, message, from: component), at: rig.plane.now)
  }

  private static func events(_ rig: ClusterRig) -> [String] {
    rig.store.events.list().filter { $0.involvedObject.name == "web" }
      .map { "\($0.count) \($0.message)" }
  }

  @Test func `in the same words are counted`() {
    var rig = ClusterRig()
    for _ in 0..<5 { Self.say(&rig, "a") }
    #expect(Self.events(rig) == ["5 a"])
  }

  @Test func `in other words are combined from the tenth on`() {
    var rig = ClusterRig()
    for number in 1...14 { Self.say(&rig, "\(number)") }
    #expect(
      Self.events(rig)
        == (1...9).map { "1 \($0)" } + ["5 (combined from similar events): 14"])
  }

  @Test func `are told apart again after ten quiet minutes`() {
    var rig = ClusterRig()
    for number in 1...10 { Self.say(&rig, "\(number)") }
    rig.run(for: .seconds(601))
    Self.say(&rig, "11")
    #expect(Self.events(rig).last == "1 11")
  }

  @Test func `are held back after twenty-five, and one in five minutes after that`() {
    var rig = ClusterRig()
    for _ in 0..<40 { Self.say(&rig, "a") }
    #expect(Self.events(rig) == ["25 a"])
    // Others that speak of it are not held back.
    Self.say(&rig, "b", component: "replicaset-controller")
    #expect(Self.events(rig).contains("1 b"))
    rig.run(for: .seconds(300))
    Self.say(&rig, "a")
    #expect(Self.events(rig).contains("41 a"))
  }
}
