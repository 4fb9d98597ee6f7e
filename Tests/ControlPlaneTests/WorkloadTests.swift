import ClusterModel
import SimulationCore
import Testing

@testable import ControlPlane

/// Workloads that are kept as they are written, for the tests of their controllers.
enum Kept {
  static func template(_ name: String, image: String = "web:1") -> PodTemplate {
    PodTemplate(
      labels: ["app": name],
      spec: Shared(PodSpec(containers: [Container(name: "server", image: image)])))
  }

  static func make(
    _ kind: String, _ name: String, _ template: PodTemplate, _ spec: Fields = Fields()
  ) -> StoredObject {
    var body = spec
    if kind != "Job" { body["selector"] = ["matchLabels": ["app": .string(name)]] }
    return .kept(
      KeptObject(
        resource: .of(apiVersion: kind == "Job" ? "batch/v1" : "apps/v1", kind: kind),
        metadata: ObjectMeta(name: name, namespace: "default"),
        body: Fields([("spec", .object(body))]), template: template))
  }
}

extension ClusterRig {
  func kept(_ kind: String, _ name: String, in namespace: String = "default") -> KeptObject? {
    store.kept[
      APIResource.of(apiVersion: kind == "Job" ? "batch/v1" : "apps/v1", kind: kind)
        .qualifiedPlural]?[namespace, name]
  }

  func status(_ kind: String, _ name: String, in namespace: String = "default") -> [String: Int64] {
    var numbers: [String: Int64] = [:]
    for field in kept(kind, name, in: namespace)?.body["status"]?.fields?.all ?? [] {
      numbers[field.name] = field.value.integer
    }
    return numbers
  }

  mutating func changeKept(_ kind: String, _ name: String, _ body: (inout KeptObject) -> Void)
    throws
  {
    guard var object = kept(kind, name) else { return }
    body(&object)
    let changed = object
    _ = try plane.request { (api, time) throws(APIError) in
      try api.replace(.kept(changed), at: time)
    }
  }

  var ownPods: [Pod] { store.pods.list(namespace: "default") }
}

@Suite struct `A DaemonSet` {
  @Test func `of the system is at rest from the beginning`() throws {
    var rig = ClusterRig(nodes: 3)
    let before = rig.store.pods.list(namespace: "kube-system").map(\.metadata.name)
    rig.run(for: .seconds(60))
    #expect(rig.store.pods.list(namespace: "kube-system").map(\.metadata.name) == before)
    let status = rig.status("DaemonSet", "kube-proxy", in: "kube-system")
    #expect(status["desiredNumberScheduled"] == 4 && status["numberReady"] == 4)
    #expect(status["numberAvailable"] == 4 && status["updatedNumberScheduled"] == 4)
    #expect(rig.events("SuccessfulCreate").isEmpty)
  }

