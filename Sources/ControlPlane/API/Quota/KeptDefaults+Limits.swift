import ClusterModel

/// Defaults of what limits pods, with quantities in the form the API gives them out in.
extension KeptDefaults {
  static func quota(_ spec: inout Fields) {
    spec["hard"] = spec["hard"].map(canonical)
  }

  /// pkg/apis/core/v1/defaults.go SetDefaults_LimitRangeItem.
  static func limits(_ spec: inout Fields) {
    guard let items = spec["limits"]?.array else { return }
    spec["limits"] = .array(
      items.map { item in
        guard var fields = item.fields else { return item }
        for name in ["default", "defaultRequest", "max", "maxLimitRequestRatio", "min"] {
          fields[name] = fields[name].map(canonical)
        }
        guard fields["type"] == "Container" else { return .object(fields) }
        fill(&fields, "default", from: "max")
        fill(&fields, "defaultRequest", from: "default")
        fill(&fields, "defaultRequest", from: "min")
        return .object(fields)
      })
  }

  private static func fill(_ item: inout Fields, _ name: String, from source: String) {
    var target = item[name]?.fields ?? Fields()
    for field in item[source]?.fields?.all ?? [] where target[field.name] == nil {
      target[field.name] = field.value
    }
    if !target.isEmpty { item[name] = .object(target) }
  }

  /// A map of quantities; what is none stays as it is written.
  private static func canonical(_ map: Value) -> Value {
    guard let fields = map.fields else { return map }
    return .object(
      Fields(
        fields.all.map { field in
          (field.name, QuantityText(field.value).map { .string($0.text) } ?? field.value)
        }))
  }
}
