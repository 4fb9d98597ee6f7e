import ClusterModel
import SimulationCore
import Testing

@testable import ControlPlane

@Suite struct `How many replicas a metric calls for` {
  private static let now = Timestamp(seconds: 1_767_229_200)

  /// A pod that has been ready for long and uses `milliCPU` of the 200 m that it requests.
  private static func pod(
    _ name: String, _ milliCPU: Int64?, isReady: Bool = true, age: Int64 = 900
  ) -> ReplicaCalculator.Candidate {
    var container = Container(name: "server", image: "web:1")
    container.requests["cpu"] = Quantity(milli: 200)
    var pod = Pod(
      metadata: ObjectMeta(name: name, namespace: "default"),
      spec: Shared(PodSpec(containers: [container])))
    let start = Timestamp(seconds: now.seconds - age)
    pod.status.phase = .running
    pod.status.startTime = start
    pod.status.conditions = [
      Condition(type: "Ready", status: isReady ? .true : .false, lastTransitionTime: start)
    ]
    return ReplicaCalculator.Candidate(
      pod: pod,
      usage: milliCPU.map {
        PodUsage(
          timestamp: now, containers: [.init(name: "server", milliCPU: $0, memory: 1 << 20)])
      })
  }

  private static func replicas(
    _ current: Int, _ pods: [ReplicaCalculator.Candidate], percent: Int64 = 50
  ) throws -> Int {
    try ReplicaCalculator(resource: "cpu", now: now)
      .proposal(current, pods, .utilization(percent)).replicas
  }

  @Test(
    arguments: [
      // Per pod, of 200 m with a goal of 100 m: what three pods come to.
      (100, 3), (111, 3), (112, 4), (200, 6), (90, 3), (89, 3), (66, 2), (10, 1), (0, 0),
    ] as [(Int64, Int)])
  func `follows the utilization beyond a tenth`(milliCPU: Int64, expected: Int) throws {
    let pods = (0..<3).map { Self.pod("web-\($0)", milliCPU) }
    #expect(try Self.replicas(3, pods) == expected)
  }

  @Test func `leaves starting pods out on the way down and counts them as idle on the way up`()
    throws
  {
    let starting = (0..<2).map { Self.pod("new-\($0)", 0, isReady: false, age: 20) }
    // 200 % of the goal over two pods, 100 % over four.
    let busy = (0..<2).map { Self.pod("web-\($0)", 200) }
    #expect(try Self.replicas(4, busy + starting) == 4)
    #expect(try Self.replicas(2, busy) == 4)
    let idle = (0..<2).map { Self.pod("web-\($0)", 50) }
    #expect(try Self.replicas(4, idle + starting) == 1)
  }

  @Test func `takes missing pods for busy on the way down and for idle on the way up`() throws {
    let silent = [Self.pod("gone-0", nil)]
    let idle = (0..<3).map { Self.pod("web-\($0)", 50) }
    // (3 × 50 + 200) of 4 × 200 is 43 %: 0.86 of the goal, four pods come to four.
    #expect(try Self.replicas(4, idle + silent) == 4)
    let busy = (0..<3).map { Self.pod("web-\($0)", 200) }
    // (3 × 200) of 4 × 200 is 75 %: 1.5 of the goal, six instead of eight.
    #expect(try Self.replicas(4, busy + silent) == 6)
  }

  @Test func `says what is missing`() {
    func message(_ pods: [ReplicaCalculator.Candidate]) -> String {
      do throws(ReplicaCalculator.Failure) {
        _ = try ReplicaCalculator(resource: "cpu", now: Self.now)
          .proposal(1, pods, .utilization(50))
        return ""
      } catch {
        return error.message
      }
    }
    #expect(
      message([Self.pod("a", nil)])
        == "unable to get metrics for resource cpu: no metrics returned from resource metrics API")
    #expect(
      message([Self.pod("a", 10, isReady: false, age: 10)])
        == "did not receive metrics for targeted pods (pods might be unready)")
    var bare = Self.pod("a", 10)
    bare.pod.spec = Shared(PodSpec(containers: [Container(name: "server", image: "web:1")]))
    #expect(message([bare]) == "missing request for cpu in container server of Pod a")
  }

  @Test(
    arguments: [(0, "0"), (1, "1m"), (250, "250m"), (3000, "3"), (64_000_000_000, "64M")]
      as [(Int64, String)])
  func `writes quantities as short as it can`(milli: Int64, text: String) {
    #expect(DecimalText.of(milli: milli) == text)
  }
}

@Suite struct `How far an autoscaler goes at once` {
  private static func limits(
    _ rules: (up: ScalingRules, down: ScalingRules)?, at seconds: Int64 = 0
  ) -> ScalingLimits {
    ScalingLimits(
      minimum: 1, maximum: 20, rules: rules, now: Instant.zero + .seconds(seconds))
  }

  @Test(
    arguments: [
      (1, 10, 4, "ScaleUpLimit"), (4, 10, 8, "ScaleUpLimit"), (6, 12, 12, "DesiredWithinRange"),
      (15, 30, 20, "TooManyReplicas"), (5, 0, 1, "TooFewReplicas"),
    ])
  func `without a behavior doubles, four at least`(
    current: Int, desired: Int, expected: Int, reason: String
  ) {
    var history = ScalingHistory()
    let outcome = Self.limits(nil).apply(desired, from: current, &history)
    #expect(outcome.replicas == expected && outcome.reason == reason)
    #expect(outcome.isLimited == (reason != "DesiredWithinRange"))
  }

