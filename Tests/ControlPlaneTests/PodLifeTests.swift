import ClusterModel
import SimulationCore
import Testing

@testable import ControlPlane

/// A pod of its own, for the tests of what a kubelet makes of it.
private struct LonePod {
  var rig = ClusterRig()

  static func container(_ name: String, _ command: String = "") -> Container {
    var container = Container(name: name, image: "\(name):1")
    if !command.isEmpty { container.command = ["sh", "-c", command] }
    return container
  }

  init(annotations: Labels = Labels(), _ spec: (inout PodSpec) -> Void) throws {
    var body = PodSpec(containers: [Self.container("main")])
    spec(&body)
    var pod = Pod(metadata: ObjectMeta(name: "one", namespace: "default"), spec: Shared(body))
    pod.metadata.annotations = annotations
    try rig.create(.pod(pod))
  }

  var pod: Pod? { rig.store.pods["default", "one"] }

  /// STATUS as `get pods` would show the main reasons.
  var reasons: [String] {
    ((pod?.status.initContainerStatuses ?? []) + (pod?.status.containerStatuses ?? [])).map {
      switch $0.state {
      case .waiting(let reason, _): reason
      case .running: "Running"
      case .terminated(let end): end.reason
      case .none: ""
      }
    }
  }

  /// The different reasons over time.
  mutating func course(for duration: Duration) -> [[String]] {
    var seen: [[String]] = []
    let end = rig.plane.now + duration
    while let next = rig.plane.nextEventTime, next <= end {
      rig.plane.step()
      if seen.last != reasons { seen.append(reasons) }
    }
    rig.plane.idle(until: end)
    return seen
  }

  mutating func delete() throws {
    try rig.plane.request { (api, time) throws(APIError) in
      try api.delete(.pods, namespace: "default", name: "one", at: time)
    }
  }
}

@Suite struct `Init containers` {
  @Test func `run one after the other before the rest`() throws {
    var lone = try LonePod { spec in
      spec.initContainers = [
        LonePod.container("first", "sleep 3"), LonePod.container("second", "echo hello"),
      ]
    }
    let course = lone.course(for: .seconds(60))
    #expect(
      course.filter { !$0.isEmpty } == [
        ["PodInitializing", "PodInitializing", "PodInitializing"],
        ["Running", "PodInitializing", "PodInitializing"],
        ["Completed", "PodInitializing", "PodInitializing"],
        ["Completed", "Running", "PodInitializing"],
        ["Completed", "Completed", "PodInitializing"],
        ["Completed", "Completed", "Running"],
      ])
    #expect(lone.pod?.isReady == true)
    #expect(lone.pod?.status.phase == .running)
  }

  @Test func `that fail are started again, later and later`() throws {
    var lone = try LonePod { $0.initContainers = [LonePod.container("first", "exit 2")] }
    let course = lone.course(for: .seconds(100))
    #expect(course.contains(["Error", "PodInitializing"]))
    #expect(course.contains(["CrashLoopBackOff", "PodInitializing"]))
    let status = try #require(lone.pod?.status.initContainerStatuses.first)
    #expect(status.restartCount == 4)
    #expect(lone.pod?.status.phase == .pending)
    #expect(
      lone.pod?.status.conditions[type: "Initialized"]?.message
        == "containers with incomplete status: [first]")
  }

  @Test func `that fail end a pod that is never started again`() throws {
    var lone = try LonePod(annotations: ["kubarium.dev/init-exit-code.second": "3"]) { spec in
      spec.restartPolicy = "Never"
      spec.initContainers = [LonePod.container("first"), LonePod.container("second")]
    }
    _ = lone.course(for: .seconds(60))
    #expect(lone.pod?.status.phase == .failed)
    #expect(lone.reasons == ["Completed", "Error", "PodInitializing"])
  }
}

@Suite struct `A sidecar` {
  private static func sidecar(_ name: String) -> Container {
    var container = LonePod.container(name)
    container.restartPolicy = "Always"
    return container
  }

