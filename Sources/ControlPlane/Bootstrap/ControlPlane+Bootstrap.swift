import ClusterModel
import SimulationCore

/// Puts up a cluster that has been running for a while.
extension ControlPlane {
  /// Makes the planned nodes with the pods that kubeadm and the CNI put on them, all settled.
  public mutating func bootstrap(_ plan: ClusterPlan) {
    let time = Timestamp(seconds: api.startTime.seconds - plan.age)
    for name in ["default", "kube-node-lease", "kube-public", "kube-system"] {
      ensureNamespace(name, at: time)
    }
    let network = SystemPods.network(plan.cni)
    ensureNamespace(network.namespace, at: time)
    for namespace in api.store.namespaces.list() {
      var account = ServiceAccountsController.account(in: namespace.metadata.name)
      account.metadata.creationTimestamp = time
      load(.kept(account))
    }
    var allocators = settings.podSubnets.map { NodeCIDRAllocator(subnet: $0) }
    for index in allocators.indices {
      for services in settings.serviceSubnets { allocators[index].occupy(services) }
    }
    let planned = plan.nodes
    for node in planned {
      var blocks: [CIDR] = []
      for index in allocators.indices {
        if let block = allocators[index].allocateNext() { blocks.append(block) }
      }
      load(.node(NodeMaker.node(node, podCIDRs: blocks, at: time)))
    }
    continueIPAM(with: allocators)
    ensureServices(at: time)
    let daemonSets = makeDaemonSets(plan, count: planned.count, at: time)
    var specs = SystemSpecs()
    for node in planned {
      if node.group.isControlPlane {
        for pod in SystemPods.onControlPlane(node.name) {
          place(pod, on: node, owner: nil, &specs, at: time)
        }
      }
      for pod in [
        unused { SystemPods.proxy(suffix: $0) },
        unused { SystemPods.networkPod(plan.cni, suffix: $0) },
      ] {
        let owner = daemonSets[pod.namespace + "/" + ownerName(pod)]
        place(pod, on: node, owner: owner, &specs, at: time)
      }
    }
    if let first = planned.first { makeDNS(on: first, at: time) }
    settleEndpoints(at: time)
  }

  /// The controller has given the planned nodes their blocks: its cursors stand behind them.
  private mutating func continueIPAM(with allocators: [NodeCIDRAllocator]) {
    for index in runners.indices {
      guard var controller = runners[index].controller as? NodeIPAMController else { continue }
      controller.allocators = allocators
      runners[index].controller = controller
    }
  }

  /// A pod with a random name that no other has: among thousands two would draw the same.
  private mutating func unused(_ make: (String) -> SystemPod) -> SystemPod {
    var pod = make(api.names.suffix())
    while api.store.pods.id(namespace: pod.namespace, name: pod.name) != nil {
      pod = make(api.names.suffix())
    }
    return pod
  }

  /// Lists the endpoints of the Services that are there, as the controller did long ago.
  private mutating func settleEndpoints(at time: Timestamp) {
    var pods = PodsByLabel()
    for service in api.store.services.list() where service.selector != nil {
      let context = ReconcileContext(
        store: api.store, now: now, timestamp: time, observed: .max, lastWrite: 0, names: api.names)
      var reconciler = SliceReconciler(
        service, ServiceState(), context,
        candidates: pods.candidates(
          service.selector ?? Labels(), in: service.metadata.namespace, api.store))
      let writes = reconciler.reconcile().writes
      api.names = reconciler.names
      for write in writes { _ = api.carryOut(write.action, at: now) }
      for id in api.store.slices(of: NamespacedName(service.metadata)) {
        api.store.updateSlice(id, at: now) { $0.metadata.creationTimestamp = time }
      }
    }
  }

  private func ownerName(_ pod: SystemPod) -> String {
    switch pod.owner {
    case .daemonSet(let name), .replicaSet(let name): name
    case .node: ""
    }
  }

  /// Adds a namespace unless it is there.
  public mutating func ensureNamespace(_ name: String, at time: Timestamp) {
    guard api.store.namespaces["", name] == nil else { return }
    var metadata = ObjectMeta(name: name, labels: ["kubernetes.io/metadata.name": name])
    metadata.creationTimestamp = time
    var namespace = Namespace(metadata: metadata)
    namespace.otherSpec["finalizers"] = ["kubernetes"]
    load(.namespace(namespace))
  }

