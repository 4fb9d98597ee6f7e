import ClusterModel
import ControlPlane
import Manifests
import Simulation

extension Rendering {
  static func parseJSON(_ text: String) -> Value? { ValueReader.value(of: text) }
  static func parseYAML(_ text: String) -> Value? { ValueReader.value(of: text) }

  static func table(
    _ objects: [StoredObject], of resource: APIResource, _ layout: TableLayout, _ world: World
  ) -> String {
    TextColumns().text([["NAME"]] + objects.map { [$0.metadata.name] })
  }
  static func describe(_ object: StoredObject, _ world: World, showsEvents: Bool) -> String {
    yaml(ObjectCoding.value(of: object))
  }
  static func age(of time: Timestamp, _ world: World) -> String {
    "\(world.timestamp.seconds - time.seconds)s"
  }
  static func jsonPath(_ template: String, _ value: Value, asJSON: Bool) throws(CommandFailure)
    -> String
  { "" }
  static func customColumns(_ columns: String, _ objects: [StoredObject], noHeaders: Bool)
    throws(CommandFailure) -> String
  { "" }
  static func values(at path: String, in value: Value) throws(CommandFailure) -> [Value] {
    var found: Value? = value
    for name in path.split(whereSeparator: { "{}.".contains($0) }) { found = found?[String(name)] }
    return found.map { [$0] } ?? []
  }
  static func plainText(_ value: Value) -> String {
    switch value {
    case .string(let text): text
    case .integer(let number): "\(number)"
    case .bool(let flag): "\(flag)"
    default: compactJSON(value)
    }
  }
}
