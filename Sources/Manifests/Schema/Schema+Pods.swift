extension Schema {
  static let pods = """
    Pod
      string: apiVersion kind
      ObjectMeta: metadata
      PodSpec: spec
      PodStatus: status
    PodSpec
      []Volume: volumes
      []Container: initContainers containers
      []EphemeralContainer: ephemeralContainers
      string: restartPolicy dnsPolicy serviceAccountName serviceAccount nodeName hostname
      string: subdomain schedulerName priorityClassName preemptionPolicy runtimeClassName
      string: hostnameOverride
      int64: terminationGracePeriodSeconds activeDeadlineSeconds
      int32: priority
      map[string]string: nodeSelector
      bool: automountServiceAccountToken hostNetwork hostPID hostIPC shareProcessNamespace
      bool: setHostnameAsFQDN enableServiceLinks hostUsers
      PodSecurityContext: securityContext
      []LocalObjectReference: imagePullSecrets
      Affinity: affinity
      []Toleration: tolerations
      []HostAlias: hostAliases
      PodDNSConfig: dnsConfig
      []PodReadinessGate: readinessGates
      map[string]Quantity: overhead
      []TopologySpreadConstraint: topologySpreadConstraints
      PodOS: os
      []PodSchedulingGate: schedulingGates
      []any: resourceClaims
      ResourceRequirements: resources
      any: workloadRef schedulingGroup
    HostAlias
      string: ip
      []string: hostnames
    PodOS
      string: name
    PodReadinessGate
      string: conditionType
    PodSchedulingGate
      string: name
    PodDNSConfig
      []string: nameservers searches
      []PodDNSConfigOption: options
    PodDNSConfigOption
      string: name value
    Toleration
      string: key operator value effect
      int64: tolerationSeconds
    TopologySpreadConstraint
      int32: maxSkew minDomains
      string: topologyKey whenUnsatisfiable nodeAffinityPolicy nodeTaintsPolicy
      LabelSelector: labelSelector
      []string: matchLabelKeys
    Affinity
      NodeAffinity: nodeAffinity
      PodAffinity: podAffinity podAntiAffinity
    NodeAffinity
      NodeSelector: requiredDuringSchedulingIgnoredDuringExecution
      []PreferredSchedulingTerm: preferredDuringSchedulingIgnoredDuringExecution
    NodeSelector
      []NodeSelectorTerm: nodeSelectorTerms
    NodeSelectorTerm
      []LabelSelectorRequirement: matchExpressions matchFields
    PreferredSchedulingTerm
      int32: weight
      NodeSelectorTerm: preference
    PodAffinity
      []PodAffinityTerm: requiredDuringSchedulingIgnoredDuringExecution
      []WeightedPodAffinityTerm: preferredDuringSchedulingIgnoredDuringExecution
    WeightedPodAffinityTerm
      int32: weight
      PodAffinityTerm: podAffinityTerm
    PodAffinityTerm
      LabelSelector: labelSelector namespaceSelector
      []string: namespaces matchLabelKeys mismatchLabelKeys
      string: topologyKey
    PodSecurityContext
      any: seLinuxOptions windowsOptions seccompProfile appArmorProfile
      int64: runAsUser runAsGroup fsGroup
      bool: runAsNonRoot
      []int64: supplementalGroups
      string: supplementalGroupsPolicy fsGroupChangePolicy seLinuxChangePolicy
      []Sysctl: sysctls
    Sysctl
      string: name value
    Volume
      string: name
      any: hostPath emptyDir gcePersistentDisk awsElasticBlockStore gitRepo secret nfs iscsi
      any: glusterfs persistentVolumeClaim rbd flexVolume cinder cephfs flocker downwardAPI fc
      any: azureFile configMap vsphereVolume quobyte azureDisk photonPersistentDisk projected
      any: portworxVolume scaleIO storageos csi ephemeral image
    """

  static let podParts =
    container("Container", "") + container("EphemeralContainer", "targetContainerName") + """

      ContainerPort
        string: name protocol hostIP
        int32: hostPort containerPort
      EnvFromSource
        string: prefix
        any: configMapRef secretRef
      EnvVar
        string: name value
        EnvVarSource: valueFrom
      EnvVarSource
        any: fieldRef resourceFieldRef configMapKeyRef secretKeyRef fileKeyRef
      ResourceRequirements
        map[string]Quantity: limits requests
        []any: claims
      VolumeMount
        string: name mountPath subPath mountPropagation subPathExpr recursiveReadOnly
        bool: readOnly
      VolumeDevice
        string: name devicePath
      Lifecycle
        LifecycleHandler: postStart preStop
        string: stopSignal
      LifecycleHandler
        ExecAction: exec
        HTTPGetAction: httpGet
        TCPSocketAction: tcpSocket
        SleepAction: sleep
      SleepAction
        int64: seconds
      ExecAction
        []string: command
      HTTPGetAction
        string: path host scheme
        IntOrString: port
        []HTTPHeader: httpHeaders
      HTTPHeader
        string: name value
      TCPSocketAction
        IntOrString: port
        string: host
      GRPCAction
        int32: port
        string: service
      Probe
        ExecAction: exec
        HTTPGetAction: httpGet
        TCPSocketAction: tcpSocket
        GRPCAction: grpc
        int32: initialDelaySeconds timeoutSeconds periodSeconds successThreshold failureThreshold
        int64: terminationGracePeriodSeconds
      SecurityContext
        Capabilities: capabilities
        bool: privileged runAsNonRoot readOnlyRootFilesystem allowPrivilegeEscalation
        any: seLinuxOptions windowsOptions seccompProfile appArmorProfile
        int64: runAsUser runAsGroup
        string: procMount
      Capabilities
        []string: add drop
      """

  /// Ephemeral containers have the fields of containers and one more.
  private static func container(_ name: String, _ more: String) -> String {
    """
    \(name)
      string: name image workingDir terminationMessagePath terminationMessagePolicy
      string: imagePullPolicy restartPolicy \(more)
      []string: command args
      []ContainerPort: ports
      []EnvFromSource: envFrom
      []EnvVar: env
      ResourceRequirements: resources
      []any: resizePolicy restartPolicyRules
      []VolumeMount: volumeMounts
      []VolumeDevice: volumeDevices
      Probe: livenessProbe readinessProbe startupProbe
      Lifecycle: lifecycle
      SecurityContext: securityContext
      bool: stdin stdinOnce tty

    """
  }

  static let podStatus = """
    PodStatus
      int64: observedGeneration
      string: phase message reason nominatedNodeName hostIP podIP qosClass resize
      []PodCondition: conditions
      []IPAddressOf: hostIPs podIPs
      Time: startTime
      []ContainerStatus: initContainerStatuses containerStatuses ephemeralContainerStatuses
      []any: resourceClaimStatuses
      any: extendedResourceClaimStatus resources
      map[string]Quantity: allocatedResources
    IPAddressOf
      string: ip
    PodCondition
      string: type status reason message
      int64: observedGeneration
      Time: lastProbeTime lastTransitionTime
    ContainerStatus
      string: name image imageID containerID stopSignal
      ContainerState: state lastState
      bool: ready started
      int32: restartCount
      map[string]Quantity: allocatedResources
      ResourceRequirements: resources
      []any: volumeMounts allocatedResourcesStatus
      any: user
    ContainerState
      ContainerStateWaiting: waiting
      ContainerStateRunning: running
      ContainerStateTerminated: terminated
    ContainerStateWaiting
      string: reason message
    ContainerStateRunning
      Time: startedAt
    ContainerStateTerminated
      int32: exitCode signal
      string: reason message containerID
      Time: startedAt finishedAt
    """
}
