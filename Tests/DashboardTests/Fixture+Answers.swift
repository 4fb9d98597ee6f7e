import ControlPlane
import Manifests
import SimulationCore

@testable import Dashboard

/// What the engine would have answered, written down.
extension Fixture {
  static let requests: [RequestRow] = (0..<40).map { index in
    let isFailure = index % 7 == 3
    return RequestRow(
      at: Instant(nanoseconds: 151_400_000_000 - Int64(index) * 13_000_000),
      client: index % 3 == 0 ? "external" : "frontend",
      clientPod: index % 3 == 0 ? "" : "frontend-7d9c5b6f4-x7kqp",
      service: name(index % 2 == 0 ? "frontend" : "cart"), port: index % 2 == 0 ? 80 : 7070,
      endpoint: isFailure ? "" : "10.244.\(1 + index % 2).5:8080",
      outcome: isFailure ? "connection refused" : "answered", isFailure: isFailure,
      latency: .microseconds(Int64(800 + index * 311)))
  }

  static let whyText = """
    Requests to default/frontend fail: no pod matches its selector app=fronted.

    3 pods have app=frontend, which differs in one label.

    fix: kubectl patch service frontend -p '{"spec":{"selector":{"app":"frontend"}}}'
    """

  static let review = EditReview(
    object: "service/frontend",
    lines: DiffLine.compare(
      "kind: Service\nmetadata:\n  name: frontend\nspec:\n  type: NodePort\n  clusterIP: 10.96.44.10\n",
      "kind: Service\nmetadata:\n  name: frontend\nspec:\n  type: ClusterIP\n  clusterIP: 10.96.44.10\n"
    ),
    command: "kubectl patch service frontend --type=merge -p '{\"spec\":{\"type\":\"ClusterIP\"}}'")

  static func trace(_ command: String = "trace pod/cart-5f6d8c7b9-8zwtn svc/frontend:80")
    -> TraceView?
  {
    ValueReader.value(of: traceJSON).flatMap { TraceView(command: command, $0) }
  }

  private static let traceJSON = """
    {"verdict": "delivered",
     "reason": "Service default/frontend sends it to 10.244.2.4:8080.",
     "endpoint": "10.244.2.4:8080", "masqueraded": false, "sourceSeen": "10.244.1.6",
     "candidates": [{"address": "10.244.1.5:8080", "probability": 0.5},
                    {"address": "10.244.2.4:8080", "probability": 0.5}],
     "dns": [],
     "hops": [
      {"node": "node-1", "device": "eth0", "point": "pod default/cart-5f6d8c7b9-8zwtn",
       "rule": "default via 10.244.1.1 dev eth0", "outer": null, "note": "The pod sends it.",
       "packet": {"source": "10.244.1.6:43152", "destination": "10.96.44.10:80",
                  "protocol": "TCP", "ttl": 64}},
      {"node": "node-1", "device": "cni0", "point": "PREROUTING", "outer": null,
       "rule": "-A KUBE-SEP-K54QJ2VBIHIGD4QT -p tcp -m tcp -j DNAT --to-destination 10.244.2.4:8080",
       "note": "The destination becomes the endpoint.",
       "packet": {"source": "10.244.1.6:43152", "destination": "10.96.44.10:80",
                  "protocol": "TCP", "ttl": 64}},
      {"node": "node-1", "device": "flannel.1", "point": "EGRESS", "rule": null,
       "outer": {"kind": "VXLAN", "source": "192.168.0.11", "destination": "192.168.0.12",
                 "destinationPort": 8472, "identifier": 1},
       "note": "It travels inside a packet from node to node.",
       "packet": {"source": "10.244.1.6:43152", "destination": "10.244.2.4:8080",
                  "protocol": "TCP", "ttl": 63}},
      {"node": "node-2", "device": "eth0", "point": "INGRESS", "rule": null,
       "outer": {"kind": "VXLAN", "source": "192.168.0.11", "destination": "192.168.0.12",
                 "destinationPort": 8472, "identifier": 1},
       "note": "The tunnel's end takes it out.",
       "packet": {"source": "10.244.1.6:43152", "destination": "10.244.2.4:8080",
                  "protocol": "TCP", "ttl": 63}},
      {"node": "node-2", "device": "eth0", "point": "pod default/frontend-7d9c5b6f4-p2mzt",
       "rule": null, "outer": null, "note": "Delivered.",
       "packet": {"source": "10.244.1.6:43152", "destination": "10.244.2.4:8080",
                  "protocol": "TCP", "ttl": 62}}]}
    """
}
