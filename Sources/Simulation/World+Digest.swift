import ClusterModel
import ControlPlane
import DataPlane
import SimulationCore
import Traffic

extension World {
  /// A hash of the whole simulated state: equal digests mean equal states.
  public var digest: String {
    var hasher = StateHasher()
    hasher.combine(now)
    hasher.combine(seed)
    controlPlane.digest(into: &hasher)
    dataPlane.digest(into: &hasher)
    traffic.digest(into: &hasher)
    dnsCache.digest(into: &hasher)
    return hasher.digest
  }
}
