import ClusterModel
import Testing

@testable import Manifests

/// The causes that the API server gives for an object, one line each.
private func causes(_ text: String) throws -> [String] {
  let manifest = try #require(read(text).manifests.first)
  return manifest.fieldErrors.map(\.description)
}

private func pod(_ spec: String) -> String {
  "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {\(spec)}}"
}

private func container(_ fields: String) -> String {
  pod("containers: [{name: a, image: i, \(fields)}]")
}

private func service(_ spec: String) -> String {
  "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {\(spec)}}"
}

private func deployment(_ spec: String, labels: String = "app: web") -> String {
  "{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {\(spec), template: "
    + "{metadata: {labels: {\(labels)}}, spec: {containers: [{name: a, image: i}]}}}}"
}

private func policy(_ spec: String) -> String {
  "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: np}, spec: {\(spec)}}"
}

private func ingress(_ spec: String) -> String {
  "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i}, spec: {\(spec)}}"
}

private let range = "must be between 1 and 65535, inclusive"
private let labelText =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must "
  + "start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for "
  + "validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"

@Test(arguments: [
  (service("ports: [{port: 80}]"), []),
  (service("type: ClusterIP"), ["spec.ports: Required value"]),
  (service("clusterIP: None"), []),
  (service("ports: [{port: 70000}]"), ["spec.ports[0].port: Invalid value: 70000: \(range)"]),
  (service("ports: [{port: 80, targetPort: 0}]"), []),
  (
    service("ports: [{port: 80, targetPort: '80'}]"),
    ["spec.ports[0].targetPort: Invalid value: \"80\": must contain at least one letter (a-z)"]
  ),
  (
    service("ports: [{port: 80}, {port: 81}]"),
    ["spec.ports[0].name: Required value", "spec.ports[1].name: Required value"]
  ),
  (
    service("ports: [{port: 80, name: a}, {port: 80, name: a}]"),
    [
      "spec.ports[1].name: Duplicate value: \"a\"",
      "spec.ports[1]: Duplicate value: {\"Name\":\"\",\"Protocol\":\"TCP\",\"AppProtocol\":null,"
        + "\"Port\":80,\"TargetPort\":0,\"NodePort\":0}",
    ]
  ),
  (
    service("ports: [{port: 80, name: A}]"),
    ["spec.ports[0].name: Invalid value: \"A\": \(labelText)"]
  ),
  (
    service("ports: [{port: 80, nodePort: 30000}]"),
    ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"]
  ),
  (service("type: ExternalName"), ["spec.externalName: Required value"]),
  (
    service("type: NodePort, clusterIP: None, ports: [{port: 80}]"),
    [
      "spec.clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for NodePort services"
    ]
  ),
  (
    service("externalTrafficPolicy: Local, ports: [{port: 80}]"),
    [
      "spec.externalTrafficPolicy: Invalid value: \"Local\": may only be set for "
        + "externally-accessible services"
    ]
  ),
  (
    service("externalIPs: [127.0.0.1], ports: [{port: 80}]"),
    [
      "spec.externalIPs[0]: Invalid value: \"127.0.0.1\": may not be in the loopback range "
        + "(127.0.0.0/8, ::1/128)"
    ]
  ),
  (
    service(
      "sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: 0}}, "
        + "ports: [{port: 80}]"),
    [
      "spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 0: must be greater than 0 "
        + "and less than 86400"
    ]
  ),
  (
    service("type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.0], ports: [{port: 80}]"),
    [
      "spec.loadBalancerSourceRanges[0]: Invalid value: \"10.0.0.0\": must be a valid CIDR value, "
        + "(e.g. 10.9.8.0/24 or 2001:db8::/64)"
    ]
  ),
])
func `a Service is refused in the API server's words`(_ text: String, _ expected: [String]) throws {
  #expect(try causes(text) == expected)
}