  @Test func `is waited for until its startup probe succeeds`() throws {
    var lone = try LonePod(annotations: ["kubarium.dev/startup-time": "7s"]) { spec in
      var proxy = Self.sidecar("proxy")
      proxy.startupProbe = Probe(handler: .tcpSocket, action: ["port": 15021])
      proxy.startupProbe?.periodSeconds = 2
      proxy.startupProbe?.failureThreshold = 30
      spec.initContainers = [proxy]
    }
    let course = lone.course(for: .seconds(60))
    #expect(course.contains(["Running", "PodInitializing"]))
    #expect(course.last == ["Running", "Running"])
    let (first, second) = (
      lone.pod?.status.initContainerStatuses.first, lone.pod?.status.containerStatuses.first
    )
    guard case .running(let proxy?) = first?.state, case .running(let main?) = second?.state else {
      Issue.record("not running")
      return
    }
    #expect((7...10).contains(main.seconds - proxy.seconds))
    #expect(lone.pod?.isReady == true)
  }

  @Test func `ends after the others, and the pod with it`() throws {
    var lone = try LonePod { spec in
      spec.restartPolicy = "Never"
      spec.initContainers = [Self.sidecar("proxy")]
      spec.containers = [LonePod.container("main", "sleep 5")]
    }
    let course = lone.course(for: .seconds(60))
    #expect(course.contains(["Running", "Completed"]))
    #expect(course.last == ["Completed", "Completed"])
    #expect(lone.pod?.status.phase == .succeeded)
  }

  @Test func `that is not ready keeps its pod from being ready`() throws {
    var lone = try LonePod(annotations: ["kubarium.dev/ready": "false"]) { spec in
      var proxy = Self.sidecar("proxy")
      proxy.readinessProbe = Probe(handler: .httpGet, action: ["port": 80])
      spec.initContainers = [proxy]
    }
    _ = lone.course(for: .seconds(60))
    #expect(lone.reasons == ["Running", "Running"])
    #expect(
      lone.pod?.status.conditions[type: "Ready"]?.message
        == "containers with unready status: [proxy]")
  }
}

@Suite struct `An image` {
  @Test(
    arguments: [
      ("nginx", nil), ("nginx:1.27", nil), ("ghcr.io/a/b_c:v1", nil), ("localhost:5000/x", nil),
      ("a@sha256:0123456789abcdef0123456789abcdef", nil),
      ("NGINX", "invalid reference format: repository name (library/NGINX) must be lowercase"),
      ("nginx:", "invalid reference format"), ("a//b", "invalid reference format"),
      ("nginx:lat est", "invalid reference format"), ("-nginx", "invalid reference format"),
      ("nginx:.x", "invalid reference format"), ("nginx@sha256:12", "invalid reference format"),
    ] as [(String, String?)])
  func `has a name of a certain form`(name: String, problem: String?) {
    #expect(ImageReference.problem(with: name) == problem)
  }

  @Test func `with an impossible name is not even asked for`() throws {
    var lone = try LonePod { $0.containers[0].image = "Web:1" }
    _ = lone.course(for: .seconds(60))
    #expect(lone.reasons == ["InvalidImageName"])
    #expect(lone.rig.events("Pulling").isEmpty)
    #expect(lone.rig.events("Failed").first == "Error: InvalidImageName")
  }

  @Test func `that no registry has is asked for again and again`() throws {
    var lone = try LonePod(annotations: ["kubarium.dev/missing-images": "a:1, main:1"]) { _ in }
    let course = lone.course(for: .seconds(120))
    #expect(
      course.filter { !$0.isEmpty }.prefix(5).map { $0[0] } == [
        "ContainerCreating", "ErrImagePull", "ImagePullBackOff", "ErrImagePull",
        "ImagePullBackOff",
      ])
    #expect(lone.pod?.status.phase == .pending)
    let cause =
      "rpc error: code = NotFound desc = failed to pull and unpack image \"docker.io/library/main:1\""
      + ": failed to resolve reference \"docker.io/library/main:1\": docker.io/library/main:1: not "
      + "found"
    #expect(lone.rig.events("Failed").contains("Failed to pull image \"main:1\": \(cause)"))
    #expect(lone.rig.events("BackOff") == ["Back-off pulling image \"main:1\""])
    // After 10, 20 and 40 s.
    let pulls = lone.rig.store.events.list().first { $0.reason == "Pulling" }
    #expect((4...5).contains(pulls?.count ?? 0))
  }

  @Test func `that appears in the registry is pulled at last`() throws {
    var lone = try LonePod(annotations: ["kubarium.dev/missing-images": "main:1"]) { _ in }
    _ = lone.course(for: .seconds(20))
    var pod = try #require(lone.pod)
    pod.metadata.annotations = Labels()
    let changed = pod
    try lone.rig.plane.request { (api, time) throws(APIError) in
      _ = try api.replace(.pod(changed), at: time)
    }
    _ = lone.course(for: .seconds(60))
    #expect(lone.pod?.isReady == true)
  }

  @Test func `of a host that cannot exist fails, and one that may not be pulled too`() throws {
    var lone = try LonePod { $0.containers[0].image = "registry.invalid/team/web:1" }
    _ = lone.course(for: .seconds(10))
    #expect(lone.reasons == ["ImagePullBackOff"])
    #expect(
      lone.rig.events("Failed").contains {
        $0.hasSuffix(
          "failed to do request: Head \"https://registry.invalid/v2/team/web/manifests/1\": dial tcp: "
            + "lookup registry.invalid: no such host")
      })
    var never = try LonePod { $0.containers[0].imagePullPolicy = "Never" }
    _ = never.course(for: .seconds(10))
    #expect(never.reasons == ["ErrImageNeverPull"])
  }
}

