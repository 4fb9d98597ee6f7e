import ClusterModel
import Testing

@testable import Console

@Suite struct PrintingPodTests {
  /// READY, STATUS and RESTARTS of a pod with this spec and status.
  private func cells(_ status: String, _ spec: String = "", _ metadata: String = "") -> [String] {
    let sample = PrintingSample(
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: p, creationTimestamp: "2026-01-01T00:59:47Z"\(metadata)}
      spec: {containers: [{name: a, image: i}, {name: b, image: i}]\(spec)}
      status: {\(status)}
      """)
    return Array(PrintingSample.cells(sample.table(), line: 1).dropFirst().prefix(3))
  }

  private static let running = "{name: a, image: i, ready: true, state: {running: {}}}"

  @Test(arguments: [
    ("phase: Pending", ["0/2", "Pending", "0"]),
    ("phase: Failed, reason: Evicted", ["0/2", "Evicted", "0"]),
    (
      "phase: Pending, conditions: [{type: PodScheduled, status: 'False', "
        + "reason: SchedulingGated}]", ["0/2", "SchedulingGated", "0"]
    ),
    ("phase: Running, containerStatuses: [\(running)]", ["1/2", "Running", "0"]),
    (
      "phase: Running, containerStatuses: [\(running), {name: b, image: i, restartCount: 2, "
        + "state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 1, "
        + "finishedAt: '2026-01-01T00:58:00Z'}}}]",
      ["1/2", "CrashLoopBackOff", "2 (2m ago)"]
    ),
    // The first container's reason wins, whatever comes after it.
    (
      "phase: Pending, containerStatuses: [{name: a, image: i, state: {waiting: "
        + "{reason: ImagePullBackOff}}}, {name: b, image: i, state: {waiting: "
        + "{reason: ContainerCreating}}}]", ["0/2", "ImagePullBackOff", "0"]
    ),
    (
      "phase: Failed, containerStatuses: [{name: a, image: i, state: {terminated: "
        + "{exitCode: 3}}}]", ["0/2", "ExitCode:3", "0"]
    ),
    (
      "phase: Failed, containerStatuses: [{name: a, image: i, state: {terminated: "
        + "{exitCode: 137, signal: 9}}}]", ["0/2", "Signal:9", "0"]
    ),
    (
      "phase: Running, containerStatuses: [{name: a, image: i, state: {terminated: {exitCode: 0, "
        + "reason: Completed}}}, \(running)]", ["1/2", "NotReady", "0"]
    ),
    (
      "phase: Running, conditions: [{type: Ready, status: 'True'}], containerStatuses: [{name: a, "
        + "image: i, state: {terminated: {exitCode: 0, reason: Completed}}}, \(running)]",
      ["1/2", "Running", "0"]
    ),
  ])
  func `the state of the containers is the pod's status`(_ status: String, _ expected: [String]) {
    #expect(cells(status) == expected)
  }

  @Test(arguments: [
    ("{name: x, image: i, state: {running: {}}}", ["0/2", "Init:0/2", "0"]),
    (
      "{name: x, image: i, restartCount: 4, state: {terminated: {exitCode: 1, reason: Error}}}",
      ["0/2", "Init:Error", "4"]
    ),
    (
      "{name: x, image: i, state: {terminated: {exitCode: 0}}}, "
        + "{name: z, image: i, state: {waiting: {reason: PodInitializing}}}",
      ["0/2", "Init:1/2", "0"]
    ),
    (
      "{name: x, image: i, state: {waiting: {reason: ErrImagePull}}}",
      ["0/2", "Init:ErrImagePull", "0"]
    ),
  ])
  func `init containers that are not through show first`(
    _ statuses: String, _ expected: [String]
  ) {
    let spec = ", initContainers: [{name: x, image: i}, {name: z, image: i}]"
    #expect(cells("phase: Pending, initContainerStatuses: [\(statuses)]", spec) == expected)
  }

  @Test func `a sidecar counts as a container`() {
    let status = """
      phase: Running, containerStatuses: [\(Self.running)], initContainerStatuses: \
      [{name: x, image: i, ready: true, started: true, restartCount: 1, state: {running: {}}}]
      """
    let spec = ", initContainers: [{name: x, image: i, restartPolicy: Always}]"
    #expect(cells(status, spec) == ["2/3", "Running", "1"])
  }

  @Test(arguments: [
    ("phase: Running", "Terminating"), ("phase: Running, reason: NodeLost", "Unknown"),
    ("phase: Succeeded", "Succeeded"),
  ])
  func `a pod that is being deleted says so unless it is over`(_ status: String, _ text: String) {
    let deleted = ", deletionTimestamp: '2026-01-01T00:59:50Z'"
    #expect(cells(status, "", deleted).dropFirst().first == text)
  }

  @Test func `what a pod does not have is none`() {
    let sample = PrintingSample(
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: p}
      spec: {containers: [{name: a, image: i}], readinessGates: [{conditionType: g}]}
      status: {conditions: [{type: g, status: "True"}]}
      """)
    #expect(
      sample.wideCells == [
        "p", "0/1", "Pending", "0", "<unknown>", "<none>", "<none>", "<none>", "1/1",
      ])
  }
}
