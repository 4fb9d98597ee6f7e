import ClusterModel
import ControlPlane

/// An object as kubectl makes it before the API server has filled in its defaults: what
/// `--dry-run=client -o yaml` prints.
struct ClientObject {
  let object: StoredObject
  /// Whether `-n` was given; kubectl leaves out the namespace that nobody asked for.
  let keepsNamespace: Bool

  var value: Value {
    var fields = ObjectCoding.value(of: object).fields ?? Fields()
    var metadata = fields["metadata"]?.fields ?? Fields()
    if !keepsNamespace { metadata["namespace"] = nil }
    fields["metadata"] = .object(metadata)
    var spec = fields["spec"]?.fields ?? Fields()
    switch object {
    case .pod: Self.clean(podSpec: &spec, isTemplate: false)
    case .deployment: Self.clean(deployment: &spec)
    case .service: Self.clean(service: &spec)
    case .namespace: spec = Fields()
    case .kept(let kept): spec = kept.body["spec"]?.fields ?? Fields()
    case .node, .replicaSet, .endpointSlice, .event: break
    }
    if fields["spec"] != nil || object.resource.living == .namespace {
      fields["spec"] = .object(spec)
    }
    fields["status"] = Self.status(of: object.resource)
    return .object(fields)
  }

  private static func clean(deployment spec: inout Fields) {
    spec["progressDeadlineSeconds"] = nil
    spec["revisionHistoryLimit"] = nil
    spec["strategy"] = [:]
    guard var template = spec["template"]?.fields else { return }
    var podSpec = template["spec"]?.fields ?? Fields()
    clean(podSpec: &podSpec, isTemplate: true)
    template["spec"] = .object(podSpec)
    spec["template"] = .object(template)
  }

  /// `run` names the policies itself; templates leave them to the server.
  private static func clean(podSpec spec: inout Fields, isTemplate: Bool) {
    spec["schedulerName"] = nil
    spec["terminationGracePeriodSeconds"] = nil
    if isTemplate {
      spec["dnsPolicy"] = nil
      spec["restartPolicy"] = nil
    }
    spec["containers"] = .array(
      (spec["containers"]?.array ?? []).map { container in
        guard var fields = container.fields, let ports = fields["ports"]?.array else {
          return container
        }
        fields["ports"] = .array(ports.map(withoutTCP))
        return .object(fields)
      })
  }

  private static func withoutTCP(_ port: Value) -> Value {
    guard var fields = port.fields, fields["protocol"] == "TCP" else { return port }
    fields["protocol"] = nil
    return .object(fields)
  }

  private static func clean(service spec: inout Fields) {
    if spec["sessionAffinity"] == "None" { spec["sessionAffinity"] = nil }
  }

  private static func status(of resource: APIResource) -> Value? {
    switch resource.kind {
    case "Pod", "Deployment", "Namespace", "Job", "CronJob", "ResourceQuota": [:]
    case "Service", "Ingress": ["loadBalancer": [:]]
    case "HorizontalPodAutoscaler": ["currentMetrics": .null, "desiredReplicas": 0]
    case "PodDisruptionBudget":
      ["currentHealthy": 0, "desiredHealthy": 0, "disruptionsAllowed": 0, "expectedPods": 0]
    default: nil
    }
  }
}
