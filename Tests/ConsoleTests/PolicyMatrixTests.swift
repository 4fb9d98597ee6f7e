import ClusterModel
import Simulation
import Testing

@testable import Console

/// A namespace with three clients and a server behind one policy.
private let shop = """
  apiVersion: v1
  kind: Namespace
  metadata: {name: shop}
  ---
  apiVersion: v1
  kind: Pod
  metadata: {name: web, namespace: shop, labels: {app: web}}
  spec: {containers: [{name: c, image: c, ports: [{name: http, containerPort: 8080}]}]}
  ---
  apiVersion: v1
  kind: Pod
  metadata: {name: friend, namespace: shop, labels: {role: friend}}
  spec: {containers: [{name: c, image: c, ports: [{containerPort: 9}]}]}
  ---
  apiVersion: v1
  kind: Pod
  metadata: {name: stranger, namespace: shop}
  spec: {containers: [{name: c, image: c, ports: [{containerPort: 9}]}]}
  ---
  apiVersion: networking.k8s.io/v1
  kind: NetworkPolicy
  metadata: {name: web, namespace: shop}
  spec:
    podSelector: {matchLabels: {app: web}}
    ingress: [{from: [{podSelector: {matchLabels: {role: friend}}}], ports: [{port: http}]}]
  """

private func console(_ cni: CNI) throws -> Console {
  var configuration = WorldConfiguration()
  configuration.cni = cni
  let file = SourceFile(name: "shop.yaml", bytes: Array(shop.utf8))
  var console = try SessionLoader.load([file], configuration: configuration).console
  _ = console.execute("advance 10s")
  return console
}

@Test func `a matrix says who may reach whom and by which policy`() throws {
  var console = try console(.calico)
  let result = console.execute("policy matrix -n shop")
  #expect(result.errors == "")
  #expect(
    result.output == """
      From each row to each column, on every TCP port that it declares:

                        1   2   3
       1  shop/friend   =   .   +a
       2  shop/stranger .   =   -a
       3  shop/web      .   .   =

      .   allowed: no policy isolates either end
      +a  allowed by policy a
      -a  denied: policy a isolates, and nothing allows it
      =   the pod itself: always allowed
      a  shop/web: ingress of app=web
      5 of 6 ways are open between 3 ends.

      """)
}

@Test func `removing the rule closes the way, and the trace says so once agents have heard`() throws
{
  var console = try console(.calico)
  let trace = "trace pod/friend.shop pod/web.shop:8080"
  #expect(console.execute(trace).output.contains("delivered: "))
  let patch = #"patch netpol web -n shop --type=json -p '[{"op":"remove","path":"/spec/ingress"}]'"#
  #expect(console.execute(patch).status == 0)
  #expect(console.execute("policy matrix -n shop").output.contains("4 of 6 ways are open"))
  #expect(console.execute(trace).output.contains("delivered: "))
  _ = console.execute("advance 1s")
  #expect(
    console.execute(trace).output.contains(
      "dropped: NetworkPolicy shop/web isolates pod shop/web for ingress, and it allows nothing "
        + "from pod shop/friend on port 8080/TCP: the packet is dropped."))
}

@Test func `under flannel the matrix warns and the packets pass`() throws {
  var console = try console(.flannel)
  let result = console.execute("policy matrix -n shop --port http")
  #expect(result.errors.contains("flannel does not enforce NetworkPolicy"))
  #expect(result.output.contains("?   the pod declares no such port"))
  let trace = console.execute("trace pod/stranger.shop pod/web.shop:8080 -o json")
  #expect(trace.output.contains(#""verdict": "delivered""#))
  #expect(trace.output.contains(#""policy": null"#))
}

@Test(arguments: [
  ("policy matrix --port 70000", "is no port: 1 to 65535, or a port's name"),
  ("policy matrix --protocol icmp", "--protocol is tcp, udp or sctp"),
  ("policy matrix -n nowhere", "namespaces \"nowhere\" not found"),
  ("policy matrix -o picture", "-o is table, wide, json or yaml"),
])
func `a matrix that cannot be made says why`(command: String, message: String) throws {
  var console = try console(.calico)
  let result = console.execute(command)
  #expect(result.status == 1)
  #expect(result.errors.contains(message))
}
