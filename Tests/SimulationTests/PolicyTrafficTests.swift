import ClusterModel
import ControlPlane
import SimulationCore
import Testing

@testable import Simulation

@Test func `requests that a policy denies time out, and those under way are answered`() throws {
  var configuration = WorldConfiguration()
  configuration.cni = .calico
  var world = World(configuration: configuration)
  try world.perform(.create(.service(Sample.service("web"))))
  try world.perform(.create(.deployment(Sample.deployment("web", replicas: 2))))
  var client = Sample.deployment("client", replicas: 1)
  var spec = client.template.spec.value
  spec.containers[0].env = [EnvironmentVariable(name: "WEB", value: "web:80")]
  client.template.spec = Shared(spec)
  try world.perform(.create(.deployment(client)))
  world.advance(by: .seconds(30))
  func edge() -> (success: Int, timedOut: Int, other: Int) {
    let found = world.traffic.edges(at: world.now).first { $0.service == "web" }
    guard let counts = found?.measured.counts else { return (0, 0, 0) }
    return (
      Int(counts.success), Int(counts.timedOut),
      Int(counts.failed) - Int(counts.timedOut)
    )
  }
  #expect(edge().success > 0 && edge().timedOut == 0)

  let policy = KeptObject(
    resource: NetworkPolicy.resource, metadata: ObjectMeta(name: "deny", namespace: "default"),
    body: Fields([("spec", ["podSelector": ["matchLabels": ["app": "web"]]])]))
  try world.perform(.create(.kept(policy)))
  world.advance(by: .seconds(60))
  #expect(edge().success == 0)
  #expect(edge().timedOut > 0)
  #expect(edge().other == 0)

  try world.perform(
    .delete(NetworkPolicy.resource, namespace: "default", name: "deny", DeleteOptions()))
  world.advance(by: .seconds(60))
  #expect(edge().success > 0)
  #expect(edge().timedOut == 0)
}
