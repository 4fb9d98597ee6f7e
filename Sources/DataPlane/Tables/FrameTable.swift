/// Addresses and nodes of pods in four bytes each.
///
/// A frame is 256 addresses of one node's pods: there are so few that packets find them in a
/// processor's nearest caches, where the addresses themselves would not fit.
struct FrameTable: Sendable {
  struct Frame: Sendable {
    var firstAddress: UInt32
    var node: Int32
    /// A bit for each address that is not what it was when its code was given out.
    var changed: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    @inline(__always)
    func hasChanged(_ host: UInt32) -> Bool {
      let word =
        host < 128 ? (host < 64 ? changed.0 : changed.1) : (host < 192 ? changed.2 : changed.3)
      return word >> UInt64(host & 63) & 1 == 1
    }

    mutating func note(change host: UInt32) {
      let bit: UInt64 = 1 << UInt64(host & 63)
      switch host >> 6 {
      case 0: changed.0 |= bit
      case 1: changed.1 |= bit
      case 2: changed.2 |= bit
      default: changed.3 |= bit
      }
    }
  }

  /// Of what is no pod with an IPv4 address.
  static let none = UInt32.max

  private var frames: ContiguousArray<Frame> = []
  private var ids: [UInt64: UInt32] = [:]

  /// The pod behind a code, as long as it is what it was.
  @inline(__always)
  func find(_ code: UInt32) -> (address: UInt32, node: Int32)? {
    guard code != Self.none else { return nil }
    let frame = frames[Int(code >> 8)]
    let host = code & 255
    return frame.hasChanged(host) ? nil : (frame.firstAddress | host, frame.node)
  }

  mutating func code(of target: AddressTarget) -> UInt32 {
    guard target.flags == .isPod else { return Self.none }
    let key = Self.key(target)
    let id = ids[key] ?? UInt32(frames.count)
    if id == frames.count {
      // So many do not fit into a code.
      guard id < 1 << 24 - 1 else { return Self.none }
      ids[key] = id
      frames.append(Frame(firstAddress: target.v4 & ~255, node: target.owner))
    }
    return id << 8 | target.v4 & 255
  }

  /// The pod is about to be another one, or gone.
  mutating func note(change target: AddressTarget) {
    guard target.flags == .isPod, let id = ids[Self.key(target)] else { return }
    frames[Int(id)].note(change: target.v4 & 255)
  }

  private static func key(_ target: AddressTarget) -> UInt64 {
    UInt64(target.v4 >> 8) << 32 | UInt64(UInt32(bitPattern: target.owner))
  }
}
