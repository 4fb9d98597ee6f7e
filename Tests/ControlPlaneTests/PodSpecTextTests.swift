import ClusterModel
import Testing

@testable import ControlPlane

/// The text that names ReplicaSets after their templates.
@Suite struct `The text of a pod's spec` {
  private static var full: PodSpec {
    var container = Container(name: "ser\"ver", image: "example/web:1")
    container.command = ["sh", "-c"]
    container.args = ["echo \"a\n\""]
    container.ports = [
      ContainerPort(name: "http", containerPort: 80),
      ContainerPort(containerPort: 53, hostPort: 53, hostIP: "::1", transport: .udp),
    ]
    container.env = [EnvironmentVariable(name: "A", value: nil, valueFrom: ["fieldRef": ["x": 1]])]
    container.requests["cpu"] = Quantity("250m")
    container.limits["memory"] = Quantity("1Gi")
    container.readinessProbe = Probe(handler: .httpGet, action: ["path": "/", "port": "http"])
    container.livenessProbe = Probe(handler: .exec)
    container.startupProbe = Probe(handler: .grpc)
    container.lifecycle = ["preStop": ["sleep": ["seconds": 5]]]
    container.restartPolicy = "Always"
    container.other = ["tty": true, "workingDir": "/tmp", "list": [1, .double(2.5), .null]]
    var spec = PodSpec(containers: [container, Container(name: "plain", image: "p")])
    spec.initContainers = [container]
    spec.dnsConfig = ["searches": ["a"]]
    spec.hostNetwork = true
    spec.hostname = "h"
    spec.subdomain = "s"
    spec.nodeSelector = ["disk": "ssd", "zone": "a"]
    spec.affinity = ["nodeAffinity": [:]]
    spec.topologySpreadConstraints = [["maxSkew": 1]]
    spec.tolerations = [Toleration(key: "k", effect: .noExecute, tolerationSeconds: 3)]
    spec.readinessGates = ["a", "b"]
    spec.serviceAccountName = "sa"
    spec.priority = 7
    spec.priorityClassName = "high"
    spec.mountsToken = true
    spec.other = ["securityContext": [:], "volumes": [["name": "v", "emptyDir": [:]]]]
    return spec
  }

  /// By reflection no field can be forgotten.
  @Test func `is what reflection prints`() {
    for spec in [PodSpec(), PodSpec(containers: [Container(name: "a", image: "b")]), Self.full] {
      for spec in [spec, PodAdmission.admitted(spec)] {
        var text = PodSpecText("")
        text.put(spec)
        #expect(text.sink == "\(spec)")
      }
    }
  }
}