@Suite struct `A pod's configuration` {
  private static func configMap(_ name: String) -> StoredObject {
    .kept(
      KeptObject(
        resource: .of(apiVersion: "v1", kind: "ConfigMap"),
        metadata: ObjectMeta(name: name, namespace: "default"),
        body: ["data": ["url": "http://a"]]))
  }

  @Test func `is waited for`() throws {
    var lone = try LonePod { spec in
      let reference: Value = ["configMapKeyRef": ["key": "url", "name": "settings"]]
      spec.containers[0].env = [
        EnvironmentVariable(name: "URL", value: nil, valueFrom: reference)
      ]
    }
    _ = lone.course(for: .seconds(40))
    #expect(lone.reasons == ["CreateContainerConfigError"])
    #expect(lone.rig.events("Failed") == ["Error: configmap \"settings\" not found"])
    try lone.rig.create(Self.configMap("settings"))
    _ = lone.course(for: .seconds(20))
    #expect(lone.pod?.isReady == true)
  }

  @Test func `has to have the key`() throws {
    var lone = try LonePod { spec in
      let reference: Value = ["configMapKeyRef": ["key": "port", "name": "settings"]]
      spec.containers[0].env = [
        EnvironmentVariable(name: "PORT", value: nil, valueFrom: reference)
      ]
    }
    try lone.rig.create(Self.configMap("settings"))
    _ = lone.course(for: .seconds(10))
    #expect(
      lone.rig.events("Failed") == ["Error: couldn't find key port in ConfigMap default/settings"])
  }

  @Test func `as a volume keeps it from starting`() throws {
    var lone = try LonePod { spec in
      spec.other["volumes"] = [["configMap": ["name": "settings"], "name": "files"]]
    }
    _ = lone.course(for: .seconds(20))
    #expect(lone.reasons == ["ContainerCreating"])
    #expect(
      lone.rig.events("FailedMount")
        == ["MountVolume.SetUp failed for volume \"files\" : configmap \"settings\" not found"])
    try lone.rig.create(Self.configMap("settings"))
    _ = lone.course(for: .seconds(60))
    #expect(lone.pod?.isReady == true)
  }
}

@Suite struct `A pod's end` {
  @Test func `comes when its deadline has passed`() throws {
    var lone = try LonePod { $0.other["activeDeadlineSeconds"] = 20 }
    _ = lone.course(for: .seconds(19))
    #expect(lone.pod?.status.phase == .running)
    _ = lone.course(for: .seconds(5))
    #expect(lone.pod?.status.phase == .failed)
    #expect(lone.pod?.status.reason == "DeadlineExceeded")
  }

  @Test(arguments: [("", 0, 2), ("sleep 3600", 137, 31)])
  func `takes the whole grace period where nobody hears the signal`(
    command: String, code: Int, seconds: Int64
  ) throws {
    var lone = try LonePod { $0.containers = [LonePod.container("main", command)] }
    _ = lone.course(for: .seconds(30))
    try lone.delete()
    let start = lone.rig.plane.now
    var ends: [Int] = []
    while lone.pod != nil {
      lone.rig.plane.step()
      if let end = lone.pod?.status.containerStatuses.first?.termination, ends.isEmpty {
        ends.append(end.exitCode)
        #expect(lone.pod?.status.phase == (code == 0 ? .succeeded : .failed))
      }
    }
    #expect(ends == [code])
    let took = lone.rig.plane.now - start
    #expect(took <= .seconds(seconds) && took > .seconds(seconds - 2))
  }

