import ClusterModel
import ControlPlane
import Manifests
import Simulation

/// Where the verbs get their text from: tables, descriptions and data.
enum Rendering {
  static func json(_ value: Value) -> String { JSONWriter.text(value) }
  static func compactJSON(_ value: Value) -> String { JSONWriter.compactText(value) }
  static func yaml(_ value: Value) -> String { YAMLWriter.text(value) }
}
