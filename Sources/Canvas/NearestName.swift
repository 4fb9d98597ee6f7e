/// Returns the one of `names` that takes the fewest changed letters to become `name`, if that is
/// less than half of them; the first of several equally near.
public func nearestName(to name: String, among names: [String]) -> String? {
  let wanted = Array(name.lowercased().unicodeScalars.prefix(64))
  var best: (name: String, distance: Int)?
  for candidate in names {
    let letters = Array(candidate.lowercased().unicodeScalars.prefix(64))
    let distance = editDistance(wanted, letters)
    guard distance * 2 < max(wanted.count, letters.count) else { continue }
    if distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  return best?.name
}

/// How many letters two words differ by, up to 64 of each.
public func letterDistance(_ first: String, _ second: String) -> Int {
  editDistance(
    Array(first.lowercased().unicodeScalars.prefix(64)),
    Array(second.lowercased().unicodeScalars.prefix(64)))
}

/// The number of letters to insert, delete or replace to get from one word to the other.
private func editDistance(_ first: [Unicode.Scalar], _ second: [Unicode.Scalar]) -> Int {
  var row = Array(0...second.count)
  for (i, letter) in first.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, other) in second.enumerated() {
      let replaced = diagonal + (letter == other ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, diagonal + 1, row[j] + 1)
    }
  }
  return row[second.count]
}
