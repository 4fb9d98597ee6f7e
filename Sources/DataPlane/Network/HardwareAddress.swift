import ClusterModel

/// The address of a network device on its link.
///
/// The kernel draws those of virtual devices by lot; here they follow from the device's name and
/// owner, so that they are the same each time.
public struct HardwareAddress: Hashable, Sendable, CustomStringConvertible {
  /// The lower 48 bits.
  let bits: UInt64

  init(_ bits: UInt64) { self.bits = bits & 0xFFFF_FFFF_FFFF }

  /// A locally administered one.
  init(of device: String) {
    let drawn = Self.hash(device)
    self.init((drawn & ~(3 << 40)) | (2 << 40))
  }

  /// One of a virtual machine's first device (52:54:00 is QEMU's).
  init(machine name: String) { self.init(0x5254_0000_0000 | (Self.hash(name) & 0xFF_FFFF)) }

  /// Calico gives every host end the same (felix/dataplane/linux/endpoint_mgr.go).
  static let calico = HardwareAddress(0xEEEE_EEEE_EEEE)

  /// The link-local IPv6 address that follows from it (RFC 4291, appendix A).
  public var linkLocal: IPAddress {
    let flipped = bits ^ (2 << 40)
    let (vendor, device) = (flipped >> 24, flipped & 0xFF_FFFF)
    return IPAddress(v6High: 0xFE80 << 48, low: (vendor << 40) | 0xFF_FE00_0000 | device)
  }

  private static func hash(_ text: String) -> UInt64 {
    var mixed = text.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) {
      ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3
    }
    mixed = (mixed ^ (mixed >> 33)) &* 0xff51_afd7_ed55_8ccd
    return mixed ^ (mixed >> 29)
  }

  public var description: String {
    (0..<6).map { place in
      let byte = bits >> UInt64((5 - place) * 8) & 0xFF
      return (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined(separator: ":")
  }
}
