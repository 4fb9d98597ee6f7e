import ClusterModel
import ControlPlane

/// A field selector as it is typed: `status.phase=Running,metadata.name!=web`
/// (apimachinery pkg/fields/selector.go).
struct FieldSelector: Hashable, Sendable {
  struct Term: Hashable, Sendable {
    var path: String
    var value: String
    var isEqual: Bool
  }

  var terms: [Term]

  static func parse(_ text: String) throws(CommandFailure) -> FieldSelector {
    var terms: [Term] = []
    for part in text.split(separator: ",").map({ String($0).trimmed }) where !part.isEmpty {
      if let (path, value) = part.divided(at: "!=") {
        terms.append(Term(path: path, value: value, isEqual: false))
      } else if let (path, value) = part.divided(at: "==") ?? part.divided(at: "=") {
        terms.append(Term(path: path, value: value, isEqual: true))
      } else {
        throw CommandFailure(
          "error: invalid selector: \(text.goQuoted); can't understand \(part.goQuoted)")
      }
    }
    return FieldSelector(terms: terms)
  }

  /// Refuses what the API server cannot select this kind by.
  func check(_ resource: APIResource) throws(CommandFailure) {
    for term in terms where !Self.fields(of: resource).contains(term.path) {
      let kind = "\(resource.group)/\(resource.version), Resource=\(resource.plural)"
      let selector = terms.map { "\($0.path)\($0.isEqual ? "=" : "!=")\($0.value)" }
      throw CommandFailure(
        "Error from server (BadRequest): Unable to find \(kind.goQuoted) that match label selector "
          + "\"\", field selector \(selector.joined(separator: ",").goQuoted): field label not "
          + "supported: \(term.path.printable)")
    }
  }

  func matches(_ object: StoredObject) -> Bool {
    if terms.isEmpty { return true }
    let value = ObjectCoding.value(of: object)
    return terms.allSatisfy { term in
      (Self.text(term.path, in: value) == term.value) == term.isEqual
    }
  }

  /// pkg/registry/core/pod/strategy.go and its siblings, pkg/apis/core/v1/conversion.go.
  private static func fields(of resource: APIResource) -> [String] {
    let common = ["metadata.name", "metadata.namespace"]
    switch resource.living {
    case .pod:
      return common + [
        "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName",
        "spec.hostNetwork", "status.phase", "status.podIP", "status.podIPs",
        "status.nominatedNodeName",
      ]
    case .event:
      return common + [
        "involvedObject.kind", "involvedObject.namespace", "involvedObject.name",
        "involvedObject.uid", "involvedObject.apiVersion", "involvedObject.resourceVersion",
        "involvedObject.fieldPath", "reason", "reportingComponent", "source", "type",
      ]
    case .node: return common + ["spec.unschedulable"]
    case .namespace: return common + ["status.phase"]
    case .replicaSet: return common + ["status.replicas"]
    case .service: return common + ["spec.clusterIP", "spec.type"]
    case .deployment, .endpointSlice, .kept: return common
    }
  }

  private static func text(_ path: String, in value: Value) -> String {
    if path == "source" { return value["source"]?["component"]?.string ?? "" }
    if path == "status.podIPs" { return value["status"]?["podIP"]?.string ?? "" }
    var found: Value? = value
    for name in path.split(separator: ".") { found = found?[String(name)] }
    switch found {
    case .string(let text): return text
    case .bool(let flag): return "\(flag)"
    case .integer(let number): return "\(number)"
    default: return path == "spec.unschedulable" || path == "spec.hostNetwork" ? "false" : ""
    }
  }
}
