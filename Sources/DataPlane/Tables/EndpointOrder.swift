import ClusterModel

/// The order of a service port's endpoints: by the text of `IP:port`, as kube-proxy sorts them.
///
/// "10.0.0.10:80" comes before "10.0.0.2:80". Texts are compared as numbers, so that ten thousand
/// endpoints sort without making ten thousand strings.
enum EndpointOrder {
  /// A number that orders as the text does: all of an IPv4 text, the beginning of an IPv6 one.
  static func key(_ address: IPAddress, _ port: UInt16) -> UInt128 {
    address.family == .ipv4 ? v4Key(address.v4, port) : v6Key(address, port)
  }

  /// Up to 21 characters of four bits, from the left: 0 the end, 1 '.', 2 to 11 the digits, 12 ':'.
  private static func v4Key(_ address: UInt32, _ port: UInt16) -> UInt128 {
    var text: UInt64 = 0
    var length = 0
    for shift in [24, 16, 8, 0] as [UInt32] {
      let octet = octets[Int(address >> shift & 255)]
      text = text << octet.bits | octet.code
      length += Int(octet.bits)
    }
    // What ends the last number is a colon.
    text += 11
    let (digits, bits) = digits(of: UInt64(port))
    return UInt128(text) << (128 - length) | UInt128(digits) << (128 - length - Int(bits))
  }

  /// Each number of an address with the point after it.
  private static let octets: [(code: UInt64, bits: UInt64)] = (0...255).map { number in
    let (code, bits) = digits(of: UInt64(number))
    return (code << 4 | 1, bits + 4)
  }

  private static func digits(of number: UInt64) -> (code: UInt64, bits: UInt64) {
    var (code, bits, rest): (UInt64, UInt64, UInt64) = (0, 0, number)
    repeat {
      code |= (rest % 10 + 2) << bits
      bits += 4
      rest /= 10
    } while rest > 0
    return (code, bits)
  }

  /// The first 25 characters after the bracket, five bits each.
  private static func v6Key(_ address: IPAddress, _ port: UInt16) -> UInt128 {
    var key: UInt128 = 0
    var shift = 123
    for byte in "\(address)]:\(port)".utf8.prefix(25) {
      let code: UInt8 =
        switch byte {
        case 48...57: byte - 47
        case 58: 11
        case 93: 12
        default: byte - 84
        }
      key |= UInt128(code) << shift
      shift -= 5
    }
    return key
  }
}
