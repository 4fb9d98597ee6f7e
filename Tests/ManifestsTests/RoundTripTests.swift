import ClusterModel
import Testing

@testable import Manifests

/// Objects as a cluster gives them out, each with fields that are easily lost.
private let samples: [(kind: String, text: String)] = [
  (
    "Namespace",
    """
    apiVersion: v1
    kind: Namespace
    metadata:
      creationTimestamp: "2026-03-01T10:00:00Z"
      deletionTimestamp: "2026-03-01T11:00:00Z"
      labels:
        kubernetes.io/metadata.name: shop
      name: shop
      resourceVersion: "21"
      uid: 05aef181-b34f-4ef0-bbdc-e9943e2d41a7
    spec:
      finalizers:
      - kubernetes
    status:
      phase: Terminating

    """
  ),
  (
    "Node",
    """
    apiVersion: v1
    kind: Node
    metadata:
      annotations:
        node.alpha.kubernetes.io/ttl: "0"
      name: worker-1
      resourceVersion: "311"
    spec:
      podCIDR: 10.244.1.0/24
      podCIDRs:
      - 10.244.1.0/24
      - fd00:10:244:1::/64
      providerID: kind://docker/test/worker-1
      taints:
      - effect: NoExecute
        key: node.kubernetes.io/unreachable
        timeAdded: "2026-03-01T10:00:00Z"
      unschedulable: true
    status:
      addresses:
      - address: 172.18.0.3
        type: InternalIP
      allocatable:
        cpu: "8"
        memory: 16372120Ki
      capacity:
        cpu: "8"
        memory: 16372120Ki
      conditions:
      - lastHeartbeatTime: "2026-03-01T10:00:00Z"
        lastTransitionTime: null
        message: 'kubelet stopped posting: node status'
        reason: NodeStatusUnknown
        status: Unknown
        type: Ready
      daemonEndpoints:
        kubeletEndpoint:
          Port: 10250
      images:
      - names:
        - registry.example/web:1
        sizeBytes: 1000
      nodeInfo:
        architecture: arm64
        bootID: 4a8b
        containerRuntimeVersion: containerd://2.0.0
        kernelVersion: 6.1.0
        kubeProxyVersion: ""
        kubeletVersion: v1.36.0
        machineID: abc
        operatingSystem: linux
        osImage: Debian
        swap:
          capacity: 0
        systemUUID: def

    """
  ),
  (
    "Service",
    """
    apiVersion: v1
    kind: Service
    metadata:
      name: web
      namespace: default
    spec:
      allocateLoadBalancerNodePorts: true
      clusterIP: 10.96.10.1
      clusterIPs:
      - 10.96.10.1
      - fd00:10:96::a
      externalIPs:
      - 203.0.113.7
      externalTrafficPolicy: Local
      healthCheckNodePort: 30999
      internalTrafficPolicy: Cluster
      ipFamilies:
      - IPv4
      - IPv6
      ipFamilyPolicy: PreferDualStack
      loadBalancerClass: example.com/lb
      loadBalancerSourceRanges:
      - 198.51.100.0/24
      ports:
      - appProtocol: http
        name: http
        nodePort: 30080
        port: 80
        protocol: TCP
        targetPort: web
      - name: dns
        port: 53
        protocol: UDP
        targetPort: 5353
      publishNotReadyAddresses: true
      selector:
        app: web
      sessionAffinity: ClientIP
      sessionAffinityConfig:
        clientIP:
          timeoutSeconds: 600
      trafficDistribution: PreferClose
      type: LoadBalancer
    status:
      conditions:
      - type: Ok
      loadBalancer:
        ingress:
        - hostname: lb.example.com
        - ip: 203.0.113.10
          ipMode: VIP
          ports:
          - port: 80
            protocol: TCP

    """
  ),
  (
    "headless Service",
    """
    apiVersion: v1
    kind: Service
    metadata:
      name: db
    spec:
      clusterIP: None
      clusterIPs:
      - None
      sessionAffinity: None
      type: ClusterIP
    status:
      loadBalancer: {}

    """
  ),
  (
    "EndpointSlice",
    """
    addressType: IPv6
    apiVersion: discovery.k8s.io/v1
    endpoints:
    - addresses:
      - fd00::1
      - fd00::2
      conditions:
        ready: false
        serving: true
        terminating: true
      deprecatedTopology:
        a: b
      hints:
        forNodes:
        - name: n1
        forZones:
        - name: zone-a
        - name: zone-b
      hostname: web-0
      nodeName: n1
      targetRef:
        kind: Pod
        name: web-0
        namespace: default
        resourceVersion: "7"
        uid: 4443bd5f-524e-40ea-9b50-225a5ae3fd1a
      zone: zone-a
    - addresses:
      - fd00::3
      conditions: {}
    kind: EndpointSlice
    metadata:
      generateName: web-
      name: web-abc
      ownerReferences:
      - apiVersion: v1
        blockOwnerDeletion: true
        controller: true
        kind: Service
        name: web
        uid: fa724363-f00e-4a15-8c07-c50c8b1279ca
    ports:
    - name: ""
      port: 80
      protocol: TCP
    - appProtocol: kubernetes.io/h2c
      name: more
      protocol: SCTP

    """
  ),
  (
    "slice of names",
    """
    addressType: FQDN
    apiVersion: discovery.k8s.io/v1
    endpoints:
    - addresses:
      - db.example.com
      conditions: {}
    kind: EndpointSlice
    metadata:
      name: names
    ports: null

    """
  ),
  (
    "Event",
    """
    apiVersion: v1
    count: 3
    eventTime: null
    firstTimestamp: "2026-03-01T10:00:00Z"
    involvedObject:
      apiVersion: v1
      fieldPath: spec.containers{web}
      kind: Pod
      name: web-0
      namespace: default
    kind: Event
    lastTimestamp: "2026-03-01T10:05:00Z"
    message: Back-off restarting failed container
    metadata:
      name: web-0.18a
      namespace: default
    reason: BackOff
    reportingComponent: kubelet
    reportingInstance: n1
    source:
      component: kubelet
      host: n1
    type: Warning

    """
  ),
]

