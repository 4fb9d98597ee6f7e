import ClusterModel

/// What a CustomResourceDefinition says when its kind is served
/// (apiextensions-apiserver pkg/controller/status/naming_controller.go).
enum DefinitionStatus {
  static func set(_ definition: inout KeptObject, at time: Timestamp) {
    var spec = definition.body["spec"]?.fields ?? Fields()
    var names = spec["names"]?.fields ?? Fields()
    let kind = names["kind"]?.string ?? ""
    if names["listKind"] == nil { names["listKind"] = .string("\(kind)List") }
    if names["singular"] == nil { names["singular"] = .string(kind.lowercased()) }
    spec["names"] = .object(names)
    if spec["conversion"] == nil { spec["conversion"] = ["strategy": "None"] }
    definition.body["spec"] = .object(spec)
    let stored = (spec["versions"]?.array ?? []).filter { $0["storage"]?.bool == true }
    definition.body["status"] = [
      "acceptedNames": .object(names),
      "conditions": [
        condition("NamesAccepted", "NoConflicts", "no conflicts found", time),
        condition(
          "Established", "InitialNamesAccepted", "the initial names have been accepted", time),
      ],
      "storedVersions": .array(stored.compactMap { $0["name"] }),
    ]
  }

  private static func condition(
    _ type: String, _ reason: String, _ message: String, _ time: Timestamp
  ) -> Value {
    [
      "lastTransitionTime": .string("\(time)"), "message": .string(message),
      "reason": .string(reason), "status": "True", "type": .string(type),
    ]
  }
}
