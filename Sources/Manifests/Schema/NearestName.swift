/// Finds the name that was probably meant.
public enum NearestName {
  /// The name of `names` with the fewest edits, when they are few enough for a slip.
  public static func of(_ wrong: String, in names: [String]) -> String? {
    guard wrong.utf8.count <= 64 else { return nil }
    let lowered = wrong.lowercased()
    let best = names.map { (distance: distance(lowered, $0.lowercased()), name: $0) }
      .min { ($0.distance, $0.name) < ($1.distance, $1.name) }
    guard let best, best.distance <= max(1, wrong.utf8.count / 3) else { return nil }
    return best.name
  }

  /// Insertions, deletions and replacements between two names (Levenshtein).
  static func distance(_ left: String, _ right: String) -> Int {
    let (left, right) = (Array(left.utf8), Array(right.utf8))
    var row = Array(0...right.count)
    for (leftIndex, leftByte) in left.enumerated() {
      var diagonal = row[0]
      row[0] = leftIndex + 1
      for (rightIndex, rightByte) in right.enumerated() {
        let replaced = diagonal + (leftByte == rightByte ? 0 : 1)
        diagonal = row[rightIndex + 1]
        row[rightIndex + 1] = min(replaced, diagonal + 1, row[rightIndex] + 1)
      }
    }
    return row[right.count]
  }
}
