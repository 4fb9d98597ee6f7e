import ClusterModel
import DataPlane

/// A device in the words of `ip addr` and `ip link` (iproute2 ip/ipaddress.c).
struct LinkText {
  private let device: NetworkDevice
  private let stack: NetworkStack

  init(_ device: NetworkDevice, _ stack: NetworkStack) {
    self.device = device
    self.stack = stack
  }

  // MARK: Whole texts

  func address(_ family: IPAddress.Family?, _ isBrief: Bool) -> String {
    let shown = addresses.filter { entry in family.map { $0 == entry.address.family } ?? true }
    if isBrief {
      let list = shown.map { "\($0.address)/\($0.prefixLength) " }.joined()
      return Self.padded(title, 16) + " " + Self.padded(state, 14) + " " + list + "\n"
    }
    if family != nil, shown.isEmpty { return "" }
    let head = "\(device.index): \(title): <\(flags)> mtu \(device.mtu) qdisc \(queue) "
    let tail = "\(master)state \(state) group default \(queueLength)\n"
    return head + tail + (family == nil ? "    \(linkLine)\n" : "") + shown.map(line).joined()
  }

  func link(_ isDetailed: Bool, _ isBrief: Bool) -> String {
    if isBrief {
      return Self.padded(title, 16) + " " + Self.padded(state, 14) + " \(hardware) <\(flags)> \n"
    }
    let head = "\(device.index): \(title): <\(flags)> mtu \(device.mtu) qdisc \(queue) "
    let tail = "\(master)state \(state) mode DEFAULT group default \(queueLength)\n"
    return head + tail + "    \(linkLine)\(isDetailed ? details : "")\n"
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  // MARK: Parts

  /// With the other end of a pair: its name, or its index where it is elsewhere.
  private var title: String {
    switch device.kind {
    case .veth(let peer, let name, _): "\(device.name)@\(name ?? "if\(peer)")"
    case .ipip: "\(device.name)@NONE"
    case .loopback, .ethernet, .bridge, .vxlan, .dummy: device.name
    }
  }

  private var flags: String {
    switch device.kind {
    case .loopback: "LOOPBACK,UP,LOWER_UP"
    case .ethernet, .bridge, .veth, .vxlan: "BROADCAST,MULTICAST,UP,LOWER_UP"
    case .ipip: "NOARP,UP,LOWER_UP"
    case .dummy: "BROADCAST,NOARP"
    }
  }

  private var queue: String {
    switch device.kind {
    case .ethernet: "fq_codel"
    case .dummy: "noop"
    case .loopback, .bridge, .veth, .vxlan, .ipip: "noqueue"
    }
  }

  private var state: String {
    switch device.kind {
    case .loopback, .vxlan, .ipip: "UNKNOWN"
    case .ethernet, .bridge, .veth: "UP"
    case .dummy: "DOWN"
    }
  }

  private var queueLength: String {
    switch device.kind {
    case .loopback, .ethernet, .bridge, .ipip: "qlen 1000"
    case .veth(_, let name, _): name == nil ? "" : "qlen 1000"
    case .vxlan, .dummy: ""
    }
  }

  private var master: String { device.master.map { "master \($0) " } ?? "" }

  private var hardware: String {
    switch device.kind {
    case .loopback: "00:00:00:00:00:00"
    case .ipip: "0.0.0.0"
    case .ethernet, .bridge, .veth, .vxlan, .dummy: "\(device.hardware)"
    }
  }

  private var linkLine: String {
    switch device.kind {
    case .loopback: "link/loopback \(hardware) brd \(hardware)"
    case .ipip: "link/ipip \(hardware) brd \(hardware)"
    case .veth(_, let name, let namespace):
      "link/ether \(hardware) brd ff:ff:ff:ff:ff:ff"
        + (name == nil ? " link-netnsid \(namespace)" : "")
    case .ethernet, .bridge, .vxlan, .dummy:
      "link/ether \(hardware) brd ff:ff:ff:ff:ff:ff"
    }
  }

  /// The device's addresses, with the link-local one that the kernel adds.
  private var addresses: [NetworkDevice.Address] {
    var all = device.addresses
    switch device.kind {
    case .ethernet, .bridge, .veth, .vxlan:
      all.append(.init(address: device.hardware.linkLocal, prefixLength: 64))
    case .loopback, .ipip, .dummy: break
    }
    return all
  }

  private func line(_ entry: NetworkDevice.Address) -> String {
    let forever = "       valid_lft forever preferred_lft forever\n"
    let range = "\(entry.address)/\(entry.prefixLength)"
    if entry.address.family == .ipv6 {
      let isLinkLocal = entry.address.high == 0xFE80 << 48
      let scope =
        entry.address.isLoopback
        ? "scope host noprefixroute" : isLinkLocal ? "scope link proto kernel_ll" : "scope global"
      return "    inet6 \(range) \(scope) \n" + forever
    }
    if device.kind == .loopback { return "    inet \(range) scope host lo\n" + forever }
    let broadcast =
      entry.hasBroadcast
      ? " brd \(CIDR(entry.address, prefixLength: entry.prefixLength).last)" : ""
    return "    inet \(range)\(broadcast) scope global \(device.name)\n" + forever
  }

  /// What `-d` adds: the kind of the device and its settings.
  private var details: String {
    let common =
      " promiscuity \(device.master == nil ? 0 : 1) allmulti \(device.master == nil ? 0 : 1) "
    let queues =
      "numtxqueues 1 numrxqueues 1 gso_max_size 65536 gso_max_segs 65535 tso_max_size 524280 "
      + "tso_max_segs 65535 gro_max_size 65536 gso_ipv4_max_size 65536 gro_ipv4_max_size 65536 "
    switch device.kind {
    case .loopback: return common + "minmtu 0 maxmtu 0 addrgenmode eui64 " + queues
    case .ethernet: return common + "minmtu 68 maxmtu 65535 addrgenmode eui64 " + queues
    case .bridge:
      return common + "minmtu 68 maxmtu 65535 \n    bridge forward_delay 1500 hello_time 200 "
        + "max_age 2000 ageing_time 30000 stp_state 0 priority 32768 vlan_filtering 0 "
        + "addrgenmode eui64 " + queues
    case .veth:
      let port =
        device.master == nil
        ? "" : "\n    bridge_slave state forwarding priority 32 cost 2 hairpin on "
      return common + "minmtu 68 maxmtu 65535 \n    veth \(port)addrgenmode eui64 " + queues
    case .vxlan(let identifier, let port, let parent):
      let number = identifier.map { "id \($0) " } ?? "external "
      let local =
        parent.flatMap { name in stack.devices.first { $0.name == name }?.addresses.first?.address }
      let ends = local.map { "local \($0) dev \(parent ?? "") " } ?? ""
      return common + "minmtu 68 maxmtu 65535 \n    vxlan \(number)\(ends)srcport 0 0 "
        + "dstport \(port) nolearning ttl auto ageing 300 udpcsum noudp6zerocsumtx "
        + "noudp6zerocsumrx addrgenmode eui64 " + queues
    case .ipip:
      return common + "minmtu 0 maxmtu 0 \n    ipip any remote any local any ttl inherit "
        + "nopmtudisc addrgenmode eui64 " + queues
    case .dummy:
      return common + "minmtu 0 maxmtu 0 \n    dummy addrgenmode eui64 " + queues
    }
  }
}