  /// Adds `default/kubernetes` at the first and `kube-system/kube-dns` at the tenth Service address
  /// where they are missing.
  public mutating func ensureServices(at time: Timestamp) {
    if api.store.services["default", "kubernetes"] == nil {
      var metadata = ObjectMeta(
        name: "kubernetes", namespace: "default",
        labels: ["component": "apiserver", "provider": "kubernetes"])
      metadata.creationTimestamp = time
      var service = Service(metadata: metadata)
      service.ports = [ServicePort(name: "https", port: 443, targetPort: .integer(6443))]
      settle(&service, addressAt: 1)
      load(.service(service))
      publishAPIServer(at: time)
    }
    if api.store.services["kube-system", "kube-dns"] == nil {
      var metadata = ObjectMeta(
        name: "kube-dns", namespace: "kube-system",
        labels: [
          "k8s-app": "kube-dns", "kubernetes.io/cluster-service": "true",
          "kubernetes.io/name": "CoreDNS",
        ])
      metadata.annotations = ["prometheus.io/port": "9153", "prometheus.io/scrape": "true"]
      metadata.creationTimestamp = time
      var service = Service(metadata: metadata)
      service.selector = ["k8s-app": "kube-dns"]
      service.ports = [
        ServicePort(name: "dns", transport: .udp, port: 53),
        ServicePort(name: "dns-tcp", port: 53),
        ServicePort(name: "metrics", port: 9153),
      ]
      settle(&service, addressAt: 10)
      load(.service(service))
    }
  }

  private func settle(_ service: inout Service, addressAt offset: UInt64) {
    guard let range = settings.serviceSubnets.first else { return }
    service.clusterIPs = [range.network.advanced(by: offset)]
    service.ipFamilies = [range.family]
    service.ipFamilyPolicy = "SingleStack"
    service.internalTrafficPolicy = .cluster
  }

  /// The slice that the API servers write themselves (pkg/controlplane/reconcilers).
  private mutating func publishAPIServer(at time: Timestamp) {
    let nodes = api.store.nodes.list().filter { $0.roles.contains("control-plane") }
    let servers = nodes.isEmpty ? Array(api.store.nodes.list().prefix(1)) : nodes
    let addresses = servers.compactMap { $0.internalIPs.first }
    guard !addresses.isEmpty, api.store.endpointSlices["default", "kubernetes"] == nil else {
      return
    }
    var metadata = ObjectMeta(
      name: "kubernetes", namespace: "default",
      labels: [EndpointSlice.serviceNameLabel: "kubernetes"])
    metadata.creationTimestamp = time
    var slice = EndpointSlice(metadata: metadata, addressType: addresses[0].family.name)
    slice.ports = [EndpointSlice.Port(name: "https", port: 6443)]
    slice.endpoints = addresses.map { address in
      var endpoint = Endpoint(address: address)
      endpoint.isReady = true
      return endpoint
    }
    load(.endpointSlice(slice))
    guard api.store.kept["endpoints"]?["default", "kubernetes"] == nil else { return }
    metadata.labels = [EndpointSliceMirroringController.skipLabel: "true"]
    let body: Fields = [
      "subsets": [
        [
          "addresses": .array(addresses.map { ["ip": .string("\($0)")] }),
          "ports": [["name": "https", "port": 6443, "protocol": "TCP"]],
        ]
      ]
    ]
    load(.kept(KeptObject(resource: EndpointsView.resource, metadata: metadata, body: body)))
  }

