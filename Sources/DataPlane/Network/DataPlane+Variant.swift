import ClusterModel

extension DataPlane {
  /// The same cluster with another proxy mode or CNI: the same nodes, pods and services, and each
  /// node's rules as far as they have come. For comparing; nothing else changes.
  public func variant(proxyMode: ProxyMode? = nil, cni: CNI? = nil) -> DataPlane {
    var variant = self
    variant.configuration.proxyMode = proxyMode ?? configuration.proxyMode
    variant.configuration.cni = cni ?? configuration.cni
    variant.traits = PacketTraits(variant.configuration)
    for node in nodeFacts.indices {
      variant.nodeFacts[node].setSources(
        variant.configuration.cni, variant.configuration.proxyMode)
    }
    return variant
  }
}
