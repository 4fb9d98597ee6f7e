/// How a kind is named on the command line and in manifests.
public struct APIResource: Hashable, Sendable {
  /// Empty for the core group.
  public var group: String
  public var version: String
  public var kind: String
  /// Lower case, as in `kubectl get PLURAL`.
  public var plural: String
  public var singular: String
  public var shortNames: [String]
  public var isNamespaced: Bool
  /// Set when the simulation gives the kind life.
  public var living: ResourceKind

  public init(
    _ group: String, _ version: String, _ kind: String, _ plural: String, short: [String] = [],
    namespaced: Bool = true, living: ResourceKind = .kept
  ) {
    self.group = group
    self.version = version
    self.kind = kind
    self.plural = plural
    singular = kind.lowercased()
    shortNames = short
    isNamespaced = namespaced
    self.living = living
  }

  public var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

  /// `deployment.apps`, `service`: the kind as kubectl's verb lines print it.
  public var qualifiedSingular: String { group.isEmpty ? singular : "\(singular).\(group)" }
  /// `deployments.apps`, `services`: the kind as the API server's errors print it.
  public var qualifiedPlural: String { group.isEmpty ? plural : "\(plural).\(group)" }

  public static let namespaces = APIResource(
    "", "v1", "Namespace", "namespaces", short: ["ns"], namespaced: false, living: .namespace)
  public static let nodes = APIResource(
    "", "v1", "Node", "nodes", short: ["no"], namespaced: false, living: .node)
  public static let pods = APIResource("", "v1", "Pod", "pods", short: ["po"], living: .pod)
  public static let replicaSets = APIResource(
    "apps", "v1", "ReplicaSet", "replicasets", short: ["rs"], living: .replicaSet)
  public static let deployments = APIResource(
    "apps", "v1", "Deployment", "deployments", short: ["deploy"], living: .deployment)
  public static let services = APIResource(
    "", "v1", "Service", "services", short: ["svc"], living: .service)
  public static let endpointSlices = APIResource(
    "discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", living: .endpointSlice)
  public static let events = APIResource("", "v1", "Event", "events", short: ["ev"], living: .event)

