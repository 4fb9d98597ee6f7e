/// How the lists of the API's kinds merge: `patchMergeKey` and `patchStrategy` of the API types
/// (staging/src/k8s.io/api/core/v1/types.go, discovery/v1, apps/v1).
struct MergeSchema {
  enum List: Hashable {
    /// The patch's list takes the old one's place.
    case atomic
    /// Items with an equal value of this field are the same item.
    case keyed(String)
    /// Texts, each once.
    case set
  }

  private let path: [String]
  /// False for kinds without built-in types, whose patches are plain JSON.
  let isStrategic: Bool

  init(kind: String, isStrategic: Bool = true) {
    path = [kind]
    self.isStrategic = isStrategic
  }

  private init(path: [String], isStrategic: Bool) {
    self.path = path
    self.isStrategic = isStrategic
  }

  /// The schema of a field; list items have their list's.
  func field(_ name: String) -> MergeSchema {
    MergeSchema(path: path + [name], isStrategic: isStrategic)
  }

  /// How the list at this place merges.
  var list: List {
    guard isStrategic, let name = path.last else { return .atomic }
    let parent = path.count > 1 ? path[path.count - 2] : ""
    switch name {
    case "finalizers" where parent == "metadata": return .set
    case "podCIDRs" where parent == "spec": return .set
    case "ownerReferences": return .keyed("uid")
    case "conditions": return .keyed("type")
    case "containers", "initContainers", "ephemeralContainers": return .keyed("name")
    case "env", "volumes", "imagePullSecrets": return .keyed("name")
    case "volumeMounts": return .keyed("mountPath")
    case "volumeDevices": return .keyed("devicePath")
    case "hostAliases": return .keyed("ip")
    case "topologySpreadConstraints": return .keyed("topologyKey")
    case "resourceClaims", "schedulingGates": return .keyed("name")
    case "taints" where path[0] == "Node": return .keyed("key")
    case "addresses" where path[0] == "Node": return .keyed("type")
    case "podIPs" where parent == "status": return .keyed("ip")
    case "ports": return ports(of: parent)
    default: return .atomic
    }
  }

  private func ports(of parent: String) -> List {
    switch parent {
    case "containers", "initContainers", "ephemeralContainers": .keyed("containerPort")
    case "spec" where path[0] == "Service": .keyed("port")
    default: .atomic
    }
  }

  /// Whether only the fields that the patch names stay (`patchStrategy: retainKeys`).
  var retainsOnlyNamedKeys: Bool {
    isStrategic && (path.last == "strategy" || path.last == "volumes")
  }
}