  @Test func `has one pod on each node that it tolerates`() throws {
    var rig = ClusterRig(nodes: 3)
    try rig.create(Kept.make("DaemonSet", "agent", Kept.template("agent")))
    rig.run(for: .seconds(30))
    #expect(rig.ownPods.map(\.nodeName).sorted() == ["node-1", "node-2", "node-3"])
    #expect(rig.ownPods.allSatisfy { $0.isReady })
    let status = rig.status("DaemonSet", "agent")
    #expect(status["desiredNumberScheduled"] == 3 && status["numberAvailable"] == 3)
    #expect(status["currentNumberScheduled"] == 3 && status["numberMisscheduled"] == 0)
    let keys = rig.ownPods[0].spec.value.tolerations.map(\.key)
    #expect(
      keys
        == [
          "not-ready", "unreachable", "disk-pressure", "memory-pressure", "pid-pressure",
          "unschedulable",
        ].map { "node.kubernetes.io/\($0)" })
    #expect(rig.ownPods[0].spec.value.tolerations.allSatisfy { $0.tolerationSeconds == nil })
  }

  @Test func `follows nodes and their labels`() throws {
    var rig = ClusterRig(nodes: 3)
    var template = Kept.template("agent")
    var spec = template.spec.value
    spec.nodeSelector = ["disk": "ssd"]
    template.spec = Shared(spec)
    try rig.create(Kept.make("DaemonSet", "agent", template))
    rig.run(for: .seconds(10))
    #expect(rig.ownPods.isEmpty)
    for (labels, nodes) in [(["disk": "ssd"], ["node-2"]), ([:], [])] as [(Labels, [String])] {
      var node = try #require(rig.store.nodes["", "node-2"])
      node.metadata.labels["disk"] = labels["disk"]
      let changed = node
      try rig.plane.request { (api, time) throws(APIError) in
        _ = try api.replace(.node(changed), at: time)
      }
      rig.run(for: .seconds(60))
      #expect(rig.ownPods.map(\.nodeName) == nodes)
    }
  }

  @Test func `is not wanted on a silent node, and stays there`() throws {
    var rig = ClusterRig(nodes: 3)
    try rig.create(Kept.make("DaemonSet", "agent", Kept.template("agent")))
    rig.run(for: .seconds(30))
    try rig.plane.fail("node-1", .kubeletStopped)
    rig.run(for: .seconds(600))
    let status = rig.status("DaemonSet", "agent")
    #expect(status["desiredNumberScheduled"] == 2)
    #expect(status["numberMisscheduled"] == 1)
    #expect(rig.ownPods.count == 3)
    #expect(rig.ownPods.allSatisfy { !$0.metadata.isTerminating })
  }

  @Test func `is updated node by node`() throws {
    var rig = ClusterRig(nodes: 3)
    try rig.create(Kept.make("DaemonSet", "agent", Kept.template("agent")))
    rig.run(for: .seconds(30))
    try rig.changeKept("DaemonSet", "agent") {
      $0.template = Kept.template("agent", image: "web:2")
    }
    var fewest = 3
    let isDone = rig.run { store in
      let pods = store.pods.list(namespace: "default")
      fewest = min(fewest, pods.count { $0.isReady && !$0.metadata.isTerminating })
      return pods.count == 3
        && pods.allSatisfy { $0.isReady && $0.spec.value.containers[0].image == "web:2" }
    }
    #expect(isDone)
    #expect(fewest == 2)
    rig.run(for: .seconds(5))
    #expect(rig.status("DaemonSet", "agent")["updatedNumberScheduled"] == 3)
  }

  @Test func `takes its pods along when it is deleted`() throws {
    var rig = ClusterRig(nodes: 3)
    try rig.create(Kept.make("DaemonSet", "agent", Kept.template("agent")))
    rig.run(for: .seconds(30))
    try rig.plane.request { (api, time) throws(APIError) in
      try api.delete(
        .of(apiVersion: "apps/v1", kind: "DaemonSet"), namespace: "default", name: "agent",
        at: time)
    }
    rig.run(for: .seconds(60))
    #expect(rig.ownPods.isEmpty)
  }
}

@Suite struct `A StatefulSet` {
  @Test func `starts its pods one after the other and stops them backwards`() throws {
    var rig = ClusterRig()
    try rig.create(
      Kept.make("StatefulSet", "db", Kept.template("db"), ["replicas": 3, "serviceName": "db"]))
    var seen: [[String]] = []
    let isUp = rig.run { store in
      let ready = store.pods.list(namespace: "default").filter(\.isReady).map(\.metadata.name)
      let all = store.pods.list(namespace: "default").map(\.metadata.name)
      // At most one pod that is not ready yet.
      if all.count > ready.count + 1 { seen.append(all) }
      return ready == ["db-0", "db-1", "db-2"]
    }
    #expect(isUp)
    #expect(seen.isEmpty)
    let pod = try #require(rig.store.pods["default", "db-1"])
    #expect(pod.spec.value.hostname == "db-1" && pod.spec.value.subdomain == "db")
    #expect(pod.metadata.labels["statefulset.kubernetes.io/pod-name"] == "db-1")
    #expect(pod.metadata.labels["apps.kubernetes.io/pod-index"] == "1")
    #expect(
      rig.events("SuccessfulCreate")
        == (0..<3).map { "create Pod db-\($0) in StatefulSet db successful" })
    rig.run(for: .seconds(5))
    #expect(rig.status("StatefulSet", "db")["readyReplicas"] == 3)