@Test(arguments: [
  (pod("dnsPolicy: Default"), ["spec.containers: Required value"]),
  (
    pod("containers: [{}]"),
    ["spec.containers[0].name: Required value", "spec.containers[0].image: Required value"]
  ),
  (
    pod("containers: [{name: a, image: i}, {name: a, image: i}]"),
    ["spec.containers[1].name: Duplicate value: \"a\""]
  ),
  (container("ports: [{}]"), ["spec.containers[0].ports[0].containerPort: Required value"]),
  (
    container("ports: [{containerPort: 80, protocol: tcp}]"),
    [
      "spec.containers[0].ports[0].protocol: Unsupported value: \"tcp\": supported values: "
        + "\"SCTP\", \"TCP\", \"UDP\""
    ]
  ),
  (
    container("volumeMounts: [{name: v, mountPath: /v}]"),
    ["spec.containers[0].volumeMounts[0].name: Not found: \"v\""]
  ),
  (
    container("resources: {requests: {cpu: 2}, limits: {cpu: 1}}"),
    [
      "spec.containers[0].resources.requests: Invalid value: \"2\": must be less than or equal to "
        + "cpu limit of 1"
    ]
  ),
  (
    container("resources: {limits: {gpu: 1}}"),
    [
      "spec.containers[0].resources.limits[gpu]: Invalid value: \"gpu\": must be a standard resource "
        + "type or fully qualified",
      "spec.containers[0].resources.limits[gpu]: Invalid value: \"gpu\": must be a standard resource "
        + "for containers",
    ]
  ),
  (
    container("livenessProbe: {tcpSocket: {port: 80}, successThreshold: 2}"),
    ["spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1"]
  ),
  (
    container("readinessProbe: {periodSeconds: 5}"),
    ["spec.containers[0].readinessProbe: Required value: must specify a handler type"]
  ),
  (
    container("imagePullPolicy: Sometimes"),
    [
      "spec.containers[0].imagePullPolicy: Unsupported value: \"Sometimes\": supported values: "
        + "\"Always\", \"IfNotPresent\", \"Never\""
    ]
  ),
  (
    pod("containers: [{name: a, image: i}], restartPolicy: always"),
    [
      "spec.restartPolicy: Unsupported value: \"always\": supported values: \"Always\", "
        + "\"OnFailure\", \"Never\""
    ]
  ),
  (
    pod("containers: [{name: a, image: i}], tolerations: [{operator: Equal}]"),
    [
      "spec.tolerations[0].operator: Invalid value: \"Equal\": operator must be Exists when `key` is "
        + "empty, which means \"match all values and all keys\""
    ]
  ),
])
func `a pod is refused in the API server's words`(_ text: String, _ expected: [String]) throws {
  #expect(try causes(text) == expected)
}

@Test(arguments: [
  (deployment("selector: {matchLabels: {app: web}}"), []),
  (
    deployment("selector: {matchLabels: {app: api}}"),
    [
      "spec.template.metadata.labels: Invalid value: {\"app\":\"web\"}: `selector` does not match "
        + "template `labels`"
    ]
  ),
  (
    deployment("replicas: 1"),
    [
      "spec.selector: Required value",
      "spec.template.metadata.labels: Invalid value: {\"app\":\"web\"}: `selector` does not match "
        + "template `labels`",
    ]
  ),
  (
    deployment("selector: {}"),
    ["spec.selector: Invalid value: {}: empty selector is invalid for deployment"]
  ),
  (
    deployment("selector: {matchLabels: {app: web}}, replicas: -1"),
    ["spec.replicas: Invalid value: -1: must be greater than or equal to 0"]
  ),
  (
    deployment(
      "selector: {matchLabels: {app: web}}, strategy: {rollingUpdate: {maxSurge: 0, "
        + "maxUnavailable: 0}}"),
    [
      "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is "
        + "0"
    ]
  ),
  (
    deployment(
      "selector: {matchLabels: {app: web}}, strategy: {type: Recreate, rollingUpdate: {}}"),
    [
      "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'"
    ]
  ),
  (
    deployment("selector: {matchLabels: {app: web}}, minReadySeconds: 600"),
    [
      "spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds"
    ]
  ),
  (
    deployment("selector: {matchExpressions: [{key: app, operator: In}]}"),
    [
      "spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` "
        + "is 'In' or 'NotIn'",
      "spec.template.metadata.labels: Invalid value: {\"app\":\"web\"}: `selector` does not match "
        + "template `labels`",
    ]
  ),
  (
    "{apiVersion: batch/v1, kind: Job, metadata: {name: j}, spec: {template: {spec: {containers: "
      + "[{name: a, image: i}]}}}}",
    [
      "spec.template.spec.restartPolicy: Required value: valid values: \"OnFailure\", \"Never\""
    ]
  ),
])
func `a workload is refused in the API server's words`(_ text: String, _ expected: [String]) throws
{
  #expect(try causes(text) == expected)
}

