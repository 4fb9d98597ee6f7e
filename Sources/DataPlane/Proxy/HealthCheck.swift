import ClusterModel

/// What kube-proxy's server on a healthCheckNodePort answers
/// (pkg/proxy/healthcheck/service_health.go).
public struct HealthCheckAnswer: Hashable, Sendable {
  public var namespace: String
  public var service: String
  /// Ready endpoints on the node; terminating ones do not count.
  public var localEndpoints: Int

  public var status: Int { localEndpoints > 0 ? 200 : 503 }

  public var headers: [String] {
    [
      "Content-Type: application/json", "X-Content-Type-Options: nosniff",
      "X-Load-Balancing-Endpoint-Weight: \(localEndpoints)",
    ]
  }

  public var body: String {
    """
    {
    \t"service": {
    \t\t"namespace": "\(namespace)",
    \t\t"name": "\(service)"
    \t},
    \t"localEndpoints": \(localEndpoints),
    \t"serviceProxyHealthy": true
    }
    """
  }
}

extension DataPlane {
  /// The answer of the health check server on a node's port; nil where there is none: a kube-proxy
  /// that does not run has no servers either.
  public func healthCheck(on node: NodeIndex, port: UInt16) -> HealthCheckAnswer? {
    guard let servicePort = healthCheckPorts[port],
      nodeFacts.indices.contains(Int(node.value)), proxies[Int(node.value)].isRunning,
      let version = ports.version(of: servicePort, at: nodeFacts[Int(node.value)].programmed),
      version.definition >= 0,
      ports.definitions[Int(version.definition)].healthCheckNodePort == port
    else { return nil }
    let start = Int(version.start)
    let ready = ports.endpoints[start..<(start + Int(version.readyCount))]
    let identity = ports.identities[Int(servicePort)]
    return HealthCheckAnswer(
      namespace: identity.namespace, service: identity.service,
      localEndpoints: Set(ready.filter { $0.node == node.value }.map(\.address)).count)
  }
}
