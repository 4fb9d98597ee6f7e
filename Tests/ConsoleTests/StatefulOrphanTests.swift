import SimulationCore
import Testing

@testable import Console

@Suite struct `Pods that a StatefulSet left behind` {
  private static let manifest = """
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {name: db}
    spec:
      replicas: 3
      serviceName: db
      selector: {matchLabels: {app: db}}
      template:
        metadata: {labels: {app: db}}
        spec:
          containers: [{name: server, image: "db:1"}]
    """

  @Test func `belong to the next of its name`() {
    var console = Console(world: .init())
    func run(_ line: String) -> String {
      console.execute(line, reading: MemoryFiles(texts: ["db.yaml": Self.manifest])).output
    }
    _ = run("apply -f db.yaml")
    console.world.advance(by: .seconds(30))
    let pods = run("get pods -l app=db -o custom-columns=N:.metadata.name,U:.metadata.uid")
    let owner = "get pods -l app=db -o jsonpath={.items[*].metadata.ownerReferences[*].name}"
    #expect(run(owner) == "db db db")
    _ = run("delete statefulset db --cascade=orphan")
    console.world.advance(by: .seconds(10))
    #expect(run(owner).isEmpty)
    _ = run("apply -f db.yaml")
    console.world.advance(by: .seconds(10))
    #expect(run(owner) == "db db db")
    #expect(pods == run("get pods -l app=db -o custom-columns=N:.metadata.name,U:.metadata.uid"))
    #expect(run("get statefulset db -o jsonpath={.status.readyReplicas}") == "3")
  }
}