@Test(arguments: [
  (policy("podSelector: {}"), []),
  (
    policy("ingress: [{from: [{}]}]"),
    ["spec.ingress[0].from[0]: Required value: must specify a peer"]
  ),
  (
    policy("ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [11.0.0.0/16]}}]}]"),
    [
      "spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: \"11.0.0.0/16\": must be a strict "
        + "subset of `cidr`"
    ]
  ),
  (
    policy("egress: [{to: [{podSelector: {}, ipBlock: {cidr: 10.0.0.0/8}}]}]"),
    ["spec.egress[0].to[0]: Forbidden: may not specify both ipBlock and another peer"]
  ),
  (
    policy("egress: [{ports: [{port: 90, endPort: 80}]}]"),
    [
      "spec.egress[0].ports[0].endPort: Invalid value: 80: must be greater than or equal to `port`"
    ]
  ),
  (
    policy("policyTypes: [ingress]"),
    [
      "spec.policyTypes[0]: Unsupported value: \"ingress\": supported values: \"Egress\", \"Ingress\""
    ]
  ),
  (
    ingress("ingressClassName: nginx"),
    ["spec: Invalid value: null: either `defaultBackend` or `rules` must be specified"]
  ),
  (
    ingress("rules: [{host: 10.0.0.1, http: {paths: [{path: a, pathType: Exact, backend: {}}]}}]"),
    [
      "spec.rules[0].host: Invalid value: \"10.0.0.1\": must be a DNS name, not an IP address",
      "spec.rules[0].http.paths[0].path: Invalid value: \"a\": must be an absolute path",
      "spec.rules[0].http.paths[0].backend: Invalid value: \"\": resource or service backend is "
        + "required",
    ]
  ),
  (
    "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: e}, addressType: IPv4, "
      + "endpoints: [{addresses: ['::1']}], ports: [{port: 65536}]}",
    [
      "endpoints[0].addresses[0]: Invalid value: \"::1\": must be a valid IPv4 address",
      "endpoints[0].addresses[0]: Invalid value: \"::1\": may not be in the loopback range "
        + "(127.0.0.0/8, ::1/128)",
    ]
  ),
])
func `a network object is refused in the API server's words`(
  _ text: String, _ expected: [String]
) throws {
  #expect(try causes(text) == expected)
}

@Test(arguments: [
  ("{name: a_b}", ["metadata.name: Invalid value: \"a_b\": "]),
  ("{name: a, labels: {'a b': c}}", ["metadata.labels: Invalid value: \"a b\": name part must "]),
  (
    "{name: a, labels: {a: 'c d'}}",
    ["metadata.labels: Invalid value: \"c d\": a valid label must "]
  ),
  (
    "{name: a, labels: {x/y/z: c}}",
    ["metadata.labels: Invalid value: \"x/y/z\": a qualified name "]
  ),
])
func `metadata is refused in the API server's words`(_ metadata: String, _ expected: [String])
  throws
{
  let found = try causes("{apiVersion: v1, kind: ConfigMap, metadata: \(metadata)}")
  #expect(found.count == expected.count)
  for (text, prefix) in zip(found, expected) { #expect(text.hasPrefix(prefix)) }
}

@Test func `an error knows where its field was written`() throws {
  let manifest = try #require(
    read(
      "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec:\n  clusterIP: 10.0.0.300\n  ports:\n  - port: 0\n"
    )
    .manifests.first)
  #expect(
    manifest.fieldErrors.map { "\($0.place) \($0.field)" } == [
      "7:11 spec.ports[0].port", "5:14 spec.clusterIPs[0]",
    ])
}