    try rig.changeKept("StatefulSet", "db") { object in
      var spec = object.body["spec"]?.fields ?? Fields()
      spec["replicas"] = 1
      object.body["spec"] = .object(spec)
    }
    var names: [[String]] = []
    let isDown = rig.run { store in
      let now = store.pods.list(namespace: "default").map(\.metadata.name)
      if names.last != now { names.append(now) }
      return now.count == 1
    }
    #expect(isDown)
    #expect(names == [["db-0", "db-1", "db-2"], ["db-0", "db-1"], ["db-0"]])
  }

  @Test func `replaces a pod under its old name`() throws {
    var rig = ClusterRig()
    try rig.create(Kept.make("StatefulSet", "db", Kept.template("db"), ["replicas": 2]))
    rig.run(for: .seconds(30))
    let first = try #require(rig.store.pods["default", "db-0"])
    try rig.plane.request { (api, time) throws(APIError) in
      try api.delete(.pods, namespace: "default", name: "db-0", at: time)
    }
    rig.run(for: .seconds(60))
    let second = try #require(rig.store.pods["default", "db-0"])
    #expect(second.metadata.uid != first.metadata.uid)
    #expect(second.isReady)
  }

  @Test(arguments: [(0, ["web:2", "web:2", "web:2"]), (2, ["web:1", "web:1", "web:2"])])
  func `is updated from the last pod down to the partition`(partition: Int, images: [String])
    throws
  {
    var rig = ClusterRig()
    let strategy: Value = [
      "rollingUpdate": ["partition": .integer(Int64(partition))], "type": "RollingUpdate",
    ]
    try rig.create(
      Kept.make(
        "StatefulSet", "db", Kept.template("db"), ["replicas": 3, "updateStrategy": strategy]))
    rig.run(for: .seconds(60))
    try rig.changeKept("StatefulSet", "db") {
      $0.template = Kept.template("db", image: "web:2")
    }
    rig.run(for: .seconds(200))
    #expect(rig.ownPods.map { $0.spec.value.containers[0].image } == images)
    #expect(rig.ownPods.allSatisfy { $0.isReady })
    #expect(
      rig.status("StatefulSet", "db")["updatedReplicas"]
        == Int64(images.count { $0 == "web:2" }))
  }

  @Test func `whose pods are managed in parallel starts them all at once`() throws {
    var rig = ClusterRig()
    try rig.create(
      Kept.make(
        "StatefulSet", "db", Kept.template("db"),
        ["podManagementPolicy": "Parallel", "replicas": 5]))
    rig.run(for: .milliseconds(100))
    #expect(rig.ownPods.count == 5)
  }
}

@Suite struct `A Job` {
  @Test func `runs its pods until enough have succeeded`() throws {
    var rig = ClusterRig()
    try rig.create(
      Kept.make(
        "Job", "sum", Self.template(), ["completions": 5, "parallelism": 2]))
    var most = 0
    let isDone = rig.run { store in
      most = max(most, store.pods.list(namespace: "default").count(where: \.isActive))
      return store.pods.list(namespace: "default").count { $0.status.phase == .succeeded } == 5
    }
    #expect(isDone)
    #expect(most == 2)
    rig.run(for: .seconds(5))
    let status = rig.status("Job", "sum")
    #expect(status["succeeded"] == 5 && status["active"] == nil)
    let job = try #require(rig.kept("Job", "sum"))
    #expect(job.body["status"]?["conditions"]?.array?.last?["type"] == "Complete")
    #expect(rig.events("Completed") == ["Job completed"])
    #expect(rig.ownPods.allSatisfy { $0.metadata.labels["job-name"] == "sum" })
  }

  @Test func `gives up after its limit of failures, which come slower and slower`() throws {
    var rig = ClusterRig()
    var template = Self.template()
    template.annotations = ["kubarium.dev/exit-after": "1s", "kubarium.dev/exit-code": "1"]
    try rig.create(Kept.make("Job", "sum", template, ["backoffLimit": 2]))
    let start = rig.plane.now
    let isOver = rig.run { store in
      store.kept["jobs.batch"]?["default", "sum"]?.body["status"]?["conditions"] != nil
    }
    #expect(isOver)
    // Waits of 10 and 20 s between the three attempts.
    #expect(rig.plane.now - start >= .seconds(30) && rig.plane.now - start < .seconds(50))
    #expect(rig.status("Job", "sum")["failed"] == 3)
    #expect(
      rig.events("BackoffLimitExceeded") == ["Job has reached the specified backoff limit"])
    rig.run(for: .seconds(300))
    #expect(rig.ownPods.count == 3)
  }

  private static func template() -> PodTemplate {
    var template = Kept.template("sum")
    var spec = template.spec.value
    spec.restartPolicy = "Never"
    template.spec = Shared(spec)
    return template
  }
}

@Suite struct `A Job of a certain kind` {
  private static func rig(_ spec: Fields, annotations: Labels = ["kubarium.dev/exit-after": "2s"])
    throws -> ClusterRig
  {
    var rig = ClusterRig()
    var template = Kept.template("sum")
    var pod = template.spec.value
    pod.restartPolicy = "Never"
    template.spec = Shared(pod)
    template.annotations = annotations
    try rig.create(Kept.make("Job", "sum", template, spec))
    return rig
  }

