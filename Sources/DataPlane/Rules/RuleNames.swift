import ClusterModel
import Crypto

/// The names that kube-proxy and the CNI plugins derive by hashing.
enum RuleNames {
  /// The chains that iptables mode makes for a service port.
  enum ChainKind: String, Sendable {
    case cluster = "KUBE-SVC-"
    case local = "KUBE-SVL-"
    case external = "KUBE-EXT-"
    case firewall = "KUBE-FW-"
    case endpoint = "KUBE-SEP-"
  }

  /// The chain of a service port, such as `ns1/svc1:p80` (pkg/proxy/iptables/proxier.go
  /// portProtoHash), or of one of its endpoints, such as `10.180.0.1:80`.
  static func chainName(
    _ kind: ChainKind, _ port: String, _ transport: TransportProtocol, endpoint: String = ""
  ) -> String {
    kind.rawValue + hash(port + transport.lowercaseName + endpoint, length: 16)
  }

  /// What kube-proxy writes: one of `count` endpoints that are left.
  static func writtenProbability(count: Int) -> String {
    // Go's "%0.10f" of 1/n rounds half to even on the exact value; no 1/n is a tie.
    decimal(numerator: 1, denominator: UInt128(max(count, 1)), places: 10)
  }

  /// What `iptables-save` prints for it: the kernel keeps 31 bits of the number.
  static func printedProbability(count: Int) -> String {
    usualProbabilities.indices.contains(count)
      ? usualProbabilities[count] : makePrintedProbability(count: count)
  }

  private static let usualProbabilities = (0...256).map { makePrintedProbability(count: $0) }

  private static func makePrintedProbability(count: Int) -> String {
    let scale: UInt128 = 10_000_000_000
    let written = (scale + UInt128(max(count, 1)) / 2) / UInt128(max(count, 1))
    let kept = ((written << 31) + scale / 2) / scale
    return decimal(numerator: kept, denominator: 1 << 31, places: 11)
  }

  private static func decimal(numerator: UInt128, denominator: UInt128, places: Int) -> String {
    let scale = (0..<places).reduce(UInt128(1)) { product, _ in product * 10 }
    let rounded = (numerator * scale * 2 + denominator) / (denominator * 2)
    let digits = String(rounded % scale)
    return "\(rounded / scale)." + String(repeating: "0", count: places - digits.count) + digits
  }

  /// The kinds of nftables chains.
  enum NftKind: String, Sendable { case service, local, external, firewall, endpoint, affinity }

  /// `service-ULMVA6XW-ns1/svc1/tcp/p80`, for an endpoint with `__10.180.0.1/80` behind
  /// (pkg/proxy/nftables/proxier.go servicePortChainNameBase).
  static func nftName(
    _ kind: NftKind, _ identity: PortIdentity, endpoint: (IPAddress, UInt16)? = nil
  ) -> String {
    var base =
      "\(identity.namespace)/\(identity.service)/\(identity.transport.lowercaseName)/"
      + identity.portName
    if let (address, port) = endpoint {
      let text = String(address.description.map { $0 == ":" ? "." : $0 })
      base += "__\(text)/\(port)"
    }
    let name = "\(kind.rawValue)-\(hash(base, length: 8))-\(base)"
    return name.utf8.count > 240 ? String(name.prefix(237)) + "..." : name
  }

  /// Calico's host end of a pod's veth pair.
  static func calicoInterface(namespace: String, pod: String) -> String {
    "cali" + hexadecimalSHA1("\(namespace).\(pod)").prefix(11)
  }

  static func hexadecimalSHA1(_ text: String) -> String {
    Insecure.SHA1.hash(data: Array(text.utf8)).map { byte in
      let digits = String(byte, radix: 16)
      return byte < 16 ? "0" + digits : digits
    }.joined()
  }

  /// The first characters of the SHA-256 in base 32 (RFC 4648).
  private static func hash(_ text: String, length: Int) -> String {
    let (high, low) = hash(Array(text.utf8))
    return String(unsafeUninitializedCapacity: 16) { buffer in
      for place in 0..<16 {
        let word = place < 8 ? high : low
        buffer[place] = UInt8(truncatingIfNeeded: word >> UInt64(56 - place % 8 * 8))
      }
      return length
    }
  }

  /// The first 16 characters, a byte each.
  static func hash(_ text: [UInt8]) -> (UInt64, UInt64) {
    var bits: UInt128 = 0
    for (place, byte) in SHA256.hash(data: text).enumerated() {
      if place == 10 { break }
      bits = bits << 8 | UInt128(byte)
    }
    func word(_ bits: UInt64) -> UInt64 {
      var word: UInt64 = 0
      for place in 0..<8 {
        let digit = bits >> UInt64(35 - place * 5) & 31
        // `A` to `Z`, then `2` to `7`.
        word = word << 8 | (digit < 26 ? 65 + digit : 24 + digit)
      }
      return word
    }
    return (word(UInt64(bits >> 40)), word(UInt64(truncatingIfNeeded: bits) & 0xFF_FFFF_FFFF))
  }
}

/// The chains of a service port's endpoints.
struct EndpointHashes: Sendable {
  /// What all of them begin with.
  private let stem: [UInt8]

  init(_ port: ProgrammedPort) {
    stem = Array((port.name + port.definition.transport.lowercaseName).utf8)
  }

  func name(of backend: ProgrammedPort.Backend) -> ChainName {
    var text = stem
    text.write(backend.address, backend.port)
    return ChainName(endpointHash: RuleNames.hash(text))
  }
}