@Test(arguments: [
  (
    "{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {selector: {matchLabels: "
      + "{app: b}}, template: {metadata: {labels: {app: b}}, spec: {containers: [{name: a, image: i}]"
      + "}}}}",
    deployment("selector: {matchLabels: {app: web}}"),
    ["spec.selector: Invalid value: {\"matchLabels\":{\"app\":\"b\"}}: field is immutable"]
  ),
  (
    service("clusterIP: 10.96.0.9, clusterIPs: [10.96.0.9], ports: [{port: 80}]"),
    service("clusterIP: 10.96.0.8, clusterIPs: [10.96.0.8], ports: [{port: 80}]"),
    ["spec.clusterIPs[0]: Invalid value: [\"10.96.0.9\"]: may not change once set"]
  ),
])
func `what cannot change is refused`(_ new: String, _ old: String, _ expected: [String]) throws {
  let (before, after) = (try #require(values(old).first), try #require(values(new).first))
  let resource = try #require(read(new).manifests.first).resource
  #expect(ObjectValidation.problems(with: after, of: resource, replacing: before) == expected)
}

private func plain(_ kind: String, _ spec: String) -> String {
  "{apiVersion: v1, kind: \(kind), metadata: {name: x}, spec: {\(spec)}}"
}

@Test(
  arguments: [
    (plain("ResourceQuota", "hard: {pods: 1, requests.cpu: 500m, count/jobs.batch: 2}"), []),
    (
      plain("ResourceQuota", "hard: {foo: 1}"),
      ["spec.hard[foo]: Invalid value: \"foo\": must be a standard resource for quota"]
    ),
    (
      plain("ResourceQuota", "hard: {pods: -1, services: 500m}"),
      [
        "spec.hard[pods]: Invalid value: \"-1\": must be greater than or equal to 0",
        "spec.hard[services]: Invalid value: \"500m\": must be an integer",
      ]
    ),
    (plain("LimitRange", "limits: [{type: Container, max: {cpu: 1}, min: {cpu: 100m}}]"), []),
    (
      plain("LimitRange", "limits: [{type: Container, max: {cpu: 1}, default: {cpu: 2}}]"),
      [
        "spec.limits[0].defaultRequest[cpu]: Invalid value: \"2\": default request value 2 is greater "
          + "than max value 1",
        "spec.limits[0].default[cpu]: Invalid value: \"1\": default value 2 is greater than max value "
          + "1",
      ]
    ),
    (
      plain("LimitRange", "limits: [{type: Pod, default: {cpu: 1}}]"),
      ["spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'"]
    ),
    (
      plain("PersistentVolumeClaim", "resources: {}"),
      [
        "spec.accessModes: Required value: at least 1 access mode is required",
        "spec.resources[storage]: Required value",
      ]
    ),
    (
      plain("PersistentVolumeClaim", "accessModes: [RWO], resources: {requests: {storage: 0}}"),
      [
        "spec.accessModes: Unsupported value: \"RWO\": supported values: \"ReadOnlyMany\", "
          + "\"ReadWriteMany\", \"ReadWriteOnce\", \"ReadWriteOncePod\"",
        "spec.resources[storage]: Invalid value: \"0\": must be greater than zero",
      ]
    ),
  ] as [(String, [String])])
func `quotas, limits and claims are refused in the API server's words`(
  text: String, expected: [String]
) throws {
  #expect(try causes(text) == expected)
}
