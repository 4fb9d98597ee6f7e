import ClusterModel
import ControlPlane

/// `--sort-by` (kubectl pkg/cmd/get/sorter.go).
enum ObjectSort {
  /// - Returns: false when no object has the field.
  static func sort(_ objects: inout [StoredObject], by path: String) throws(CommandFailure) -> Bool
  {
    var keyed: [(key: Value?, object: StoredObject)] = []
    var hasField = false
    for object in objects {
      let found = try Rendering.values(at: path, in: ObjectCoding.value(of: object))
      hasField = hasField || !found.isEmpty
      // What is null is sorted like what is missing.
      keyed.append((found.first == .null ? nil : found.first, object))
    }
    guard objects.isEmpty || hasField else { return false }
    // The position settles ties: the order of the API stays.
    let order = keyed.indices.sorted { left, right in
      if isLess(keyed[left].key, keyed[right].key) { return true }
      if isLess(keyed[right].key, keyed[left].key) { return false }
      return left < right
    }
    objects = order.map { keyed[$0].object }
    return true
  }

  /// What is missing comes first.
  static func isLess(_ left: Value?, _ right: Value?) -> Bool {
    switch (left, right) {
    case (nil, nil): false
    case (nil, _): true
    case (_, nil): false
    case (.integer(let a)?, .integer(let b)?): a < b
    case (.double(let a)?, .double(let b)?): a < b
    case (.bool(let a)?, .bool(let b)?): !a && b
    case (.string(let a)?, .string(let b)?): isLess(a, b)
    default: false
    }
  }

  private static func isLess(_ left: String, _ right: String) -> Bool {
    if let a = Quantity(left), let b = Quantity(right) { return a.milli < b.milli }
    return isNaturallyLess(left, right)
  }

  /// `web-2` before `web-10` (github.com/fvbommel/sortorder natsort.go).
  static func isNaturallyLess(_ left: String, _ right: String) -> Bool {
    var a = Array(left.utf8)[...]
    var b = Array(right.utf8)[...]
    while let first = a.first, let second = b.first {
      if isDigit(first), isDigit(second) {
        let (x, y) = (takeNumber(&a), takeNumber(&b))
        if x.count != y.count { return x.count < y.count }
        if x != y { return x.lexicographicallyPrecedes(y) }
      } else {
        if first != second { return first < second }
        a.removeFirst()
        b.removeFirst()
      }
    }
    return a.isEmpty && !b.isEmpty
  }

  /// The digits at the front without leading zeros.
  private static func takeNumber(_ bytes: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let digits = bytes.prefix(while: isDigit)
    bytes = bytes.dropFirst(digits.count)
    return digits.drop { $0 == 48 }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
}