  private mutating func makeDaemonSets(
    _ plan: ClusterPlan, count: Int, at time: Timestamp
  ) -> [String: OwnerReference] {
    let network = SystemPods.network(plan.cni)
    var owners: [String: OwnerReference] = [:]
    let resource = APIResource.of(apiVersion: "apps/v1", kind: "DaemonSet")
    for (namespace, name, pod) in [
      ("kube-system", "kube-proxy", SystemPods.proxy(suffix: "")),
      (network.namespace, network.name, SystemPods.networkPod(plan.cni, suffix: "")),
    ] {
      var metadata = ObjectMeta(name: name, namespace: namespace, labels: pod.labels)
      metadata.labels["pod-template-generation"] = nil
      metadata.creationTimestamp = time
      metadata.generation = 1
      let number = Value.integer(Int64(count))
      let labels = Fields(metadata.labels.pairs.map { ($0.key, .string($0.value)) })
      let container: Value = [
        "image": .string(pod.container.image), "name": .string(pod.container.name),
      ]
      let body: Fields = Fields([
        (
          "spec",
          [
            "revisionHistoryLimit": 10, "selector": ["matchLabels": .object(labels)],
            "template": [
              "metadata": ["labels": .object(labels)],
              "spec": [
                "containers": [container], "hostNetwork": true,
                "nodeSelector": ["kubernetes.io/os": "linux"],
                "priorityClassName": .string(pod.priorityClass),
                "tolerations": [["operator": "Exists"]],
              ],
            ],
            "updateStrategy": [
              "rollingUpdate": ["maxSurge": 0, "maxUnavailable": 1], "type": "RollingUpdate",
            ],
          ]
        ),
        (
          "status",
          [
            "currentNumberScheduled": number, "desiredNumberScheduled": number,
            "numberAvailable": number, "numberMisscheduled": 0, "numberReady": number,
            "observedGeneration": 1, "updatedNumberScheduled": number,
          ]
        ),
      ])
      metadata.uid = api.names.uid()
      var spec = PodSpec(containers: [pod.container])
      spec.hostNetwork = pod.usesHostNetwork
      spec.nodeSelector = ["kubernetes.io/os": "linux"]
      spec.priorityClassName = pod.priorityClass
      spec.tolerations = [Toleration()]
      let template = PodTemplate(
        labels: metadata.labels, spec: Shared(PodAdmission.defaulted(spec)))
      metadata.annotations[DaemonSetController.generation] = "1"
      load(
        .kept(
          KeptObject(resource: resource, metadata: metadata, body: body, template: template)))
      owners["\(namespace)/\(name)"] = OwnerReference(
        apiVersion: "apps/v1", kind: "DaemonSet", name: name, uid: metadata.uid)
    }
    return owners
  }

  private mutating func place(
    _ system: SystemPod, on node: PlannedNode, owner: OwnerReference?,
    _ specs: inout SystemSpecs, at time: Timestamp
  ) {
    let (given, admitted) = specs.specs(of: system)
    var metadata = ObjectMeta(
      name: system.name, namespace: system.namespace, labels: system.labels)
    metadata.creationTimestamp = time
    if let owner {
      metadata.ownerReferences = [owner]
      metadata.generateName = "\(owner.name)-"
    } else if let uid = api.store.nodes["", node.name]?.metadata.uid {
      // A static pod: the API only mirrors what the kubelet runs.
      metadata.annotations = [
        "kubernetes.io/config.mirror": TemplateHash.of(
          PodTemplate(labels: system.labels, spec: given), collisions: 0),
        "kubernetes.io/config.source": "file",
      ]
      metadata.ownerReferences = [
        OwnerReference(
          apiVersion: "v1", kind: "Node", name: node.name, uid: uid, blockOwnerDeletion: nil)
      ]
    }
    run(metadata, admitted, on: node, at: time)
  }

  private mutating func makeDNS(on node: PlannedNode, at time: Timestamp) {
    var spec = PodSpec(
      containers: [SystemPods.dns(replicaSet: "", hash: "", suffix: "").container])
    spec.priorityClassName = "system-cluster-critical"
    spec.serviceAccountName = "coredns"
    spec.nodeSelector = ["kubernetes.io/os": "linux"]
    spec.tolerations = [
      Toleration(key: "CriticalAddonsOnly"),
      Toleration(key: "node-role.kubernetes.io/control-plane", effect: .noSchedule),
    ]
    let template = PodTemplate(
      labels: ["k8s-app": "kube-dns"], spec: Shared(PodAdmission.defaulted(spec)))
    let (replicaSet, hash) = makeDNSWorkload(template, at: time)
    let admitted = Shared(PodAdmission.admitted(template.spec.value))
    for _ in 0..<2 {
      let pod = SystemPods.dns(
        replicaSet: replicaSet.name, hash: hash, suffix: api.names.suffix())
      var metadata = ObjectMeta(name: pod.name, namespace: pod.namespace, labels: pod.labels)
      metadata.generateName = "\(replicaSet.name)-"
      metadata.creationTimestamp = time
      metadata.ownerReferences = [replicaSet]
      run(metadata, admitted, on: node, at: time)
    }
  }

