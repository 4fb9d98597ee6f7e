import ClusterModel

/// Ranges, from the addresses that were taken out of them.
enum SubnetInference {
  /// So many addresses that were drawn at random tell a range from one that is sixteen times as
  /// large: by chance they would all lie in its first part once in 4,096 times.
  private static let fewest = 3
  /// The first addresses of a range are for those who choose one themselves (KEP-3070).
  private static let chosen: UInt64 = 256

  /// The range of the Services' addresses.
  ///
  /// The API server gives `default/kubernetes` the first address and draws the others, so the
  /// smaller of the usual ranges that begins there and holds them all is the likelier by far. Too
  /// few of them say nothing: then it is kubeadm's /12, or kind's /16.
  ///
  /// - Parameters:
  ///   - kubernetes: the address of `default/kubernetes`.
  ///   - others: those of other Services, of the same family.
  static func services(
    from kubernetes: IPAddress, _ others: [IPAddress], isKind: Bool
  ) -> CIDR? {
    // The last ones are for clusters that begin where no larger range does.
    let usual = kubernetes.family == .ipv4 ? [16, 12, 20, 24] : [112, 108, 116, 120]
    let fitting = usual.map { CIDR(kubernetes, prefixLength: $0) }.filter { range in
      range.network.advanced(by: 1) == kubernetes && others.allSatisfy(range.contains)
    }
    let band = kubernetes.advanced(by: chosen - 2)
    let isTelling = others.count { $0 > band } >= fewest
    if isTelling || isKind { return fitting.first }
    return fitting.first { $0.prefixLength == usual[1] } ?? fitting.first
  }

  /// The range that the nodes' ranges are cut from: kubeadm's, kind's and k3s's is a /16 (IPv6: a
  /// /56), and larger where that does not hold them all.
  static func pods(_ ranges: [CIDR]) -> CIDR? {
    guard let first = ranges.first else { return nil }
    let usual = first.family == .ipv4 ? [16, 12, 8] : [56, 48, 32]
    return usual.filter { $0 <= first.prefixLength }
      .map { CIDR(first.network, prefixLength: $0) }
      .first { range in ranges.allSatisfy { range.contains($0.network) } }
  }
}