  @Test func `does not end the probing of its readiness`() throws {
    var lone = try LonePod(annotations: ["kubarium.dev/shutdown-time": "25s"]) { spec in
      spec.containers[0].readinessProbe = Probe(handler: .httpGet, action: ["port": 80])
      spec.containers[0].readinessProbe?.periodSeconds = 2
    }
    _ = lone.course(for: .seconds(30))
    #expect(lone.pod?.isReady == true)
    try lone.delete()
    _ = lone.course(for: .seconds(3))
    #expect(lone.pod?.isReady == true)
    _ = lone.course(for: .seconds(7))
    #expect(lone.pod?.isReady == false)
    #expect(lone.pod?.metadata.isTerminating == true)
  }
}

@Suite struct `A readiness gate` {
  @Test func `holds a pod back until somebody opens it`() throws {
    var lone = try LonePod { $0.readinessGates = ["example.com/ok"] }
    _ = lone.course(for: .seconds(30))
    #expect(
      lone.pod?.status.conditions[type: "Ready"]?.message
        == "corresponding condition of pod readiness gate \"example.com/ok\" does not exist.")
    for (status, isReady) in [(Condition.Status.false, false), (.true, true)] {
      let id = try #require(lone.rig.store.pods.id(namespace: "default", name: "one"))
      try lone.rig.plane.request { (api, time) throws(APIError) in
        api.store.updatePod(id, .status, at: time) { pod in
          pod.status.conditions.set(Condition(type: "example.com/ok", status: status))
        }
      }
      _ = lone.course(for: .seconds(1))
      #expect(lone.pod?.isReady == isReady)
    }
  }
}

@Suite struct `A command` {
  @Test(
    arguments: [
      (["sleep", "5"], 5020, 0), (["sh", "-c", "sleep 2; exit 3"], 2020, 3),
      (["/bin/sh", "-c", "echo a && sleep 1m"], 60_020, 0), (["false"], 20, 1),
      (["sh", "-c", "false && sleep 9; echo b"], 20, 0), (["sh", "-ec", "exit 300"], 20, 44),
    ] as [([String], Int64, Int32)])
  func `that only sleeps, echoes and exits is taken at its word`(
    command: [String], milliseconds: Int64, code: Int32
  ) throws {
    let script = try #require(CommandScript(command))
    #expect(script.time == .milliseconds(milliseconds))
    #expect(script.code == code)
  }

  @Test(
    arguments: [
      ["nginx", "-g", "daemon off;"], ["sh", "-c", "while true; do sleep 1; done"], [],
      ["sh", "-c", "until nslookup db; do sleep 2; done"], ["sh", "-c", "sleep 5 & wait"],
      ["sh", "script.sh"], ["sh", "-c", "echo $(date)"],
    ])
  func `with anything else in it is not`(command: [String]) {
    #expect(CommandScript(command) == nil)
  }

  @Test func `may sleep for ever`() throws {
    #expect(try #require(CommandScript(["sleep", "infinity"])).time == nil)
  }
}

@Suite struct `Annotations of ours` {
  @Test(
    arguments: [
      ("startup-time", "5s", true), ("startup-time", "soon", false), ("exit-code", "256", false),
      ("exit-code.migrate", "1", true), ("ready", "no", false), ("cpu", "250m", true),
      ("error-rate", "0.5%", true), ("rate", "-1", false), ("service-time", "1.5ms", true),
    ])
  func `have values of a certain form`(name: String, value: String, isFine: Bool) throws {
    let entry = try #require(PodAnnotations.entry(of: "kubarium.dev/\(name)"))
    #expect((PodAnnotations.problem(with: value, of: entry) == nil) == isFine)
  }

  @Test func `are known by name`() {
    #expect(PodAnnotations.entry(of: "kubarium.dev/statup-time") == nil)
    #expect(PodAnnotations.entry(of: "kubarium.dev/ready.web") == nil)
  }
}

@Test func `a pod's status tells which generation it is about`() throws {
  var rig = ClusterRig()
  try rig.create(.deployment(ClusterRig.deployment("web", replicas: 1)))
  rig.run(for: .seconds(20))
  let pod = try #require(rig.ownPods.first)
  #expect(pod.status.other["observedGeneration"] == 1)
  #expect(pod.status.conditions.map(\.observedGeneration) == [1, 1, 1, 1, 1])
}
