import ClusterModel
import Manifests
import SimulationCore
import Testing

@testable import Console
@testable import ControlPlane

/// Objects written as YAML, and what printers make of them.
struct PrintingSample {
  let objects: [StoredObject]
  var context: PrintContext

  /// - Parameter yaml: The documents; they need not be complete, as nothing admits them.
  init(_ yaml: String, now: String = "2026-01-01T01:00:00Z") {
    let reading = ManifestReader.read(Array(yaml.utf8), file: "sample.yaml")
    #expect(reading.errors.map(\.message) == [])
    objects = reading.manifests.compactMap { manifest in
      guard var object = manifest.object else { return nil }
      if object.resource.isNamespaced, object.metadata.namespace.isEmpty {
        object.metadata.namespace = "default"
      }
      return object
    }
    var store = ObjectStore()
    for object in objects { store.insert(object) }
    context = PrintContext(now: Timestamp(now) ?? Timestamp(seconds: 0), store: store)
  }

  /// The table of the objects of the first one's kind.
  func table(_ change: (inout PrintContext) -> Void = { _ in }) -> String {
    var context = context
    change(&context)
    guard let resource = objects.first?.resource else { return "" }
    let alike = objects.filter { $0.resource.qualifiedPlural == resource.qualifiedPlural }
    return printTable(resource, alike, context)
  }

  /// The cells of the first object's line, with those of `-o wide`.
  var wideCells: [String] { Self.cells(table { $0.isWide = true }, line: 1) }

  static func cells(_ table: String, line: Int) -> [String] {
    let lines = table.split(separator: "\n")
    guard line < lines.count else { return [] }
    // Columns are at least three spaces apart, and no cell of the samples has two in it.
    var cells: [String] = []
    var rest = lines[line][...]
    while let gap = rest.firstRange(of: "   ") {
      cells.append(String(rest[..<gap.lowerBound]))
      rest = rest[gap.upperBound...].drop { $0 == " " }
    }
    return cells + [String(rest)]
  }

  /// The description of the first object.
  var description: String { objects.first.map { describe($0, context) } ?? "" }
}

extension ObjectStore {
  fileprivate mutating func insert(_ object: StoredObject) {
    switch object {
    case .namespace(let object): insert(object, at: .zero)
    case .node(let object): insert(object, at: .zero)
    case .pod(let object): insert(object, at: .zero)
    case .replicaSet(let object): insert(object, at: .zero)
    case .deployment(let object): insert(object, at: .zero)
    case .service(let object): insert(object, at: .zero)
    case .endpointSlice(let object): insert(object, at: .zero)
    case .event(let object): insert(object, at: .zero)
    case .kept(let object): insert(object, at: .zero)
    }
  }
}
