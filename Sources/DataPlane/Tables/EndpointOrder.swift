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

  /// 21 characters of four bits: the end, '.', ten digits, ':'.
  private static func v4Key(_ address: UInt32, _ port: UInt16) -> UInt128 {
    var key: UInt128 = 0
    var shift = 124
    func put(_ code: UInt32) {
      key |= UInt128(code) << shift
      shift -= 4
    }
    func putNumber(_ number: UInt32) {
      var divisor: UInt32 = 1
      while number / divisor >= 10 { divisor *= 10 }
      while divisor > 0 {
        put(number / divisor % 10 + 2)
        divisor /= 10
      }
    }
    for byte in [24, 16, 8, 0] as [UInt32] {
      putNumber(address >> byte & 255)
      put(byte == 0 ? 12 : 1)
    }
    putNumber(UInt32(port))
    return key
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
