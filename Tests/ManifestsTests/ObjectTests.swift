import ClusterModel
import Testing

@testable import Manifests

@Test func `what a manifest leaves out has the API's defaults`() throws {
  let manifest = try object(
    """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec:
          containers:
          - name: web
            image: web:1
            ports: [{containerPort: 80}]
            readinessProbe: {tcpSocket: {port: 80}, periodSeconds: 0}
    """)
  guard case .deployment(let deployment) = manifest.content else {
    Issue.record("not a Deployment")
    return
  }
  #expect(deployment.replicas == 1)
  #expect(deployment.maxSurge == .string("25%"))
  #expect(deployment.progressDeadlineSeconds == 600)
  let spec = deployment.template.spec.value
  #expect(spec.terminationGracePeriodSeconds == 30)
  #expect(spec.containers[0].ports[0].transport == .tcp)
  let probe = try #require(spec.containers[0].readinessProbe)
  #expect(probe.handler == .tcpSocket)
  #expect(probe.action == Fields([("port", 80)]))
  #expect([probe.periodSeconds, probe.timeoutSeconds, probe.failureThreshold] == [10, 1, 3])
}

@Test(arguments: [
  ("{port: 80}", IntOrString.integer(80)), ("{port: 80, targetPort: 0}", .integer(80)),
  ("{port: 80, targetPort: web}", .string("web")), ("{port: 80, targetPort: 8080}", .integer(8080)),
])
func `a target port defaults to the port`(port: String, target: IntOrString) throws {
  let text = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [\(port)]}"
  guard case .service(let service) = try object(text).content else {
    Issue.record("not a Service")
    return
  }
  #expect(service.ports.map(\.targetPort) == [target])
}

@Test(arguments: [
  (
    "Service", "spec: {type: Clusterip}",
    "spec.type: Unsupported value: \"Clusterip\": supported values: \"ClusterIP\","
      + " \"ExternalName\", \"LoadBalancer\", \"NodePort\""
  ),
  (
    "Service", "spec: {ports: [{port: 80, protocol: tcp}]}",
    "spec.ports[0].protocol: Unsupported value: \"tcp\": supported values: \"SCTP\", \"TCP\","
      + " \"UDP\""
  ),
  (
    "Service", "spec: {clusterIP: 10.96.0.300}",
    "spec.clusterIP: Invalid value: \"10.96.0.300\": must be a valid IP address, (e.g. 10.9.8.7 or"
      + " 2001:db8::ffff)"
  ),
  (
    "Service", "spec: {sessionAffinity: clientip}",
    "spec.sessionAffinity: Unsupported value: \"clientip\": supported values: \"ClientIP\","
      + " \"None\""
  ),
  (
    "Node", "spec: {taints: [{key: a}]}", "spec.taints[0].effect: Required value"
  ),
  (
    "Pod", "spec: {containers: [{name: a, image: b, livenessProbe: {periodSeconds: 1}}]}",
    "spec.containers[0].livenessProbe: Required value: must specify a handler type"
  ),
  (
    "Pod", "spec: {restartPolicy: always}",
    "spec.restartPolicy: Unsupported value: \"always\": supported values: \"Always\", \"Never\","
      + " \"OnFailure\""
  ),
])
func `what the object cannot hold is kept for the API server to say`(
  kind: String, spec: String, error: String
) throws {
  let manifest = try object("apiVersion: v1\nkind: \(kind)\nmetadata: {name: web}\n\(spec)")
  #expect(manifest.unreadableFields.map(\.description) == [error])
  #expect(manifest.unreadableFields.first?.place.line == 4)
}

@Test func `a selector that is absent is another than one that is empty`() throws {
  func selector(_ spec: String) throws -> Labels? {
    let text = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: \(spec)"
    guard case .service(let service) = try object(text).content else { return nil }
    return service.selector
  }
  #expect(try selector("{}") == nil)
  #expect(try selector("{selector: null}") == nil)
  #expect(try selector("{selector: {}}") == Labels())
  #expect(try selector("{selector: {a: b}}") == ["a": "b"])
}

@Test func `a value from a command is decoded without a file`() throws {
  let value: Value = [
    "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "a", "managedFields": [[:]]],
  ]
  let (manifest, diagnostics) = ManifestDecoder.decode(value)
  #expect(diagnostics.isEmpty)
  #expect(manifest?.metadata == ObjectMeta(name: "a"))
  #expect(ManifestDecoder.decode(["kind": "Pod"]).1.count == 1)
}

@Test func `managed fields are left out, as kubectl does`() throws {
  let manifest = try object(
    """
    apiVersion: v1
    kind: Namespace
    metadata:
      name: a
      managedFields: [{manager: kubectl, fieldsV1: {"f:metadata": {}}}]
    """)
  #expect(!YAMLWriter.text(ManifestEncoder.value(of: manifest)).contains("managedFields"))
}
