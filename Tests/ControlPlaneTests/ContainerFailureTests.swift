import ClusterModel
import SimulationCore
import Testing

@testable import ControlPlane

@Suite struct `A container that fails` {
  private static func started(
    annotations: Labels = Labels(), _ change: (inout Container) -> Void = { _ in }
  ) throws -> ClusterRig {
    var rig = ClusterRig()
    var deployment = ClusterRig.deployment("web", replicas: 1)
    var spec = deployment.template.spec.value
    change(&spec.containers[0])
    deployment.template.spec = Shared(spec)
    deployment.template.annotations = annotations
    try rig.create(.deployment(deployment))
    let runs = rig.run { store in
      if case .running = Self.pod(store)?.status.containerStatuses.first?.state {
        true
      } else {
        false
      }
    }
    #expect(runs)
    return rig
  }

  private static func pod(_ store: ObjectStore) -> Pod? {
    store.pods.list(namespace: "default").first
  }

  private static func restarts(_ store: ObjectStore) -> Int {
    pod(store)?.status.containerStatuses.first?.restartCount ?? 0
  }

  private static func crash(_ rig: inout ClusterRig) throws {
    let name = try #require(pod(rig.store)?.metadata.name)
    try rig.plane.crashPod(namespace: "default", name: name)
  }

