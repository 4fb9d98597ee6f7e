import ClusterModel

/// Fields that say the same twice, one for old clients: a change of one changes the other
/// (pkg/registry/core/service/storage/storage.go normalizeClusterIPs).
enum LinkedFields {
  static func follow(_ value: Value, of resource: APIResource, replacing old: Value) -> Value {
    guard resource.living == .service, var spec = value["spec"]?.fields else { return value }
    let before = old["spec"]?.fields ?? Fields()
    let isSame = spec["clusterIP"] == before["clusterIP"]
    let (lists, held) = (spec["clusterIPs"], before["clusterIPs"])
    if lists == nil, isSame {
      spec["clusterIPs"] = held
    } else if !isSame, lists == held {
      let address = spec["clusterIP"]?.string ?? ""
      spec["clusterIPs"] = address.isEmpty ? nil : [.string(address)]
    }
    return value.setting("spec", .object(spec))
  }
}
