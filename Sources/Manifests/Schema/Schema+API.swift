extension Schema {
  /// The kinds that the simulation gives life to.
  static let api = Schema([
    metadata, workloads, pods, podParts, podStatus, nodes, services, kept,
  ])

  private static let metadata = """
    ObjectMeta
      string: name generateName namespace selfLink uid resourceVersion
      int64: generation deletionGracePeriodSeconds
      Time: creationTimestamp deletionTimestamp
      map[string]string: labels annotations
      []OwnerReference: ownerReferences
      []string: finalizers
      []any: managedFields
    OwnerReference
      string: apiVersion kind name uid
      bool: controller blockOwnerDeletion
    LabelSelector
      map[string]string: matchLabels
      []LabelSelectorRequirement: matchExpressions
    LabelSelectorRequirement
      string: key operator
      []string: values
    ObjectReference
      string: apiVersion kind namespace name uid resourceVersion fieldPath
    LocalObjectReference
      string: name
    KeptObject
      string: apiVersion kind
      ObjectMeta: metadata
    """

  private static let workloads = """
    Deployment
      string: apiVersion kind
      ObjectMeta: metadata
      DeploymentSpec: spec
      DeploymentStatus: status
    DeploymentSpec
      int32: replicas minReadySeconds revisionHistoryLimit progressDeadlineSeconds
      LabelSelector: selector
      PodTemplateSpec: template
      DeploymentStrategy: strategy
      bool: paused
    DeploymentStrategy
      string: type
      RollingUpdateDeployment: rollingUpdate
    RollingUpdateDeployment
      IntOrString: maxUnavailable maxSurge
    DeploymentStatus
      int64: observedGeneration
      int32: replicas updatedReplicas readyReplicas availableReplicas unavailableReplicas
      int32: terminatingReplicas collisionCount
      []DeploymentCondition: conditions
    DeploymentCondition
      string: type status reason message
      Time: lastUpdateTime lastTransitionTime
    ReplicaSet
      string: apiVersion kind
      ObjectMeta: metadata
      ReplicaSetSpec: spec
      ReplicaSetStatus: status
    ReplicaSetSpec
      int32: replicas minReadySeconds
      LabelSelector: selector
      PodTemplateSpec: template
    ReplicaSetStatus
      int64: observedGeneration
      int32: replicas fullyLabeledReplicas readyReplicas availableReplicas terminatingReplicas
      []ReplicaSetCondition: conditions
    ReplicaSetCondition
      string: type status reason message
      Time: lastTransitionTime
    PodTemplateSpec
      ObjectMeta: metadata
      PodSpec: spec
    """

  private static let nodes = """
    Namespace
      string: apiVersion kind
      ObjectMeta: metadata
      NamespaceSpec: spec
      NamespaceStatus: status
    NamespaceSpec
      []string: finalizers
    NamespaceStatus
      string: phase
      []any: conditions
    Node
      string: apiVersion kind
      ObjectMeta: metadata
      NodeSpec: spec
      NodeStatus: status
    NodeSpec
      string: podCIDR providerID externalID
      []string: podCIDRs
      bool: unschedulable
      []Taint: taints
      any: configSource
    Taint
      string: key value effect
      Time: timeAdded
    NodeStatus
      map[string]Quantity: capacity allocatable
      string: phase
      []NodeCondition: conditions
      []NodeAddress: addresses
      any: daemonEndpoints config
      NodeSystemInfo: nodeInfo
      []any: images volumesAttached runtimeHandlers
      []string: volumesInUse declaredFeatures
      any: features
    NodeCondition
      string: type status reason message
      Time: lastHeartbeatTime lastTransitionTime
    NodeAddress
      string: type address
    NodeSystemInfo
      string: machineID systemUUID bootID kernelVersion osImage containerRuntimeVersion
      string: kubeletVersion kubeProxyVersion operatingSystem architecture
      any: swap
    """

  private static let services = """
    Service
      string: apiVersion kind
      ObjectMeta: metadata
      ServiceSpec: spec
      ServiceStatus: status
    ServiceSpec
      []ServicePort: ports
      map[string]string: selector
      string: clusterIP type sessionAffinity loadBalancerIP externalName externalTrafficPolicy
      string: internalTrafficPolicy ipFamilyPolicy loadBalancerClass trafficDistribution
      []string: clusterIPs externalIPs loadBalancerSourceRanges ipFamilies
      int32: healthCheckNodePort
      bool: publishNotReadyAddresses allocateLoadBalancerNodePorts
      SessionAffinityConfig: sessionAffinityConfig
    ServicePort
      string: name protocol appProtocol
      int32: port nodePort
      IntOrString: targetPort
    SessionAffinityConfig
      ClientIPConfig: clientIP
    ClientIPConfig
      int32: timeoutSeconds
    ServiceStatus
      LoadBalancerStatus: loadBalancer
      []any: conditions
    LoadBalancerStatus
      []LoadBalancerIngress: ingress
    LoadBalancerIngress
      string: ip hostname ipMode
      []any: ports
    EndpointSlice
      string: apiVersion kind addressType
      ObjectMeta: metadata
      []Endpoint: endpoints
      []EndpointPort: ports
    Endpoint
      []string: addresses
      EndpointConditions: conditions
      string: hostname nodeName zone
      ObjectReference: targetRef
      map[string]string: deprecatedTopology
      EndpointHints: hints
    EndpointConditions
      bool: ready serving terminating
    EndpointHints
      []ForZone: forZones
      []ForNode: forNodes
    ForZone
      string: name
    ForNode
      string: name
    EndpointPort
      string: name protocol appProtocol
      int32: port
    Event
      string: apiVersion kind reason message type action reportingComponent reportingInstance
      ObjectMeta: metadata
      ObjectReference: involvedObject related
      EventSource: source
      Time: firstTimestamp lastTimestamp eventTime
      int32: count
      any: series
    EventSource
      string: component host
    """
}