private let workloads: [(kind: String, text: String)] = [
  (
    "Deployment",
    """
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      finalizers:
      - example.com/hold
      generation: 4
      name: web
    spec:
      minReadySeconds: 5
      paused: true
      progressDeadlineSeconds: 60
      replicas: 0
      revisionHistoryLimit: 0
      selector:
        matchExpressions:
        - key: tier
          operator: In
          values:
          - front
          - back
        - key: old
          operator: DoesNotExist
        matchLabels:
          app: web
      strategy:
        rollingUpdate:
          maxSurge: 1
          maxUnavailable: 0
        type: RollingUpdate
      template:
        metadata:
          annotations:
            kubectl.kubernetes.io/restartedAt: "2026-03-01T10:00:00Z"
          labels:
            app: web
            tier: front
          name: ignored
        spec:
          containers:
          - image: web:1
            name: web
            resources: {}
          dnsPolicy: ClusterFirst
          nodeName: pinned
          restartPolicy: Always
          schedulerName: default-scheduler
          terminationGracePeriodSeconds: 30
    status:
      collisionCount: 1
      conditions:
      - lastTransitionTime: "2026-03-01T10:00:00Z"
        lastUpdateTime: "2026-03-01T10:00:00Z"
        message: Deployment does not have minimum availability.
        reason: MinimumReplicasUnavailable
        status: "False"
        type: Available
      observedGeneration: 4
      replicas: 2
      unavailableReplicas: 2

    """
  ),
  (
    "ReplicaSet",
    """
    apiVersion: apps/v1
    kind: ReplicaSet
    metadata:
      name: web-5d9
    spec:
      replicas: 3
      selector:
        matchLabels:
          app: web
      template:
        metadata: {}
        spec:
          containers: []
          dnsPolicy: Default
          restartPolicy: Always
          schedulerName: other
          terminationGracePeriodSeconds: 0
    status:
      conditions:
      - lastTransitionTime: "2026-03-01T10:00:00Z"
        message: quota
        reason: FailedCreate
        status: "True"
        type: ReplicaFailure
      replicas: 0

    """
  ),
  (
    "Pod",
    """
    apiVersion: v1
    kind: Pod
    metadata:
      deletionGracePeriodSeconds: 30
      name: web-0
    spec:
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
          - labelSelector:
              matchLabels:
                app: web
            topologyKey: kubernetes.io/hostname
      containers:
      - args:
        - --port=80
        command:
        - web
        env:
        - name: HOST
          valueFrom:
            fieldRef:
              apiVersion: v1
              fieldPath: status.hostIP
        - name: EMPTY
        image: web:1
        imagePullPolicy: IfNotPresent
        lifecycle:
          preStop:
            sleep:
              seconds: 5
        livenessProbe:
          exec:
            command:
            - "true"
          failureThreshold: 3
          periodSeconds: 10
          successThreshold: 1
          timeoutSeconds: 1
        name: web
        ports:
        - containerPort: 80
          hostIP: 127.0.0.1
          hostPort: 8080
          name: http
          protocol: TCP
        readinessProbe:
          failureThreshold: 1
          httpGet:
            path: /
            port: http
            scheme: HTTP
          initialDelaySeconds: 2
          periodSeconds: 3
          successThreshold: 1
          terminationGracePeriodSeconds: 5
          timeoutSeconds: 4
        resources:
          claims:
          - name: gpu
          limits:
            memory: 1.5Gi
          requests:
            cpu: 100m
        stdin: true
        terminationMessagePath: /dev/termination-log
        volumeMounts:
        - mountPath: /data
          name: data
      dnsConfig:
        options:
        - name: ndots
          value: "2"
      dnsPolicy: None
      hostNetwork: true
      hostname: web-0
      initContainers:
      - image: proxy:1
        name: proxy
        resources: {}
        restartPolicy: Always
        startupProbe:
          failureThreshold: 3
          periodSeconds: 10
          successThreshold: 1
          tcpSocket:
            port: 15020
          timeoutSeconds: 1
      nodeName: n1
      nodeSelector:
        disk: ssd
      priority: 0
      readinessGates:
      - conditionType: example.com/ready
      restartPolicy: Never
      schedulerName: default-scheduler
      securityContext: {}
      serviceAccount: web
      serviceAccountName: web
      subdomain: web
      terminationGracePeriodSeconds: 30
      tolerations:
      - effect: NoExecute
        key: node.kubernetes.io/not-ready
        operator: Exists
        tolerationSeconds: 300
      - key: a
        operator: Equal
        value: b
      - key: c
        value: d
      - operator: Exists
      topologySpreadConstraints:
      - maxSkew: 1
        topologyKey: zone
        whenUnsatisfiable: ScheduleAnyway
      volumes:
      - emptyDir: {}
        name: data
    status:
      conditions:
      - lastProbeTime: null
        lastTransitionTime: "2026-03-01T10:00:00Z"
        observedGeneration: 1
        status: "True"
        type: Ready
      containerStatuses:
      - containerID: containerd://1
        image: web:1
        imageID: sha256:1
        lastState:
          terminated:
            exitCode: 137
            finishedAt: "2026-03-01T10:00:00Z"
            reason: OOMKilled
            startedAt: null
        name: web
        ready: true
        restartCount: 2
        started: true
        state:
          running:
            startedAt: "2026-03-01T10:00:00Z"
      hostIP: 172.18.0.3
      hostIPs:
      - ip: 172.18.0.3
      - ip: fd00:18::3
      initContainerStatuses:
      - image: proxy:1
        imageID: ""
        lastState: {}
        name: proxy
        ready: false
        restartCount: 0
        state:
          waiting:
            reason: PodInitializing
      phase: Running
      podIP: 10.244.1.5
      podIPs:
      - ip: 10.244.1.5
      - ip: fd00:10:244:1::5
      qosClass: Burstable
      startTime: "2026-03-01T10:00:00Z"

    """
  ),
]

@Test(arguments: samples + workloads)
func `an object comes out as it went in`(kind: String, text: String) throws {
  let manifest = try object(text)
  #expect(manifest.fieldErrors == [])
  #expect(YAMLWriter.text(ManifestEncoder.value(of: manifest)) == text)
}

@Test(arguments: samples + workloads)
func `JSON and YAML of an object are the same object`(kind: String, text: String) throws {
  let yaml = try object(text)
  let json = try object(JSONWriter.text(yaml.value))
  #expect(json.content == yaml.content)
  #expect(json.value == yaml.value)
}

@Test func `several objects are wrapped in a list, and the list reads back`() throws {
  let reading = read((samples + workloads).map(\.text).joined(separator: "---\n"))
  let list = ManifestEncoder.list(reading.manifests.map { ManifestEncoder.value(of: $0) })
  let text = YAMLWriter.text(list)
  #expect(text.hasPrefix("apiVersion: v1\nitems:\n- apiVersion: v1\n  kind: Namespace\n"))
  #expect(text.hasSuffix("kind: List\nmetadata:\n  resourceVersion: \"\"\n"))
  #expect(read(text).manifests.map(\.content) == reading.manifests.map(\.content))
}
