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

/// The number of letters to insert, delete, replace or swap with their neighbour to get from one
/// word to the other (optimal string alignment).
private func editDistance(_ first: [Unicode.Scalar], _ second: [Unicode.Scalar]) -> Int {
  var before = [Int](repeating: 0, count: second.count + 1)
  var last = Array(0...second.count)
  for i in first.indices {
    var row = [i + 1]
    for j in second.indices {
      var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (first[i] == second[j] ? 0 : 1))
      if i > 0, j > 0, first[i] == second[j - 1], first[i - 1] == second[j] {
        cost = min(cost, before[j - 1] + 1)
      }
      row.append(cost)
    }
    (before, last) = (last, row)
  }
  return last[second.count]
}
