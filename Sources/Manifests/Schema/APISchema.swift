import ClusterModel

/// The fields of the API's kinds, for explaining them.
public enum APISchema {
  public struct Field: Sendable {
    public var name: String
    /// As `kubectl explain` spells it: `string`, `[]Container`, `map[string]string`.
    public var typeName: String
    /// The structure of the field or of its entries; nil for plain values.
    public var structure: String?
    public var isRequired: Bool
  }

  public struct Structure: Sendable {
    public var name: String
    /// Sorted by name.
    public var fields: [Field]

    public init(name: String, fields: [Field]) {
      self.name = name
      self.fields = fields
    }
  }

  /// Nil for a kind whose fields are not known.
  public static func type(of resource: APIResource) -> Structure? {
    Schema.api.structs[resource.kind] == nil ? nil : structure(resource.kind)
  }

  public static func structure(_ name: String) -> Structure {
    guard let found = Schema.api.structs[name] else { return Structure(name: name, fields: []) }
    let fields = found.names.compactMap { field -> Field? in
      guard let type = found.fields[field] else { return nil }
      return Field(
        name: field, typeName: type.explained, structure: type.structure,
        isRequired: (required[name] ?? []).contains(field))
    }
    return Structure(name: name, fields: fields)
  }

  /// The fields without which the API server takes no object.
  private static let required: [String: [String]] = [
    "Container": ["name"], "ContainerPort": ["containerPort"],
    "DaemonSetSpec": ["selector", "template"],
    "DeploymentSpec": ["selector", "template"], "EndpointSlice": ["addressType", "endpoints"],
    "Endpoint": ["addresses"], "EnvVar": ["name"], "HTTPGetAction": ["port"],
    "HTTPIngressPath": ["backend", "pathType"], "HTTPIngressRuleValue": ["paths"],
    "IPBlock": ["cidr"], "JobSpec": ["template"], "CronJobSpec": ["jobTemplate", "schedule"],
    "LabelSelectorRequirement": ["key", "operator"], "PodSpec": ["containers"],
    "ReplicaSetSpec": ["selector"], "ServicePort": ["port"],
    "StatefulSetSpec": ["selector", "template"], "TCPSocketAction": ["port"],
    "Taint": ["effect", "key"],
    "TopologySpreadConstraint": ["maxSkew", "topologyKey", "whenUnsatisfiable"],
    "VolumeMount": ["mountPath", "name"], "Volume": ["name"], "HTTPHeader": ["name", "value"],
  ]
}

extension Schema.FieldType {
  fileprivate var explained: String {
    switch self {
    case .string, .time: "string"
    case .bool: "boolean"
    case .int32, .int64: "integer"
    case .intOrString: "IntOrString"
    case .quantity: "Quantity"
    case .any: "Object"
    case .array(let element): "[]\(element.explained)"
    case .map(let element): "map[string]\(element.explained)"
    case .object(let name): name
    }
  }

  fileprivate var structure: String? {
    switch self {
    case .object(let name): name
    case .array(let element), .map(let element): element.structure
    case .string, .bool, .int32, .int64, .intOrString, .quantity, .time, .any: nil
    }
  }
}
