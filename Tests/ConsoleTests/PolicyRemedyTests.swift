import ClusterModel
import DataPlane
import Simulation
import Testing

@testable import Console

private func console(_ policies: String) throws -> Console {
  let pods = """
    apiVersion: v1
    kind: Namespace
    metadata: {name: other}
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: web, labels: {app: web}}
    spec: {containers: [{name: c, image: c, ports: [{name: http, containerPort: 8080}]}]}
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: client, labels: {app: client}}
    spec: {containers: [{name: c, image: c, ports: [{containerPort: 9}]}]}
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: far, namespace: other, labels: {app: far}}
    spec: {containers: [{name: c, image: c, ports: [{containerPort: 9}]}]}
    ---

    """
  var configuration = WorldConfiguration()
  configuration.cni = .calico
  let file = SourceFile(name: "a.yaml", bytes: Array((pods + policies).utf8))
  var console = try SessionLoader.load([file], configuration: configuration).console
  _ = console.execute("advance 10s")
  return console
}

private func remedies(
  _ console: Console, from namespace: String, _ name: String
) throws -> PolicyRemedies? {
  let address = try #require(console.world.store.pods["default", "web"]?.status.podIP)
  let request = TraceRequest(
    from: .pod(namespace: namespace, name: name), to: address, port: 8080)
  return PolicyRemedies(for: request, in: console.world)
}

@Test func `a missing label is the smallest change`() throws {
  let console = try console(
    """
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: web}
    spec:
      podSelector: {matchLabels: {app: web}}
      ingress: [{from: [{podSelector: {matchLabels: {role: friend}}}]}]
    """)
  let found = try #require(try remedies(console, from: "default", "client"))
  #expect(found.cause.hasPrefix("NetworkPolicy default/web isolates pod default/web for ingress"))
  #expect(
    found.changes == [
      ["kubectl label pod client -n default role=friend"],
      [
        #"kubectl patch networkpolicy web -n default --type=json -p '[{"op":"add","path":"#
          + #""/spec/ingress/-","value":{"from":[{"podSelector":{"matchLabels":{"app":"client"}}}],"#
          + #""ports":[{"port":8080,"protocol":"TCP"}]}}]'"#
      ],
    ])
}

@Test func `a missing port is smaller than a rule`() throws {
  let console = try console(
    """
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: web}
    spec:
      podSelector: {}
      ingress: [{from: [{podSelector: {}}], ports: [{port: 81}]}]
    """)
  let found = try #require(try remedies(console, from: "default", "client"))
  #expect(
    found.changes.first == [
      #"kubectl patch networkpolicy web -n default --type=json -p '[{"op":"add","path":"#
        + #""/spec/ingress/0/ports/-","value":{"port":8080,"protocol":"TCP"}}]'"#
    ])
}

@Test func `both ends may need a change`() throws {
  let console = try console(
    """
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: in}
    spec: {podSelector: {}}
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: out, namespace: other}
    spec: {podSelector: {}, policyTypes: [Egress]}
    """)
  let found = try #require(try remedies(console, from: "other", "far"))
  let change = try #require(found.changes.first)
  #expect(change.count == 2)
  #expect(change[0].contains("networkpolicy out -n other"))
  #expect(change[1].contains("networkpolicy in -n default"))
  #expect(
    change[1].contains(
      #""namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"other"}}"#))
  var after = console
  for command in change { #expect(after.execute(command).status == 0) }
  _ = after.execute("advance 1s")
  #expect(after.execute("trace pod/far.other pod/web:8080").output.contains("delivered: "))
}

@Test func `a packet that no policy drops needs no remedy`() throws {
  let console = try console("")
  #expect(try remedies(console, from: "default", "client") == nil)
}
