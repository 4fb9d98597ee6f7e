/// How far apart two words are.
public enum EditDistance {
  /// Longer words are compared by their beginnings.
  public static let longest = 64

  /// The fewest letters to insert, delete or replace to get from one word to the other
  /// (Levenshtein), of their first `longest` letters.
  ///
  /// - Complexity: O(the product of both lengths).
  public static func between(_ left: String, _ right: String) -> Int {
    let left = left.unicodeScalars.prefix(longest)
    let right = Array(right.unicodeScalars.prefix(longest))
    var row = Array(0...right.count)
    for (number, letter) in left.enumerated() {
      var diagonal = row[0]
      row[0] = number + 1
      for (column, other) in right.enumerated() {
        let replaced = diagonal + (letter == other ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
      }
    }
    return row[right.count]
  }
}