  private static func conditions(_ rig: ClusterRig) -> [String] {
    (rig.kept("Job", "sum")?.body["status"]?["conditions"]?.array ?? []).map {
      "\($0["type"]?.string ?? "") \($0["status"]?.string ?? "") \($0["reason"]?.string ?? "")"
    }
  }

  @Test func `with indexes gives each pod its own`() throws {
    var rig = try Self.rig(["completionMode": "Indexed", "completions": 4, "parallelism": 2])
    rig.run(for: .seconds(60))
    #expect(rig.kept("Job", "sum")?.body["status"]?["completedIndexes"]?.string == "0-3")
    let pods = rig.ownPods
    #expect(
      pods.compactMap { $0.metadata.labels["batch.kubernetes.io/job-completion-index"] }.sorted()
        == ["0", "1", "2", "3"])
    #expect(pods.allSatisfy { $0.metadata.name.hasPrefix($0.spec.value.hostname + "-") })
    #expect(
      Self.conditions(rig)
        == ["SuccessCriteriaMet True CompletionsReached", "Complete True CompletionsReached"])
  }

  @Test func `fails when its deadline has passed, and its pods go first`() throws {
    var rig = try Self.rig(
      ["activeDeadlineSeconds": 30], annotations: ["kubarium.dev/exit-after": "10m"])
    rig.run(for: .milliseconds(30_050))
    #expect(Self.conditions(rig) == ["FailureTarget True DeadlineExceeded"])
    rig.run(for: .seconds(30))
    #expect(
      Self.conditions(rig)
        == ["FailureTarget True DeadlineExceeded", "Failed True DeadlineExceeded"])
    #expect(
      rig.events("DeadlineExceeded") == ["Job was active longer than specified deadline"])
    #expect(rig.ownPods.isEmpty)
  }

  @Test func `rests while it is suspended`() throws {
    var rig = try Self.rig(["suspend": true])
    rig.run(for: .seconds(30))
    #expect(rig.ownPods.isEmpty && Self.conditions(rig) == ["Suspended True JobSuspended"])
    try rig.changeKept("Job", "sum") { job in
      var spec = job.body["spec"]?.fields ?? Fields()
      spec["suspend"] = false
      job.body["spec"] = .object(spec)
    }
    rig.run(for: .seconds(30))
    #expect(Self.conditions(rig).first == "Suspended False JobResumed")
    #expect(Self.conditions(rig).last == "Complete True CompletionsReached")
  }

  @Test func `goes some time after its end when it says so`() throws {
    var rig = try Self.rig(["ttlSecondsAfterFinished": 20])
    rig.run(for: .seconds(20))
    #expect(rig.kept("Job", "sum") != nil)
    rig.run(for: .seconds(40))
    #expect(rig.kept("Job", "sum") == nil && rig.ownPods.isEmpty)
  }

  @Test(
    arguments: [
      ([], ""), ([3], "3"), ([0, 1], "0,1"), ([0, 1, 2, 5, 6, 8], "0-2,5,6,8"),
    ] as [([Int], String)])
  func `writes its indexes as ranges`(indexes: [Int], text: String) {
    #expect(JobIndexes.text(indexes) == text)
    #expect(JobIndexes.parse(text) == indexes)
  }
}

@Suite struct `A DaemonSet with a surge` {
  @Test func `starts the new pod before it stops the old one`() throws {
    var rig = ClusterRig(nodes: 3)
    let strategy: Value = [
      "rollingUpdate": ["maxSurge": 1, "maxUnavailable": 0], "type": "RollingUpdate",
    ]
    try rig.create(
      Kept.make("DaemonSet", "agent", Kept.template("agent"), ["updateStrategy": strategy]))
    rig.run(for: .seconds(30))
    try rig.changeKept("DaemonSet", "agent") {
      $0.template = Kept.template("agent", image: "web:2")
    }
    var (fewest, most) = (9, 0)
    let isDone = rig.run { store in
      let pods = store.pods.list(namespace: "default").filter(\.isActive)
      fewest = min(fewest, pods.count(where: \.isReady))
      most = max(most, pods.count)
      return pods.count == 3
        && pods.allSatisfy { $0.isReady && $0.spec.value.containers[0].image == "web:2" }
    }
    #expect(isDone && fewest == 3 && most == 4)
  }
}
