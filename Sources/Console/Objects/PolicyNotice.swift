import ClusterModel
import Simulation

/// Flannel carries packets and leaves NetworkPolicy alone; who writes one should know.
enum PolicyNotice {
  /// Nil where the kind is another one or the CNI enforces policies.
  static func text(_ resource: APIResource, _ configuration: WorldConfiguration) -> String? {
    guard resource.kind == "NetworkPolicy" else { return nil }
    switch configuration.cni {
    case .flannel, .flannelHostGateway:
      return "Warning: \(configuration.cni.rawValue) does not enforce NetworkPolicy: it is kept "
        + "and has no effect; start with --cni calico or cilium"
    case .calico, .calicoVXLAN, .calicoBGP, .cilium, .ciliumNative: return nil
    }
  }
}
