extension Schema {
  /// Kinds that are kept as values: their fields are checked all the same.
  static let kept = """
    DaemonSet
      string: apiVersion kind
      ObjectMeta: metadata
      DaemonSetSpec: spec
      any: status
    DaemonSetSpec
      LabelSelector: selector
      PodTemplateSpec: template
      DaemonSetUpdateStrategy: updateStrategy
      int32: minReadySeconds revisionHistoryLimit
    DaemonSetUpdateStrategy
      string: type
      RollingUpdateDaemonSet: rollingUpdate
    RollingUpdateDaemonSet
      IntOrString: maxUnavailable maxSurge
    StatefulSet
      string: apiVersion kind
      ObjectMeta: metadata
      StatefulSetSpec: spec
      any: status
    StatefulSetSpec
      int32: replicas minReadySeconds revisionHistoryLimit
      LabelSelector: selector
      PodTemplateSpec: template
      []PersistentVolumeClaim: volumeClaimTemplates
      string: serviceName podManagementPolicy
      StatefulSetUpdateStrategy: updateStrategy
      StatefulSetPersistentVolumeClaimRetentionPolicy: persistentVolumeClaimRetentionPolicy
      StatefulSetOrdinals: ordinals
    StatefulSetUpdateStrategy
      string: type
      RollingUpdateStatefulSetStrategy: rollingUpdate
    RollingUpdateStatefulSetStrategy
      int32: partition
      IntOrString: maxUnavailable
    StatefulSetPersistentVolumeClaimRetentionPolicy
      string: whenDeleted whenScaled
    StatefulSetOrdinals
      int32: start
    Job
      string: apiVersion kind
      ObjectMeta: metadata
      JobSpec: spec
      any: status
    JobSpec
      int32: parallelism completions backoffLimit backoffLimitPerIndex maxFailedIndexes
      int32: ttlSecondsAfterFinished
      int64: activeDeadlineSeconds
      any: podFailurePolicy successPolicy
      LabelSelector: selector
      bool: manualSelector suspend
      PodTemplateSpec: template
      string: completionMode podReplacementPolicy managedBy
    CronJob
      string: apiVersion kind
      ObjectMeta: metadata
      CronJobSpec: spec
      any: status
    CronJobSpec
      string: schedule timeZone concurrencyPolicy
      int64: startingDeadlineSeconds
      bool: suspend
      JobTemplateSpec: jobTemplate
      int32: successfulJobsHistoryLimit failedJobsHistoryLimit
    JobTemplateSpec
      ObjectMeta: metadata
      JobSpec: spec
    NetworkPolicy
      string: apiVersion kind
      ObjectMeta: metadata
      NetworkPolicySpec: spec
      any: status
    NetworkPolicySpec
      LabelSelector: podSelector
      []NetworkPolicyIngressRule: ingress
      []NetworkPolicyEgressRule: egress
      []string: policyTypes
    NetworkPolicyIngressRule
      []NetworkPolicyPort: ports
      []NetworkPolicyPeer: from
    NetworkPolicyEgressRule
      []NetworkPolicyPort: ports
      []NetworkPolicyPeer: to
    NetworkPolicyPort
      string: protocol
      IntOrString: port
      int32: endPort
    NetworkPolicyPeer
      LabelSelector: podSelector namespaceSelector
      IPBlock: ipBlock
    IPBlock
      string: cidr
      []string: except
    Ingress
      string: apiVersion kind
      ObjectMeta: metadata
      IngressSpec: spec
      any: status
    IngressSpec
      string: ingressClassName
      IngressBackend: defaultBackend
      []IngressTLS: tls
      []IngressRule: rules
    IngressTLS
      []string: hosts
      string: secretName
    IngressBackend
      IngressServiceBackend: service
      TypedLocalObjectReference: resource
    IngressServiceBackend
      string: name
      ServiceBackendPort: port
    ServiceBackendPort
      string: name
      int32: number
    TypedLocalObjectReference
      string: apiGroup kind name
    IngressRule
      string: host
      HTTPIngressRuleValue: http
    HTTPIngressRuleValue
      []HTTPIngressPath: paths
    HTTPIngressPath
      string: path pathType
      IngressBackend: backend
    PodDisruptionBudget
      string: apiVersion kind
      ObjectMeta: metadata
      PodDisruptionBudgetSpec: spec
      any: status
    PodDisruptionBudgetSpec
      IntOrString: minAvailable maxUnavailable
      LabelSelector: selector
      string: unhealthyPodEvictionPolicy
    ConfigMap
      string: apiVersion kind
      ObjectMeta: metadata
      bool: immutable
      map[string]string: data binaryData
    Secret
      string: apiVersion kind type
      ObjectMeta: metadata
      bool: immutable
      map[string]string: data stringData
    ServiceAccount
      string: apiVersion kind
      ObjectMeta: metadata
      []ObjectReference: secrets
      []LocalObjectReference: imagePullSecrets
      bool: automountServiceAccountToken
    PersistentVolumeClaim
      string: apiVersion kind
      ObjectMeta: metadata
      PersistentVolumeClaimSpec: spec
      any: status
    PersistentVolumeClaimSpec
      []string: accessModes
      LabelSelector: selector
      VolumeResourceRequirements: resources
      string: volumeName storageClassName volumeMode volumeAttributesClassName
      TypedLocalObjectReference: dataSource
      any: dataSourceRef
    VolumeResourceRequirements
      map[string]Quantity: limits requests
    """
}
