import SimulationCore

/// Manifests as people write them, with their options drawn.
enum RandomManifests {
  static func deployment(_ name: String, _ random: inout RandomStream) -> String {
    """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: \(name)}
    spec:
      replicas: \(random.below(7))
      minReadySeconds: \(random.chance(1, in: 4) ? 4 : 0)
      revisionHistoryLimit: \(random.chance(1, in: 4) ? 1 : 10)
      strategy: \(strategy(&random))
      selector: {matchLabels: {app: \(name)}}
      template:
        metadata:
          labels: {app: \(name)}
          annotations: \(annotations(&random))
        spec:
          terminationGracePeriodSeconds: \(random.chance(1, in: 3) ? 2 : 30)
          containers:
          - name: server
            image: web:\(random.below(3))
            ports: [{containerPort: 8080, name: http}]
            readinessProbe: \(probe(&random))
    """
  }

  private static func strategy(_ random: inout RandomStream) -> String {
    [
      "{type: RollingUpdate}", "{type: Recreate}",
      "{rollingUpdate: {maxSurge: 0, maxUnavailable: 1}}",
      "{rollingUpdate: {maxSurge: 100%, maxUnavailable: 0}}",
    ][random.index(below: 4)]
  }

  private static func annotations(_ random: inout RandomStream) -> String {
    [
      "{}", "{kubarium.dev/startup-time: 0s}", "{kubarium.dev/startup-time: 6s}",
    ][random.index(below: 3)]
  }

  private static func probe(_ random: inout RandomStream) -> String {
    [
      "null", "{httpGet: {path: /, port: http}}",
      "{tcpSocket: {port: 8080}, initialDelaySeconds: 3, periodSeconds: 2, successThreshold: 2}",
    ][random.index(below: 3)]
  }

  /// One of the other workloads.
  static func workload(_ random: inout RandomStream) -> String {
    switch random.below(4) {
    case 0: statefulSet(&random)
    case 1: daemonSet(&random)
    case 2: job(&random)
    default:
      """
      apiVersion: v1
      kind: Service
      metadata: {name: all}
      spec:
        clusterIP: \(random.chance(1, in: 2) ? "None" : "\"\"")
        selector: {tier: \(random.chance(1, in: 2) ? "db" : "agent")}
        ports: [{port: 80, targetPort: http}]
      """
    }
  }

  private static func statefulSet(_ random: inout RandomStream) -> String {
    """
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {name: db}
    spec:
      replicas: \(random.below(4))
      serviceName: all
      podManagementPolicy: \(random.chance(1, in: 2) ? "Parallel" : "OrderedReady")
      selector: {matchLabels: {tier: db}}
      template:
        metadata: {labels: {tier: db}}
        spec:
          terminationGracePeriodSeconds: 5
          containers:
          - {name: server, image: "db:\(random.below(2))", ports: [{containerPort: 80, name: http}]}
    """
  }

  private static func daemonSet(_ random: inout RandomStream) -> String {
    """
    apiVersion: apps/v1
    kind: DaemonSet
    metadata: {name: agent}
    spec:
      selector: {matchLabels: {tier: agent}}
      updateStrategy: \(random.chance(1, in: 3) ? "{type: OnDelete}" : "{type: RollingUpdate}")
      template:
        metadata: {labels: {tier: agent}}
        spec:
          containers:
          - {name: server, image: "agent:\(random.below(2))", ports: [{containerPort: 80, name: http}]}
    """
  }

  private static func job(_ random: inout RandomStream) -> String {
    """
    apiVersion: batch/v1
    kind: Job
    metadata: {name: task}
    spec:
      completions: \(1 + random.below(4))
      parallelism: \(1 + random.below(3))
      completionMode: \(random.chance(1, in: 2) ? "Indexed" : "NonIndexed")
      template:
        metadata: {annotations: {kubarium.dev/exit-after: 4s}}
        spec:
          restartPolicy: Never
          containers: [{name: work, image: work}]
    """
  }

  /// A budget or a network policy.
  static func policy(_ name: String, _ random: inout RandomStream) -> String {
    guard random.chance(1, in: 2) else {
      return """
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata: {name: \(name)}
        spec:
          maxUnavailable: \(random.below(3))
          selector: {matchLabels: {app: \(name)}}
        """
    }
    return """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: \(name)}
      spec:
        podSelector: {matchLabels: {app: \(name)}}
        ingress: [{from: [{podSelector: {matchLabels: {app: green}}}]}]
      """
  }
}
