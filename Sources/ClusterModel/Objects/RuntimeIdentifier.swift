/// The identifiers that a container runtime gives: 64 hexadecimal digits.
///
/// A runtime draws them; here they follow from the object, so that the same session has the same
/// ones and every tool shows the same one.
public enum RuntimeIdentifier {
  /// Of a pod's sandbox, which CNI plugins know the pod by.
  public static func sandbox(_ pod: ObjectMeta) -> String { digits(of: "sandbox \(pod.uid)") }

  public static func container(_ pod: ObjectMeta, _ name: String, restarts: Int) -> String {
    digits(of: "container \(pod.uid) \(name) \(restarts)")
  }

  public static func image(_ name: String) -> String { digits(of: "image \(name)") }

  /// The 13 digits that tables show.
  public static func short(_ identifier: String) -> String { String(identifier.prefix(13)) }

  private static func digits(of text: String) -> String {
    var digits = ""
    var state = text.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) {
      ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3
    }
    while digits.utf8.count < 64 {
      state = (state ^ (state >> 29)) &* 0xbf58_476d_1ce4_e5b9
      digits += String(state >> 60, radix: 16)
    }
    return digits
  }
}
