import ClusterModel
import Testing

@testable import Console

@Suite struct PrintingDescribeTests {
  private static let service = """
    apiVersion: v1
    kind: Service
    metadata: {name: web, labels: {tier: front, app: web}}
    spec:
      type: NodePort
      clusterIP: 10.96.0.9
      clusterIPs: [10.96.0.9]
      ipFamilies: [IPv4]
      ipFamilyPolicy: SingleStack
      internalTrafficPolicy: Local
      externalTrafficPolicy: Local
      healthCheckNodePort: 30999
      externalIPs: [9.9.9.9]
      selector: {app: web}
      ports:
      - {name: http, port: 80, targetPort: http, nodePort: 30080}
      - {name: dns, port: 53, targetPort: 53, nodePort: 30053, protocol: UDP}
    """

  @Test func `a Service shows its ports with their ready endpoints`() {
    let sample = PrintingSample(
      Self.service + """

        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: web-b, labels: {kubernetes.io/service-name: web}}
        addressType: IPv4
        ports: [{name: http, port: 8080}]
        endpoints: [{addresses: [10.0.0.3]}, {addresses: [10.0.0.4], conditions: {ready: false}}]
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: web-a, labels: {kubernetes.io/service-name: web}}
        addressType: IPv6
        ports: [{name: http, port: 8080}]
        endpoints: [{addresses: ["fd00::1"], conditions: {ready: true}}]
        """)
    #expect(
      sample.description == """
        Name:                     web
        Namespace:                default
        Labels:                   app=web
                                  tier=front
        Annotations:              <none>
        Selector:                 app=web
        Type:                     NodePort
        IP Family Policy:         SingleStack
        IP Families:              IPv4
        IP:                       10.96.0.9
        IPs:                      10.96.0.9
        External IPs:             9.9.9.9
        Port:                     http  80/TCP
        TargetPort:               http/TCP
        NodePort:                 http  30080/TCP
        Endpoints:                [fd00::1]:8080,10.0.0.3:8080
        Port:                     dns  53/UDP
        TargetPort:               53/UDP
        NodePort:                 dns  30053/UDP
        Endpoints:                \("")
        Session Affinity:         None
        External Traffic Policy:  Local
        Internal Traffic Policy:  Local
        HealthCheck NodePort:     30999
        Events:                   <none>

        """)
  }

  @Test(arguments: [
    ("", "<none>"), ("no", ""), ("yes yes yes", "10.0.0.0:80,10.0.0.1:80,10.0.0.2:80"),
    ("yes no yes yes no", "10.0.0.0:80,10.0.0.2:80,10.0.0.3:80 + 0 more..."),
    ("yes yes yes yes yes", "10.0.0.0:80,10.0.0.1:80,10.0.0.2:80 + 2 more..."),
  ])
  func `at most three endpoints are shown`(_ ready: String, _ text: String) {
    var slice = EndpointSlice(metadata: ObjectMeta(name: "s"))
    slice.ports = [.init(name: "http", port: 80)]
    for (index, word) in ready.split(separator: " ").enumerated() {
      var endpoint = Endpoint(address: IPAddress(v4: 0x0A00_0000 + UInt32(index)))
      endpoint.isReady = word == "yes"
      slice.endpoints.append(endpoint)
    }
    let slices = ready.isEmpty ? [] : [slice]
    #expect(Describer.endpoints(slices, port: "http") == text)
  }

  private static let pod = """
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
      uid: 11111111-0000-4000-8000-000000000002
      annotations: {short: "yes", kubectl.kubernetes.io/last-applied-configuration: "{}"}
      ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-1, controller: true}]
    spec:
      nodeName: n1
      nodeSelector: {disk: ssd}
      tolerations:
      - {key: node.kubernetes.io/not-ready, operator: Exists, effect: NoExecute, tolerationSeconds: 300}
      - {key: a, operator: Equal, value: b, effect: NoSchedule}
      - {operator: Exists}
      containers:
      - name: main
        image: nginx
        command: [sh, "-c", "one\\ntwo"]
        ports: [{containerPort: 80}, {containerPort: 53, hostPort: 5353, protocol: UDP}]
        resources: {limits: {cpu: "1.5"}, requests: {memory: 1024Mi}}
        livenessProbe: {httpGet: {path: "/a b", port: http, scheme: HTTPS}, periodSeconds: 5}
        readinessProbe: {exec: {command: [cat, /x]}}
        startupProbe: {tcpSocket: {port: 80}}
        env:
        - {name: PLAIN, value: x}
        - {name: NAME, valueFrom: {fieldRef: {apiVersion: v1, fieldPath: metadata.name}}}
        - {name: CPU, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}
        - {name: KEY, valueFrom: {secretKeyRef: {name: s, key: k}}}
        volumeMounts: [{name: tmp, mountPath: /tmp}, {name: c, mountPath: /etc/c, readOnly: true}]
      volumes: [{name: tmp, emptyDir: {}}, {name: c, configMap: {name: conf}}]
    status:
      phase: Running
      qosClass: Burstable
      hostIP: 172.18.0.2
      podIP: 10.244.0.5
      startTime: "2026-01-01T00:30:00Z"
      conditions: [{type: Ready, status: "True"}]
      containerStatuses:
      - name: main
        image: nginx
        containerID: containerd://c
        imageID: sha256:i
        ready: true
        restartCount: 1
        state: {running: {startedAt: "2026-01-01T00:40:00Z"}}
        lastState: {terminated: {exitCode: 137, signal: 9, reason: OOMKilled}}
    ---
    apiVersion: v1
    kind: Event
    metadata: {name: web.1, namespace: default}
    reason: Started
    message: Started container main
    involvedObject: {kind: Pod, namespace: default, name: web}
    source: {component: kubelet}
    firstTimestamp: "2026-01-01T00:59:40Z"
    lastTimestamp: "2026-01-01T00:59:47Z"
    count: 2
    ---
    apiVersion: v1
    kind: Event
    metadata: {name: other.1, namespace: default}
    reason: Started
    message: Of a pod of another name
    involvedObject: {kind: Pod, namespace: default, name: other}
    source: {component: kubelet}
    """

  @Test func `a Pod shows its containers, volumes and events`() {
    #expect(
      PrintingSample(Self.pod).description == """
        Name:         web
        Namespace:    default
        Node:         n1/172.18.0.2
        Start Time:   Thu, 01 Jan 2026 00:30:00 +0000
        Labels:       <none>
        Annotations:  short: yes
        Status:       Running
        IP:           10.244.0.5
        IPs:
          IP:           10.244.0.5
        Controlled By:  ReplicaSet/web-1
        Containers:
          main:
            Container ID:  containerd://c
            Image:         nginx
            Image ID:      sha256:i
            Ports:         80/TCP, 53/UDP
            Host Ports:    0/TCP, 5353/UDP
            Command:
              sh
              -c
              one
              two
            State:          Running
              Started:      Thu, 01 Jan 2026 00:40:00 +0000
            Last State:     Terminated
              Reason:       OOMKilled
              Exit Code:    137
              Signal:       9
              Started:      Mon, 01 Jan 0001 00:00:00 +0000
              Finished:     Mon, 01 Jan 0001 00:00:00 +0000
            Ready:          True
            Restart Count:  1
            Limits:
              cpu:  1500m
            Requests:
              memory:   1Gi
            Liveness:   http-get https://:http/a%20b delay=0s timeout=1s period=5s #success=1 #failure=3
            Readiness:  exec [cat /x] delay=0s timeout=1s period=10s #success=1 #failure=3
            Startup:    tcp-socket :80 delay=0s timeout=1s period=10s #success=1 #failure=3
            Environment:
              PLAIN:  x
              NAME:   web (v1:metadata.name)
              CPU:    2 (limits.cpu)
              KEY:    <set to the key 'k' in secret 's'>  Optional: false
            Mounts:
              /etc/c from c (ro)
              /tmp from tmp (rw)
        Conditions:
          Type    Status
          Ready   True \("")
        Volumes:
          tmp:
            Type:       EmptyDir (a temporary directory that shares a pod's lifetime)
            Medium:     \("")
            SizeLimit:  <unset>
          c:
            Type:        ConfigMap (a volume populated by a ConfigMap)
            Name:        conf
            Optional:    false
        QoS Class:       Burstable
        Node-Selectors:  disk=ssd
        Tolerations:     op=Exists
                         a=b:NoSchedule
                         node.kubernetes.io/not-ready:NoExecute op=Exists for 300s
        Events:
          Type    Reason   Age                From     Message
          ----    ------   ----               ----     -------
          Normal  Started  13s (x2 over 20s)  kubelet  Started container main

        """)
  }

  @Test func `events can be left out`() {
    var sample = PrintingSample(Self.pod)
    sample.context.showsEvents = false
    #expect(!sample.description.contains("Events:"))
  }

  @Test func `long annotations go below their key`() {
    let long = String(repeating: "a", count: 150)
    let sample = PrintingSample(
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: one, annotations: {long: \(long), two: "x\\ny\\n"}}
      """)
    #expect(
      sample.description.contains(
        """
        Annotations:  long:
                        \(String(repeating: "a", count: 138))...
                      two:
                        x
                        y
        Status:       Active

        No resource quota.

        No LimitRange resource.

        """))
  }

  @Test func `a kind without a description of its own is shown field by field`() {
    let sample = PrintingSample(
      """
      apiVersion: example.com/v1
      kind: Widget
      metadata: {name: w, uid: 11111111-0000-4000-8000-000000000022}
      spec: {apiURLs: [a, b], clusterIPs: {x: 1}, nested: [{a: 1, b: two}], v1: ok, empty: {}}
      """)
    #expect(
      sample.description == """
        Name:         w
        Namespace:    default
        Labels:       <none>
        Annotations:  <none>
        API Version:  example.com/v1
        Kind:         Widget
        Metadata:
          UID:  11111111-0000-4000-8000-000000000022
        Spec:
          API UR Ls:
            a
            b
          Cluster I Ps:
            X:  1
          Empty:
          Nested:
            A:   1
            B:   two
          v1:    ok
        Events:  <none>

        """)
  }
}
