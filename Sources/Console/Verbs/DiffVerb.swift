import ClusterModel
import ControlPlane
import Manifests
import Simulation

/// `diff -f`: what `apply` would change, as `diff -u -N` writes it (kubectl pkg/cmd/diff/diff.go).
///
/// The exit status is 1 when there are differences. The names of the temporary folders are drawn
/// at random by kubectl; here they are always the same.
struct DiffVerb: Verb {
  let name = "diff"
  let summary = "Diff the live version against a would-be applied version"
  let usage = "-f FILENAME"
  let examples = ["kubectl diff -f web.yaml"]
  let flags: [Flag] = [
    .filename, Flag("recursive", short: "R", .toggle, "Directories with what is below them"),
    .selector, Flag("server-side", .toggle, "Merge at the server"),
  ]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    guard call.values.isGiven("filename") else {
      throw CommandFailure("error: must specify one of -f and -k")
    }
    var manifests = try ManifestFiles(call).requests()
    if let text = call.values.text("selector") {
      let selector = try LabelSelectorText.parse(text)
      manifests.removeAll { !selector.matches($0.metadata.labels) }
    }
    for manifest in manifests {
      if let refusal = manifest.refusal { throw CommandFailure(refusal.kubectlText) }
      let (live, merged) = try versions(manifest, console.world)
      let name = Self.fileName(manifest)
      let difference = UnifiedDiff.text(
        live, merged, names: ("/tmp/LIVE-0/\(name)", "/tmp/MERGED-0/\(name)"),
        time: console.world.timestamp)
      guard !difference.isEmpty else { continue }
      transcript.output += "diff -u -N /tmp/LIVE-0/\(name) /tmp/MERGED-0/\(name)\n" + difference
      transcript.hasFailed = true
    }
  }

  private static func fileName(_ manifest: ReadManifest) -> String {
    let resource = manifest.resource
    let group = resource.group.isEmpty ? "" : "\(resource.group)."
    return "\(group)\(resource.version).\(resource.kind).\(manifest.metadata.namespace)."
      + manifest.metadata.name
  }

  /// The object as it is and as it would be; empty when it is not there.
  private func versions(_ manifest: ReadManifest, _ world: World) throws(CommandFailure)
    -> (live: String, merged: String)
  {
    var world = world
    let metadata = manifest.metadata
    let present = world.store.get(
      manifest.resource, namespace: metadata.namespace, name: metadata.name)
    let modified =
      present?.metadata.annotations[LastApplied.annotation] == nil
      ? manifest.value : manifest.withLastApplied
    let wanted = try ObjectCoding.object(
      from: present.map { ApplyVerb.merged($0, manifest, modified) } ?? manifest.value)
    let answer: StoredObject?
    do throws(APIError) {
      answer =
        wanted == present
        ? wanted : try world.request(present == nil ? .create(wanted) : .replace(wanted))
    } catch {
      throw CommandFailure(error.kubectlText)
    }
    func text(_ object: StoredObject?) -> String {
      guard var object else { return "" }
      // The version of the write that has not happened differs by itself.
      object.metadata.annotations[LastApplied.annotation] = nil
      if let present { object.metadata.resourceVersion = present.metadata.resourceVersion }
      return Rendering.yaml(ObjectCoding.value(of: object))
    }
    return (text(present), text(answer))
  }
}

/// Differences of two texts in the unified format, three lines around each.
enum UnifiedDiff {
  static func text(
    _ old: String, _ new: String, names: (old: String, new: String), time: Timestamp
  ) -> String {
    let (a, b) = (lines(of: old), lines(of: new))
    let edits = edits(a, b)
    guard edits.contains(where: { $0.kind != .same }) else { return "" }
    let stamp = "\(time)".replacing("T", with: " ").replacing("Z", with: ".000000000 +0000")
    return "--- \(names.old)\t\(stamp)\n+++ \(names.new)\t\(stamp)\n" + hunks(edits)
  }

  private enum Kind: String {
    case same = " "
    case removed = "-"
    case added = "+"
  }

  private struct Edit {
    var kind: Kind
    var line: String
  }

  private static func lines(of text: String) -> [String] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    return lines
  }

  /// By the longest common part; removals come before additions.
  ///
  /// - Complexity: O(n · m) of what lies between the equal ends.
  private static func edits(_ a: [String], _ b: [String]) -> [Edit] {
    let head = zip(a, b).prefix { $0 == $1 }.count
    let tail = zip(a.dropFirst(head).reversed(), b.dropFirst(head).reversed())
      .prefix { $0 == $1 }.count
    let (x, y) = (Array(a[head..<(a.count - tail)]), Array(b[head..<(b.count - tail)]))
    var lengths = Array(repeating: Array(repeating: 0, count: y.count + 1), count: x.count + 1)
    for i in x.indices.reversed() {
      for j in y.indices.reversed() {
        lengths[i][j] =
          x[i] == y[j] ? lengths[i + 1][j + 1] + 1 : max(lengths[i + 1][j], lengths[i][j + 1])
      }
    }
    var edits = a[..<head].map { Edit(kind: .same, line: $0) }
    var (i, j) = (0, 0)
    while i < x.count || j < y.count {
      if i < x.count, j < y.count, x[i] == y[j] {
        edits.append(Edit(kind: .same, line: x[i]))
        (i, j) = (i + 1, j + 1)
      } else if i < x.count, j == y.count || lengths[i + 1][j] >= lengths[i][j + 1] {
        edits.append(Edit(kind: .removed, line: x[i]))
        i += 1
      } else {
        edits.append(Edit(kind: .added, line: y[j]))
        j += 1
      }
    }
    return edits + a[(a.count - tail)...].map { Edit(kind: .same, line: $0) }
  }

  private static func hunks(_ edits: [Edit]) -> String {
    var text = ""
    var index = 0
    var (oldLine, newLine) = (0, 0)
    while index < edits.count {
      guard let change = edits[index...].firstIndex(where: { $0.kind != .same }) else { break }
      let start = max(index, change - 3)
      (oldLine, newLine) = (oldLine + start - index, newLine + start - index)
      var end = change
      while let next = edits[end...].firstIndex(where: { $0.kind != .same }), next - end <= 6 {
        end = next + 1
        if end == edits.count { break }
      }
      let stop = min(edits.count, end + 3)
      let hunk = edits[start..<stop]
      let old = hunk.filter { $0.kind != .added }.count
      let new = hunk.filter { $0.kind != .removed }.count
      text += "@@ -\(span(oldLine, old)) +\(span(newLine, new)) @@\n"
      text += hunk.map { $0.kind.rawValue + $0.line + "\n" }.joined()
      (oldLine, newLine, index) = (oldLine + old, newLine + new, stop)
    }
    return text
  }

  /// `first,count` from 1; the count is left out when it is one.
  private static func span(_ line: Int, _ count: Int) -> String {
    if count == 0 { return "\(line),0" }
    return count == 1 ? "\(line + 1)" : "\(line + 1),\(count)"
  }
}
