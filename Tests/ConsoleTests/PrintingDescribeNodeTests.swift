import ClusterModel
import Testing

@testable import Console

@Suite struct PrintingDescribeNodeTests {
  private static let node = """
    apiVersion: v1
    kind: Node
    metadata: {name: n1, creationTimestamp: "2026-01-01T00:00:00Z"}
    spec:
      podCIDRs: [10.244.0.0/24]
      taints: [{key: b, effect: NoSchedule}, {key: a, value: v, effect: NoExecute}]
    status:
      addresses: [{type: InternalIP, address: 172.18.0.2}]
      allocatable: {cpu: "2", memory: 2Gi, pods: "110"}
      conditions: [{type: Ready, status: "True", reason: KubeletReady, message: ready}]
      nodeInfo: {kubeletVersion: v1.36.2, architecture: amd64, operatingSystem: linux}
    ---
    apiVersion: coordination.k8s.io/v1
    kind: Lease
    metadata: {name: n1, namespace: kube-node-lease}
    spec: {holderIdentity: n1, renewTime: "2026-01-01T00:59:50.123456Z"}
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: web, creationTimestamp: "2026-01-01T00:59:00Z"}
    spec:
      nodeName: n1
      initContainers:
      - {name: first, image: i, resources: {requests: {cpu: "1"}}}
      - {name: side, image: i, restartPolicy: Always, resources: {requests: {cpu: 100m}}}
      containers:
      - {name: a, image: i, resources: {requests: {cpu: 250m, memory: 64Mi}, limits: {memory: 1Gi}}}
      - {name: b, image: i, resources: {requests: {memory: 64Mi}}}
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: over}
    spec: {nodeName: n1, containers: [{name: a, image: i, resources: {requests: {cpu: "1"}}}]}
    status: {phase: Succeeded}
    """

  @Test func `a Node shows what its pods take of it`() {
    #expect(
      PrintingSample(Self.node).description == """
        Name:               n1
        Roles:              <none>
        Labels:             <none>
        Annotations:        <none>
        CreationTimestamp:  Thu, 01 Jan 2026 00:00:00 +0000
        Taints:             a=v:NoExecute
                            b:NoSchedule
        Unschedulable:      false
        Lease:
          HolderIdentity:  n1
          AcquireTime:     <unset>
          RenewTime:       Thu, 01 Jan 2026 00:59:50 +0000
        Conditions:
          Type    Status  LastHeartbeatTime                 LastTransitionTime                Reason         Message
          ----    ------  -----------------                 ------------------                ------         -------
          Ready   True    Mon, 01 Jan 0001 00:00:00 +0000   Mon, 01 Jan 0001 00:00:00 +0000   KubeletReady   ready
        Addresses:
          InternalIP:  172.18.0.2
        Allocatable:
          cpu:     2
          memory:  2Gi
          pods:    110
        System Info:
          Machine ID:                 \("")
          System UUID:                \("")
          Boot ID:                    \("")
          Kernel Version:             \("")
          OS Image:                   \("")
          Operating System:           linux
          Architecture:               amd64
          Container Runtime Version:  \("")
          Kubelet Version:            v1.36.2
          Kube-Proxy Version:         \("")
        PodCIDR:                      10.244.0.0/24
        PodCIDRs:                     10.244.0.0/24
        Non-terminated Pods:          (1 in total)
          Namespace                   Name    CPU Requests  CPU Limits  Memory Requests  Memory Limits  Age
          ---------                   ----    ------------  ----------  ---------------  -------------  ---
          default                     web     1 (50%)       0 (0%)      128Mi (6%)       1Gi (50%)      60s
        Allocated resources:
          (Total limits may be over 100 percent, i.e., overcommitted.)
          Resource           Requests    Limits
          --------           --------    ------
          cpu                1 (50%)     0 (0%)
          memory             128Mi (6%)  1Gi (50%)
          ephemeral-storage  0 (0%)      0 (0%)
        Events:              <none>

        """)
  }

  @Test func `a Deployment shows its old and its new ReplicaSet`() {
    let template = { (image: String, hash: String) in
      """
      template: {metadata: {labels: {app: web\(hash)}}, spec: {containers: [{name: a, image: \(image)}]}}
      """
    }
    let replicaSets = [("web-2", "i:2", 30), ("web-1", "i:1", 20)].map { name, image, minute in
      """
      ---
      apiVersion: apps/v1
      kind: ReplicaSet
      metadata:
        name: \(name)
        creationTimestamp: "2026-01-01T00:\(minute):00Z"
        ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: \(Self.uid), controller: true}]
      spec:
        replicas: 2
        selector: {matchLabels: {app: web}}
        \(template(image, ", pod-template-hash: x"))
      status: {replicas: 1}

      """
    }
    let sample = PrintingSample(
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, uid: \(Self.uid)}
      spec:
        replicas: 2
        selector: {matchLabels: {app: web}}
        strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}
        \(template("i:2", ""))
      status:
        replicas: 3
        updatedReplicas: 1
        conditions: [{type: Available, status: "True", reason: Enough}]

      """ + replicaSets.joined())
    #expect(
      sample.description == """
        Name:                   web
        Namespace:              default
        CreationTimestamp:      Mon, 01 Jan 0001 00:00:00 +0000
        Labels:                 <none>
        Annotations:            <none>
        Selector:               app=web
        Replicas:               2 desired | 1 updated | 3 total | 0 available | 0 unavailable
        StrategyType:           RollingUpdate
        MinReadySeconds:        0
        RollingUpdateStrategy:  0 max unavailable, 1 max surge
        Pod Template:
          Labels:  app=web
          Containers:
           a:
            Image:         i:2
            Port:          <none>
            Host Port:     <none>
            Environment:   <none>
            Mounts:        <none>
          Volumes:         <none>
          Node-Selectors:  <none>
          Tolerations:     <none>
        Conditions:
          Type           Status  Reason
          ----           ------  ------
          Available      True    Enough
        OldReplicaSets:  web-1 (1/2 replicas created)
        NewReplicaSet:   web-2 (1/2 replicas created)
        Events:          <none>

        """)
  }

  private static let uid = "11111111-0000-4000-8000-000000000030"

  @Test func `a policy says what it lets through`() {
    let sample = PrintingSample(
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: p, creationTimestamp: "2026-01-01T00:00:00Z"}
      spec:
        podSelector: {}
        policyTypes: [Ingress, Egress]
        ingress:
        - from: [{podSelector: {matchLabels: {a: b}}, namespaceSelector: {}}, \
      {ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]
          ports: [{port: 80}, {port: 8000, endPort: 9000, protocol: UDP}]
        - {}
      """)
    #expect(
      sample.description == """
        Name:         p
        Namespace:    default
        Created on:   2026-01-01 00:00:00 +0000 UTC
        Labels:       <none>
        Annotations:  <none>
        Spec:
          PodSelector:     <none> (Allowing the specific traffic to all pods in this namespace)
          Allowing ingress traffic:
            To Port: 80/TCP
            To Port Range: 8000-9000/UDP
            From:
              NamespaceSelector: <none>
              PodSelector: a=b
            From:
              IPBlock:
                CIDR: 10.0.0.0/8
                Except: 10.1.0.0/16
            ----------
            To Port: <any> (traffic allowed to all ports)
            From: <any> (traffic not restricted by source)
          Allowing egress traffic:
            <none> (Selected pods are isolated for egress connectivity)
          Policy Types: Ingress, Egress

        """)
  }
}