  @Test(arguments: [(1, 10, 5), (2, 10, 6), (4, 20, 8), (10, 20, 20)])
  func `with the default policies adds four or doubles`(current: Int, desired: Int, expected: Int) {
    var history = ScalingHistory()
    let outcome = Self.limits((.up, .down)).apply(desired, from: current, &history)
    #expect(outcome.replicas == expected)
  }

  @Test func `counts what was added in the period`() {
    let policy = ScalingRules.Policy(isPercent: false, value: 2, period: .seconds(60))
    let rules = (
      up: ScalingRules(stabilization: .zero, policies: [policy]), down: ScalingRules.down
    )
    var history = ScalingHistory()
    history.noteRescaling(2, at: .zero + .seconds(10))
    #expect(Self.limits(rules, at: 40).apply(10, from: 5, &history).replicas == 5)
    #expect(Self.limits(rules, at: 71).apply(10, from: 5, &history).replicas == 7)
  }

  @Test func `stays at the highest recommendation of five minutes`() {
    for rules in [nil, (up: ScalingRules.up, down: ScalingRules.down)] {
      var history = ScalingHistory()
      history.note(8, at: .zero, longest: .seconds(300))
      let early = Self.limits(rules, at: 299).apply(2, from: 8, &history)
      #expect(early.replicas == 8 && early.stabilization?.reason == "ScaleDownStabilized")
      let late = Self.limits(rules, at: 600).apply(2, from: 8, &history)
      #expect(late.replicas == 2 && late.stabilization == nil)
    }
  }
}

@Suite struct `An autoscaler` {
  private static func rig(replicas: Int, spec: Fields) throws -> ClusterRig {
    var rig = ClusterRig()
    var deployment = ClusterRig.deployment("web", replicas: replicas)
    var pod = deployment.template.spec.value
    pod.containers[0].requests["cpu"] = Quantity(milli: 200)
    deployment.template.spec = Shared(pod)
    try rig.create(.deployment(deployment))
    var body = spec
    body["scaleTargetRef"] = ["apiVersion": "apps/v1", "kind": "Deployment", "name": "web"]
    try rig.create(
      .kept(
        KeptObject(
          resource: HorizontalPodAutoscalerController.resource,
          metadata: ObjectMeta(name: "web", namespace: "default"),
          body: Fields([("spec", .object(body))]))))
    return rig
  }

  private static func use(_ milliCPU: Int64, _ rig: inout ClusterRig) {
    let time = rig.plane.api.timestamp(at: rig.plane.now)
    var usage: [ObjectID: PodUsage] = [:]
    for id in rig.store.pods(inNamespace: "default") {
      usage[id] = PodUsage(
        timestamp: time, containers: [.init(name: "server", milliCPU: milliCPU, memory: 0)])
    }
    rig.plane.report(usage)
  }

  private static func reason(_ type: String, _ rig: ClusterRig) -> String? {
    let object = rig.store.kept["horizontalpodautoscalers.autoscaling"]?["default", "web"]
    return object?.body["status"]?["conditions"]?.array?
      .first { $0["type"]?.string == type }?["reason"]?.string
  }

  @Test func `looks every fifteen seconds and scales by what it sees`() throws {
    var rig = try Self.rig(
      replicas: 2, spec: ["maxReplicas": 10, "metrics": [Self.cpu(50)]])
    rig.run(for: .seconds(60))
    #expect(rig.store.deployments["default", "web"]?.replicas == 2)
    #expect(Self.reason("ScalingActive", rig) == "FailedGetResourceMetric")
    Self.use(300, &rig)
    rig.run(for: .seconds(10))
    #expect(rig.store.deployments["default", "web"]?.replicas == 4)
    #expect(
      rig.events("SuccessfulRescale") == [
        "New size: 4; reason: cpu resource utilization (percentage of request) above target"
      ])
    #expect(Self.reason("ScalingActive", rig) == "ValidMetricFound")
    #expect(Self.reason("ScalingLimited", rig) == "ScaleUpLimit")
    Self.use(100, &rig)
    rig.run(for: .seconds(400))
    Self.use(20, &rig)
    rig.run(for: .seconds(200))
    // What was called for and not granted at first is the highest of five minutes.
    #expect(rig.store.deployments["default", "web"]?.replicas == 6)
    #expect(Self.reason("AbleToScale", rig) == "ScaleDownStabilized")
    rig.run(for: .seconds(200))
    #expect(rig.store.deployments["default", "web"]?.replicas == 2)
    #expect(rig.events("SuccessfulRescale").last == "New size: 2; reason: All metrics below target")
  }

  @Test func `keeps its target within the limits without any metric`() throws {
    var rig = try Self.rig(replicas: 1, spec: ["maxReplicas": 5, "minReplicas": 3])
    rig.run(for: .seconds(20))
    #expect(rig.store.deployments["default", "web"]?.replicas == 3)
    try rig.scale("web", to: 9)
    rig.run(for: .seconds(20))
    #expect(rig.store.deployments["default", "web"]?.replicas == 5)
    #expect(
      rig.events("SuccessfulRescale") == [
        "New size: 3; reason: Current number of replicas below Spec.MinReplicas",
        "New size: 5; reason: Current number of replicas above Spec.MaxReplicas",
      ])
    try rig.scale("web", to: 0)
    rig.run(for: .seconds(40))
    #expect(rig.store.deployments["default", "web"]?.replicas == 0)
    #expect(Self.reason("ScalingActive", rig) == "ScalingDisabled")
  }

  private static func cpu(_ percent: Int64) -> Value {
    [
      "resource": [
        "name": "cpu",
        "target": ["averageUtilization": .integer(percent), "type": "Utilization"],
      ],
      "type": "Resource",
    ]
  }
}
