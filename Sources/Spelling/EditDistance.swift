/// How far apart two words are.
public enum EditDistance {
  /// Longer words are compared by their beginnings.
  public static let longest = 64

  /// The fewest letters to insert, delete, replace or swap with their neighbour to get from one word
  /// to the other (optimal string alignment), of their first `longest` letters.
  ///
  /// - Complexity: O(the product of both lengths).
  public static func between(_ left: String, _ right: String) -> Int {
    let left = Array(left.unicodeScalars.prefix(longest))
    let right = Array(right.unicodeScalars.prefix(longest))
    var before = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    for i in left.indices {
      var row = [i + 1]
      for j in right.indices {
        var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (left[i] == right[j] ? 0 : 1))
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
          cost = min(cost, before[j - 1] + 1)
        }
        row.append(cost)
      }
      (before, last) = (last, row)
    }
    return last[right.count]
  }
}