  /// The kinds of a plain cluster that have objects, by group and name.
  public static let wellKnown: [APIResource] = [
    APIResource(
      "", "v1", "ComponentStatus", "componentstatuses", short: ["cs"], namespaced: false),
    APIResource("", "v1", "ConfigMap", "configmaps", short: ["cm"]),
    APIResource("", "v1", "Endpoints", "endpoints", short: ["ep"]),
    events,
    APIResource("", "v1", "LimitRange", "limitranges", short: ["limits"]),
    namespaces,
    nodes,
    APIResource(
      "", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", short: ["pvc"]),
    APIResource(
      "", "v1", "PersistentVolume", "persistentvolumes", short: ["pv"], namespaced: false),
    pods,
    APIResource("", "v1", "PodTemplate", "podtemplates"),
    APIResource("", "v1", "ReplicationController", "replicationcontrollers", short: ["rc"]),
    APIResource("", "v1", "ResourceQuota", "resourcequotas", short: ["quota"]),
    APIResource("", "v1", "Secret", "secrets"),
    APIResource("", "v1", "ServiceAccount", "serviceaccounts", short: ["sa"]),
    services,
    APIResource(
      "admissionregistration.k8s.io", "v1", "MutatingAdmissionPolicy", "mutatingadmissionpolicies",
      namespaced: false),
    APIResource(
      "admissionregistration.k8s.io", "v1", "MutatingAdmissionPolicyBinding",
      "mutatingadmissionpolicybindings",
      namespaced: false),
    APIResource(
      "admissionregistration.k8s.io", "v1", "MutatingWebhookConfiguration",
      "mutatingwebhookconfigurations",
      namespaced: false),
    APIResource(
      "admissionregistration.k8s.io", "v1", "ValidatingAdmissionPolicy",
      "validatingadmissionpolicies",
      namespaced: false),
    APIResource(
      "admissionregistration.k8s.io", "v1", "ValidatingAdmissionPolicyBinding",
      "validatingadmissionpolicybindings",
      namespaced: false),
    APIResource(
      "admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration",
      "validatingwebhookconfigurations",
      namespaced: false),
    APIResource(
      "apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions",
      short: ["crd", "crds"], namespaced: false),
    APIResource(
      "apiregistration.k8s.io", "v1", "APIService", "apiservices",
      namespaced: false),
    APIResource("apps", "v1", "ControllerRevision", "controllerrevisions"),
    APIResource("apps", "v1", "DaemonSet", "daemonsets", short: ["ds"]),
    deployments,
    replicaSets,
    APIResource("apps", "v1", "StatefulSet", "statefulsets", short: ["sts"]),
    APIResource(
      "autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", short: ["hpa"]),
    APIResource("batch", "v1", "CronJob", "cronjobs", short: ["cj"]),
    APIResource("batch", "v1", "Job", "jobs"),
    APIResource(
      "certificates.k8s.io", "v1", "CertificateSigningRequest", "certificatesigningrequests",
      short: ["csr"],
      namespaced: false),
    APIResource("coordination.k8s.io", "v1", "Lease", "leases"),
    endpointSlices,
    APIResource(
      "flowcontrol.apiserver.k8s.io", "v1", "FlowSchema", "flowschemas",
      namespaced: false),
    APIResource(
      "flowcontrol.apiserver.k8s.io", "v1", "PriorityLevelConfiguration",
      "prioritylevelconfigurations",
      namespaced: false),
    Ingress.classResource,
    Ingress.resource,
    APIResource(
      "networking.k8s.io", "v1", "IPAddress", "ipaddresses", short: ["ip"], namespaced: false),
    NetworkPolicy.resource,
    APIResource("networking.k8s.io", "v1", "ServiceCIDR", "servicecidrs", namespaced: false),
    APIResource(
      "node.k8s.io", "v1", "RuntimeClass", "runtimeclasses",
      namespaced: false),
    APIResource("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", short: ["pdb"]),
    APIResource(
      "rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings",
      namespaced: false),
    APIResource(
      "rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", namespaced: false),
    APIResource("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings"),
    APIResource("rbac.authorization.k8s.io", "v1", "Role", "roles"),
    APIResource(
      "resource.k8s.io", "v1", "DeviceClass", "deviceclasses",
      namespaced: false),
    APIResource(
      "resource.k8s.io", "v1", "ResourceClaim", "resourceclaims"),
    APIResource(
      "resource.k8s.io", "v1", "ResourceClaimTemplate", "resourceclaimtemplates"),
    APIResource(
      "resource.k8s.io", "v1", "ResourceSlice", "resourceslices",
      namespaced: false),
    APIResource(
      "scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", short: ["pc"],
      namespaced: false),
    APIResource(
      "storage.k8s.io", "v1", "CSIDriver", "csidrivers",
      namespaced: false),
    APIResource(
      "storage.k8s.io", "v1", "CSINode", "csinodes",
      namespaced: false),
    APIResource(
      "storage.k8s.io", "v1", "CSIStorageCapacity", "csistoragecapacities"),
    APIResource(
      "storage.k8s.io", "v1", "StorageClass", "storageclasses", short: ["sc"], namespaced: false),
    APIResource(
      "storage.k8s.io", "v1", "VolumeAttachment", "volumeattachments",
      namespaced: false),
    APIResource(
      "storage.k8s.io", "v1", "VolumeAttributesClass", "volumeattributesclasses",
      short: ["vac"],
      namespaced: false),
  ]

  /// The resource with this plural, singular, short name or `plural.group`; nil when unknown.
  public static func named(_ name: String) -> APIResource? {
    let name = name.lowercased()
    return wellKnown.first { resource in
      resource.plural == name || resource.singular == name || resource.shortNames.contains(name)
        || resource.qualifiedPlural == name || resource.qualifiedSingular == name
    }
  }

  /// The resource of a manifest's `apiVersion` and `kind`; a kind nobody knows gets a name by rule.
  public static func of(apiVersion: String, kind: String) -> APIResource {
    let parts = apiVersion.split(separator: "/", maxSplits: 1)
    let group = parts.count == 2 ? String(parts[0]) : ""
    let version = parts.last.map(String.init) ?? ""
    if let known = wellKnown.first(where: { $0.kind == kind && $0.group == group }) {
      var resource = known
      if resource.living == .kept { resource.version = version }
      return resource
    }
    return APIResource(
      group, version, kind, pluralized(kind.lowercased()),
      namespaced: !clusterScoped.contains("\(group)/\(kind)"))
  }

  /// Custom kinds of networking that stand outside namespaces.
  private static let clusterScoped: Set<String> = [
    "cilium.io/CiliumClusterwideNetworkPolicy", "cilium.io/CiliumLoadBalancerIPPool",
    "cilium.io/CiliumNode", "crd.projectcalico.org/BGPConfiguration",
    "crd.projectcalico.org/BGPPeer", "crd.projectcalico.org/FelixConfiguration",
    "crd.projectcalico.org/GlobalNetworkPolicy", "crd.projectcalico.org/IPPool",
    "gateway.networking.k8s.io/GatewayClass", "policy.networking.k8s.io/AdminNetworkPolicy",
    "policy.networking.k8s.io/BaselineAdminNetworkPolicy",
    "policy.networking.k8s.io/ClusterNetworkPolicy", "projectcalico.org/BGPConfiguration",
    "projectcalico.org/BGPPeer", "projectcalico.org/FelixConfiguration",
    "projectcalico.org/GlobalNetworkPolicy", "projectcalico.org/IPPool",
  ]

  private static func pluralized(_ word: String) -> String {
    if word.hasSuffix("s") { return word + "es" }
    if word.hasSuffix("y"), !"aeiou".contains(word.dropLast().last ?? "a") {
      return word.dropLast() + "ies"
    }
    return word + "s"
  }
}
