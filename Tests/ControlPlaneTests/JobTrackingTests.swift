import ClusterModel
import SimulationCore
import Testing

@testable import ControlPlane

@Suite struct `Pods of a Job` {
  private static func rig(_ spec: Fields, seconds: String) throws -> ClusterRig {
    var template = Kept.template("sum")
    var pod = template.spec.value
    pod.restartPolicy = "Never"
    template.spec = Shared(pod)
    template.annotations = ["kubarium.dev/exit-after": seconds]
    var rig = ClusterRig()
    try rig.create(Kept.make("Job", "sum", template, spec))
    return rig
  }

  @Test func `are held until they are counted`() throws {
    var rig = try Self.rig(["completions": 2, "parallelism": 2], seconds: "30s")
    #expect(rig.run { $0.pods.list(namespace: "default").count == 2 })
    #expect(rig.ownPods.allSatisfy { $0.metadata.finalizers == [JobTracking.finalizer] })
    rig.run(for: .minutes(2))
    #expect(rig.ownPods.allSatisfy { $0.metadata.finalizers.isEmpty })
    let status = try #require(rig.kept("Job", "sum")?.body["status"])
    #expect(status["succeeded"] == 2 && status["uncountedTerminatedPods"] == [:])
  }

  @Test func `stand in its status before they are let go`() throws {
    var rig = try Self.rig(["completions": 1], seconds: "1h")
    #expect(rig.run { $0.pods.list(namespace: "default").count == 1 })
    let id = try #require(
      rig.store.kept["jobs.batch"]?.id(namespace: "default", name: "sum"))
    let resource = APIResource.of(apiVersion: "batch/v1", kind: "Job")
    let job = try #require(KeptWorkload(id, resource, rig.store))
    var pod = try #require(rig.ownPods.first)
    pod.status.phase = .succeeded
    let writes = JobTracking.flush([pod], of: job, ["succeeded": 1])
    guard case .keptStatus(_, _, let status) = try #require(writes.first).action else {
      Issue.record("no status")
      return
    }
    #expect(status["succeeded"] == nil)
    #expect(
      status["uncountedTerminatedPods"] == ["succeeded": [.string("\(pod.metadata.uid)")]])
    #expect(writes.count == 2)
  }

  @Test func `count as failed as soon as somebody deletes them`() throws {
    var rig = try Self.rig(["completions": 1], seconds: "1h")
    #expect(rig.run { $0.pods.list(namespace: "default").contains { $0.isReady } })
    let name = try #require(rig.ownPods.first?.metadata.name)
    _ = try rig.plane.request { (api, time) throws(APIError) in
      try api.delete(.pods, namespace: "default", name: name, at: time)
    }
    // The next one waits for ten seconds, as after any failure.
    rig.run(for: .seconds(5))
    #expect(rig.ownPods.allSatisfy { $0.metadata.name == name })
    rig.run(for: .seconds(85))
    #expect(rig.status("Job", "sum")["failed"] == 1)
    #expect(rig.store.pods["default", name] == nil)
    #expect(rig.ownPods.count == 1)
  }

  @Test func `that a suspended Job lets go have not failed`() throws {
    var rig = try Self.rig(["completions": 2, "parallelism": 2], seconds: "1h")
    #expect(rig.run { $0.pods.list(namespace: "default").count(where: \.isReady) == 2 })
    try rig.changeKept("Job", "sum") { job in
      var spec = job.body["spec"]?.fields ?? Fields()
      spec["suspend"] = true
      job.body["spec"] = .object(spec)
    }
    rig.run(for: .seconds(90))
    #expect(rig.ownPods.isEmpty)
    #expect(rig.status("Job", "sum")["failed"] == nil)
  }

  @Test(arguments: [DeletionPropagation.background, .foreground])
  func `go with it`(propagation: DeletionPropagation) throws {
    var rig = try Self.rig(["completions": 1], seconds: "1h")
    #expect(rig.run { $0.pods.list(namespace: "default").contains { $0.isReady } })
    _ = try rig.plane.request { (api, time) throws(APIError) in
      try api.delete(
        .of(apiVersion: "batch/v1", kind: "Job"), namespace: "default", name: "sum",
        propagation, at: time)
    }
    rig.run(for: .minutes(2))
    #expect(rig.ownPods.isEmpty && rig.kept("Job", "sum") == nil)
  }
}