  @Test func `is started again at once, and later and later after that`() throws {
    var rig = try Self.started()
    let waits: [Int64] = [0, 10, 20, 40, 80, 160, 300, 300]
    for (count, wait) in waits.enumerated() {
      try Self.crash(&rig)
      let crash = rig.plane.now
      let isBack = rig.run { store in
        Self.restarts(store) == count + 1 && Self.pod(store)?.isReady == true
      }
      #expect(isBack)
      let took = rig.plane.now - crash
      // Detection and start take up to 2 s; a waiting pod is looked at every 10 to 15 s.
      let slack: Int64 = wait == 0 ? 2 : 17
      #expect(took >= .seconds(wait) && took <= .seconds(wait + slack), "\(count): \(took)")
    }
    let pod = try #require(Self.pod(rig.store))
    guard case .terminated(let end) = pod.status.containerStatuses[0].lastState else {
      Issue.record("no last state")
      return
    }
    #expect(end.exitCode == 1 && end.reason == "Error")
    #expect(
      rig.events("BackOff").allSatisfy {
        $0
          == "Back-off restarting failed container server in pod "
          + "\(pod.metadata.name)_default(\(pod.metadata.uid))"
      })
    #expect(!rig.events("BackOff").isEmpty)
  }

  @Test func `shows why it waits`() throws {
    var rig = try Self.started()
    try Self.crash(&rig)
    let isBack = rig.run { Self.restarts($0) == 1 && Self.pod($0)?.isReady == true }
    #expect(isBack)
    try Self.crash(&rig)
    let isNoticed = rig.run { Self.pod($0)?.isReady == false }
    #expect(isNoticed)
    let waits = rig.run { store in
      if case .waiting("CrashLoopBackOff", _) = Self.pod(store)?.status.containerStatuses[0].state {
        true
      } else {
        false
      }
    }
    #expect(waits)
    let pod = try #require(Self.pod(rig.store))
    #expect(pod.status.phase == .running)
    #expect(
      pod.status.containerStatuses[0].state
        == .waiting(
          reason: "CrashLoopBackOff",
          message: "back-off 10s restarting failed container=server "
            + "pod=\(pod.metadata.name)_default(\(pod.metadata.uid))"))
  }

  @Test func `that ran long enough counts as healed`() throws {
    var rig = try Self.started()
    for _ in 0..<3 {
      try Self.crash(&rig)
      rig.run(for: .seconds(900))
    }
    #expect(Self.restarts(rig.store) == 3)
    #expect(rig.events("BackOff").isEmpty)
  }

  @Test func `tells packets of its end and its return`() throws {
    var rig = try Self.started()
    _ = rig.plane.takeSignals()
    try Self.crash(&rig)
    #expect(rig.plane.takeSignals().map(\.kind) == [.restarting])
    rig.run(for: .seconds(5))
    #expect(rig.plane.takeSignals().map(\.kind) == [.started])
  }

  @Test func `is killed by its liveness probe when it takes too long to start`() throws {
    var rig = try Self.started(annotations: ["kubarium.dev/startup-time": "60s"]) { container in
      container.livenessProbe = Probe(handler: .httpGet, action: ["port": 8080])
    }
    // Probes after 0, 10 and 20 s fail; the third one counts.
    rig.run(for: .seconds(19))
    #expect(rig.events("Killing").isEmpty)
    rig.run(for: .seconds(3))
    #expect(
      rig.events("Killing") == ["Container server failed liveness probe, will be restarted"])
    #expect(Self.restarts(rig.store) == 1)
    #expect(rig.events("Unhealthy").allSatisfy { $0.hasPrefix("Liveness probe failed: Get ") })
  }

  @Test func `has the time that its startup probe grants`() throws {
    var rig = try Self.started(annotations: ["kubarium.dev/startup-time": "60s"]) { container in
      container.livenessProbe = Probe(handler: .httpGet, action: ["port": 8080])
      container.startupProbe = Probe(handler: .httpGet, action: ["port": 8080])
      container.startupProbe?.failureThreshold = 30
    }
    #expect(Self.pod(rig.store)?.status.containerStatuses[0].hasStarted == false)
    rig.run(for: .seconds(58))
    #expect(Self.pod(rig.store)?.isReady == false)
    rig.run(for: .seconds(15))
    #expect(Self.pod(rig.store)?.isReady == true)
    #expect(Self.pod(rig.store)?.status.containerStatuses[0].hasStarted == true)
    #expect(Self.restarts(rig.store) == 0)
    #expect(rig.events("Unhealthy").allSatisfy { $0.hasPrefix("Startup probe failed: ") })
  }

  @Test func `leaves and returns as its readiness is annotated`() throws {
    var rig = try Self.started { container in
      container.readinessProbe = Probe(handler: .httpGet, action: ["port": 8080])
    }
    rig.run(for: .seconds(5))
    for (value, isReady) in [("false", false), ("true", true)] {
      var pod = try #require(Self.pod(rig.store))
      pod.metadata.annotations["kubarium.dev/ready"] = value
      let changed = pod
      try rig.plane.request { (api, time) throws(APIError) in
        _ = try api.replace(.pod(changed), at: time)
      }
      let start = rig.plane.now
      let isDone = rig.run { Self.pod($0)?.isReady == isReady }
      #expect(isDone)
      // Three failures count, one success does.
      let took = rig.plane.now - start
      #expect(took >= .seconds(isReady ? 0 : 20) && took <= .seconds(31), "\(took)")
    }
    #expect(
      rig.events("Unhealthy").contains(
        "Readiness probe failed: HTTP probe failed with statuscode: 503"))
    #expect(Self.restarts(rig.store) == 0)
  }

  @Test(
    arguments: [
      ("Never", "0", PodStatus.Phase.succeeded, 0), ("Never", "3", .failed, 0),
      ("OnFailure", "0", .succeeded, 0), ("Always", "0", .running, 4),
      ("OnFailure", "3", .running, 4),
    ])
  func `ends its pod or not as the restart policy says`(
    policy: String, code: String, phase: PodStatus.Phase, restarts: Int
  ) throws {
    var rig = ClusterRig()
    var spec = PodSpec(containers: [Container(name: "work", image: "work:1")])
    spec.restartPolicy = policy
    var pod = Pod(metadata: ObjectMeta(name: "once", namespace: "default"), spec: Shared(spec))
    pod.metadata.annotations = ["kubarium.dev/exit-after": "3s", "kubarium.dev/exit-code": code]
    try rig.create(.pod(pod))
    rig.run(for: .seconds(130))
    let now = try #require(rig.store.pods["default", "once"])
    #expect(now.status.phase == phase)
    #expect(now.status.containerStatuses[0].restartCount == restarts)
    if phase == .succeeded {
      #expect(now.status.conditions[type: "Ready"]?.reason == "PodCompleted")
    }
  }
}
