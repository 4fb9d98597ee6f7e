import ClusterModel
import ControlPlane
import Testing

@testable import Console

@Suite struct PrintingEventTests {
  private static let sample = PrintingSample(
    """
    apiVersion: v1
    kind: Event
    metadata: {name: late, namespace: default}
    type: Warning
    reason: BackOff
    message: "Back-off restarting\\nfailed container "
    involvedObject: {kind: Pod, name: web, fieldPath: "spec.containers{main}"}
    source: {component: kubelet, host: n1}
    firstTimestamp: "2026-01-01T00:40:00Z"
    lastTimestamp: "2026-01-01T00:59:50Z"
    count: 7
    ---
    apiVersion: v1
    kind: Event
    metadata: {name: early, namespace: default}
    reason: Scheduled
    message: Successfully assigned default/web to n1
    involvedObject: {kind: Pod, name: web}
    reportingComponent: default-scheduler
    eventTime: "2026-01-01T00:39:59.5Z"
    """)

  private static let events = sample.objects.compactMap { object -> Event? in
    if case .event(let event) = object { event } else { nil }
  }

  @Test func `get shows the first line of a message`() {
    #expect(
      Self.sample.table() == """
        LAST SEEN   TYPE      REASON      OBJECT    MESSAGE
        10s         Warning   BackOff     pod/web   Back-off restarting...
        20m         Normal    Scheduled   pod/web   Successfully assigned default/web to n1

        """)
  }

  @Test func `wide columns stand on both sides of the message`() {
    #expect(
      Self.sample.wideCells == [
        "10s", "Warning", "BackOff", "pod/web", "spec.containers{main}", "kubelet, n1",
        "Back-off restarting...", "20m", "7", "late",
      ])
  }

  @Test func `the list of events begins with the oldest`() {
    #expect(
      printEvents(Self.events, Self.sample.context) == """
        LAST SEEN           TYPE      REASON      OBJECT    MESSAGE
        20m                 Normal    Scheduled   Pod/web   Successfully assigned default/web to n1
        10s (x7 over 20m)   Warning   BackOff     Pod/web   Back-off restarting
        failed container

        """)
  }
}
