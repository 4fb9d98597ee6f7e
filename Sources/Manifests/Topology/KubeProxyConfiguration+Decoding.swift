import ClusterModel

extension KubeProxyConfiguration {
  init(_ reader: inout FieldReader) {
    self.init()
    mode = reader.known("mode", ProxyMode.self)
    clusterCIDRs = reader.ranges("clusterCIDR")
    readNodePortAddresses(&reader)
    var iptables = reader.object("iptables")
    localhostNodePorts = iptables.optionalFlag("localhostNodePorts") ?? true
    self.iptables.read(&iptables)
    var ipvs = reader.object("ipvs")
    self.ipvs.read(&ipvs)
    let scheduler = ipvs.text("scheduler")
    if !scheduler.isEmpty { ipvsScheduler = scheduler }
    checkScheduler(ipvs)
    var nftables = reader.object("nftables")
    self.nftables.read(&nftables)
  }

  private mutating func readNodePortAddresses(_ reader: inout FieldReader) {
    nodePortAddresses = reader.texts("nodePortAddresses")
    for (index, text) in nodePortAddresses.enumerated()
    where CIDR(text) == nil && !(text == "primary" && nodePortAddresses.count == 1) {
      reader.errors.add(
        reader.path["nodePortAddresses"][index],
        "\"\(text)\" is no range of addresses; write ranges as 10.0.0.0/8, or 'primary' alone")
    }
  }

  private func checkScheduler(_ reader: FieldReader) {
    let known = ["rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "mh"]
    if !known.contains(ipvsScheduler) {
      reader.errors.add(
        reader.path["scheduler"],
        "unknown IPVS scheduler \"\(ipvsScheduler)\": known are \(known.joined(separator: ", "))")
    }
  }
}

extension KubeProxyConfiguration.ModeSettings {
  mutating func read(_ reader: inout FieldReader) {
    masqueradeAll = reader.flag("masqueradeAll")
    // Zero stands for an absent period, which has its default.
    if let period = reader.duration("syncPeriod"), period > 0 { syncPeriod = period }
    if let period = reader.duration("minSyncPeriod"), period > 0 { minSyncPeriod = period }
  }
}