  private mutating func makeDNSWorkload(
    _ template: PodTemplate, at time: Timestamp
  ) -> (OwnerReference, String) {
    let hash = TemplateHash.of(template, collisions: 0)
    var metadata = ObjectMeta(
      name: "coredns", namespace: "kube-system", labels: ["k8s-app": "kube-dns"])
    metadata.creationTimestamp = time
    metadata.generation = 1
    metadata.uid = api.names.uid()
    metadata.annotations[RolloutAnnotation.revision] = "1"
    var deployment = Deployment(
      metadata: metadata, selector: LabelSelector(matchLabels: ["k8s-app": "kube-dns"]),
      template: template)
    deployment.replicas = 2
    deployment.maxUnavailable = .integer(1)
    var own = ObjectMeta(name: "coredns-\(hash)", namespace: "kube-system", labels: template.labels)
    own.labels[TemplateHash.label] = hash
    own.creationTimestamp = time
    own.generation = 1
    own.uid = api.names.uid()
    own.annotations[RolloutAnnotation.revision] = "1"
    RolloutAnnotation.setSizes(of: deployment, on: &own.annotations)
    own.ownerReferences = [
      OwnerReference(apiVersion: "apps/v1", kind: "Deployment", name: "coredns", uid: metadata.uid)
    ]
    var ownTemplate = template
    ownTemplate.labels = own.labels
    var replicaSet = ReplicaSet(
      metadata: own, selector: LabelSelector(matchLabels: own.labels), template: ownTemplate)
    replicaSet.replicas = 2
    replicaSet.status = ReplicaSetStatus()
    replicaSet.status.replicas = 2
    replicaSet.status.fullyLabeledReplicas = 2
    replicaSet.status.readyReplicas = 2
    replicaSet.status.availableReplicas = 2
    replicaSet.status.terminatingReplicas = 0
    replicaSet.status.observedGeneration = 1
    settle(&deployment, replicaSet, at: time)
    load(.deployment(deployment))
    load(.replicaSet(replicaSet))
    return (
      OwnerReference(apiVersion: "apps/v1", kind: "ReplicaSet", name: own.name, uid: own.uid), hash
    )
  }

  private func settle(_ deployment: inout Deployment, _ replicaSet: ReplicaSet, at time: Timestamp)
  {
    deployment.status.observedGeneration = 1
    deployment.status.replicas = replicaSet.replicas
    deployment.status.updatedReplicas = replicaSet.replicas
    deployment.status.readyReplicas = replicaSet.replicas
    deployment.status.availableReplicas = replicaSet.replicas
    deployment.status.terminatingReplicas = 0
    deployment.status.conditions = [
      Condition(
        type: "Available", status: .true, reason: "MinimumReplicasAvailable",
        message: "Deployment has minimum availability.", lastTransitionTime: time,
        lastSeenTime: time),
      Condition(
        type: "Progressing", status: .true, reason: "NewReplicaSetAvailable",
        message: "ReplicaSet \"\(replicaSet.metadata.name)\" has successfully progressed.",
        lastTransitionTime: time, lastSeenTime: time),
    ]
  }

  /// Loads a pod as its kubelet would have brought it up.
  private mutating func run(
    _ metadata: ObjectMeta, _ spec: Shared<PodSpec>, on node: PlannedNode, at time: Timestamp
  ) {
    var pod = Pod(metadata: metadata, spec: spec, nodeName: node.name)
    pod.metadata.generation = 1
    if let zone = node.group.zone { pod.metadata.labels["topology.kubernetes.io/zone"] = zone }
    pod.status.qosClass = PodAdmission.qualityOfService(spec.value)
    PodStatusReport.starting(&pod, hostIPs: node.addresses, at: time)
    for index in spec.value.containers.indices {
      PodStatusReport.containerStarted(&pod, index, at: time)
      PodStatusReport.ready(&pod, index, at: time)
    }
    pod.status.conditions.set(PodStatusReport.readyToStart(pod, .true, time))
    PodStatusReport.running(&pod, at: time)
    if spec.value.hostNetwork {
      pod.status.podIPs = node.addresses
    } else if let id = api.store.nodes.id(namespace: "", name: node.name) {
      ensureAgent(of: id)
      pod.status.podIPs =
        (kubelets.pools.isEmpty
          ? kubelets.nodes[id]?.allocateAddresses() : addressesOfPools(id)) ?? []
    }
    load(.pod(pod))
  }
}
