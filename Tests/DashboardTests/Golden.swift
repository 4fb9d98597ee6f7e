import Foundation
import Testing

/// Compares a picture with the file of that name in `Golden`; with RECORD_GOLDENS=1 in the
/// environment the file is written instead.
func expectGolden(
  _ picture: String, _ name: String, ending: String = ".txt",
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Golden")
  let file = folder.appendingPathComponent(name + ending).standardized
  if ProcessInfo.processInfo.environment["RECORD_GOLDENS"] == "1" {
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data((picture + "\n").utf8).write(to: file)
    return
  }
  guard let data = try? Data(contentsOf: file) else {
    Issue.record(
      "there is no Golden/\(name)\(ending); RECORD_GOLDENS=1 writes it",
      sourceLocation: sourceLocation)
    return
  }
  let expected = String(String(decoding: data, as: UTF8.self).dropLast())
  guard expected != picture else { return }
  Issue.record(
    "\(firstDifference(expected, picture))\nexpected:\n\(expected)\ngot:\n\(picture)",
    sourceLocation: sourceLocation)
}

/// Where two pictures part: counted from 1.
func firstDifference(_ expected: String, _ got: String) -> String {
  let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
  let new = got.split(separator: "\n", omittingEmptySubsequences: false)
  for row in 0..<max(old.count, new.count) {
    let left = row < old.count ? Array(old[row]) : []
    let right = row < new.count ? Array(new[row]) : []
    guard left != right else { continue }
    let same = zip(left, right).prefix { $0.0 == $0.1 }.count
    return "they differ first in row \(row + 1), column \(same + 1)"
  }
  return "they are equal"
}
