import ClusterModel
import SimulationCore
import Testing

@testable import ControlPlane

@Suite struct `A cron schedule` {
  @Test(
    arguments: [
      ("*/5 * * * *", "2026-01-01T00:00:00Z", "2026-01-01T00:05:00Z"),
      ("0 9-17/4 * * *", "2026-01-01T09:00:00Z", "2026-01-01T13:00:00Z"),
      ("30 2 29 2 *", "2026-01-01T00:00:00Z", "2028-02-29T02:30:00Z"),
      ("0 0 13 * FRI", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"),
      ("0 0 * * 0", "2026-01-01T00:00:00Z", "2026-01-04T00:00:00Z"),
      ("@hourly", "2026-01-01T00:59:59Z", "2026-01-01T01:00:00Z"),
      ("@every 90s", "2026-01-01T00:00:00Z", "2026-01-01T00:01:30Z"),
      ("15,45 0 1 JAN,JUL ?", "2026-01-01T00:45:00Z", "2026-07-01T00:15:00Z"),
    ])
  func `names the next time`(text: String, from: String, next: String) throws {
    let start = try #require(Timestamp(from))
    #expect(try CronSchedule(text).next(after: start)?.description == next)
  }

  @Test(
    arguments: [
      ("* * * *", "expected exactly 5 fields, found 4: [* * * *]"),
      ("60 * * * *", "end of range (60) above maximum (59): 60"),
      ("*/0 * * * *", "step of range should be a positive number: */0"),
      (
        "x * * * *",
        "failed to parse int from x: strconv.Atoi: parsing \"x\": invalid syntax"
      ),
      ("@never", "unrecognized descriptor: @never"),
    ])
  func `is refused in the parser's words`(text: String, message: String) {
    #expect(throws: CronSchedule.Problem(message: message)) { try CronSchedule(text) }
  }

  /// Against the obvious way: minute by minute.
  @Test func `agrees with a walk over the minutes`() throws {
    for text in ["7 3 * * 1-5", "*/17 */5 1,15 * *", "0 12 * 2-11/3 SUN", "59 23 31 * *"] {
      let schedule = try CronSchedule(text)
      let start = try #require(Timestamp("2026-01-31T22:13:45Z"))
      let next = try #require(schedule.next(after: start))
      var minute = Timestamp(seconds: (start.seconds / 60 + 1) * 60)
      while minute < next {
        let before = Timestamp(seconds: minute.seconds - 60)
        #expect(schedule.next(after: before) == next, "\(text) \(minute)")
        minute = Timestamp(seconds: minute.seconds + 3600)
      }
    }
  }
}

@Suite struct `A CronJob` {
  private static func rig(
    _ spec: Fields, runs seconds: Int = 5
  ) throws -> ClusterRig {
    var rig = ClusterRig()
    var pod = PodSpec(containers: [Container(name: "c", image: "c:1")])
    pod.restartPolicy = "Never"
    var template = PodTemplate(labels: Labels(), spec: Shared(pod))
    template.annotations = ["kubarium.dev/exit-after": "\(seconds)s"]
    var spec = spec
    spec["schedule"] = "* * * * *"
    spec["jobTemplate"] = ["spec": ["template": ["spec": ["restartPolicy": "Never"]]]]
    try rig.create(
      .kept(
        KeptObject(
          resource: CronJobController.resource,
          metadata: ObjectMeta(name: "tick", namespace: "default"),
          body: Fields([("spec", .object(spec))]), template: template)))
    return rig
  }

  private static func jobs(_ rig: ClusterRig) -> [String] {
    (rig.store.kept["jobs.batch"]?.list(namespace: "default") ?? []).map(\.metadata.name)
  }

  @Test func `makes a Job at each minute and keeps the last three`() throws {
    var rig = try Self.rig(Fields())
    rig.run(for: .seconds(59))
    #expect(Self.jobs(rig).isEmpty)
    rig.run(for: .seconds(2))
    #expect(Self.jobs(rig) == ["tick-29453761"])
    rig.run(for: .seconds(300))
    #expect(Self.jobs(rig) == ["tick-29453763", "tick-29453764", "tick-29453765", "tick-29453766"])
    rig.run(for: .seconds(30))
    #expect(Self.jobs(rig) == ["tick-29453764", "tick-29453765", "tick-29453766"])
    #expect(
      rig.events("SawCompletedJob").first
        == "Saw completed job: tick-29453761, condition: Complete")
    #expect(rig.events("SuccessfulDelete").first == "Deleted job tick-29453761")
  }

  @Test(arguments: [("Allow", 3), ("Forbid", 1), ("Replace", 1)])
  func `lets Jobs overlap as the policy says`(policy: String, count: Int) throws {
    var rig = try Self.rig(["concurrencyPolicy": .string(policy)], runs: 1000)
    rig.run(for: .seconds(200))
    #expect(Self.jobs(rig).count == count)
    #expect(Self.jobs(rig).last == (policy == "Forbid" ? "tick-29453761" : "tick-29453763"))
  }

  @Test func `rests while it is suspended`() throws {
    var rig = try Self.rig(["suspend": true])
    rig.run(for: .seconds(300))
    #expect(Self.jobs(rig).isEmpty)
  }
}
