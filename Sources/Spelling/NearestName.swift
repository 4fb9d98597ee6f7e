/// Finds the name that was probably meant.
public enum NearestName {
  /// The name of `names` with the fewest edits, when they are few enough for a slip: one, or a third
  /// of the word. Case does not count; of equally near ones the first by name.
  public static func of(_ wrong: String, in names: [String]) -> String? {
    guard wrong.utf8.count <= EditDistance.longest else { return nil }
    let lowered = wrong.lowercased()
    let best = names.map { (distance: EditDistance.between(lowered, $0.lowercased()), name: $0) }
      .min { ($0.distance, $0.name) < ($1.distance, $1.name) }
    guard let best, best.distance <= max(1, wrong.utf8.count / 3) else { return nil }
    return best.name
  }
}
