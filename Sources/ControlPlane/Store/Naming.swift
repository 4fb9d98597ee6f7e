import ClusterModel
import SimulationCore

/// Names the way the API server and the controllers make them.
public struct NameGenerator: Sendable {
  private var random: RandomStream

  init(seed: UInt64) { random = RandomStream(seed: seed, component: "names") }

  /// No vowels and nothing that looks like something else, so that no suffix reads as a word.
  /// Upstream: apimachinery pkg/util/rand.
  static let alphabet = Array("bcdfghjklmnpqrstvwxz2456789".utf8)

  /// `base` and five random characters; the base is cut to 58 characters.
  mutating func name(from base: String) -> String { String(base.prefix(58)) + suffix() }

  mutating func suffix(_ length: Int = 5) -> String {
    let bytes = (0..<length).map { _ in Self.alphabet[random.index(below: Self.alphabet.count)] }
    return String(decoding: bytes, as: UTF8.self)
  }

  mutating func uid() -> UID { UID(randomHigh: random.next(), randomLow: random.next()) }

  /// A decimal number written with the alphabet, as in `pod-template-hash`: only ten characters of
  /// it can occur. Upstream: rand.SafeEncodeString.
  static func safeEncoded(_ number: UInt32) -> String {
    let bytes = String(number).utf8.map { alphabet[Int($0) % alphabet.count] }
    return String(decoding: bytes, as: UTF8.self)
  }
}
