import ClusterModel
import Spelling

/// The API groups that Kubernetes itself serves, and in which versions (kubectl api-versions).
///
/// Other groups belong to custom resources, of which any kind may exist.
enum ServedVersions {
  private static let versions: [String: [String]] = [
    "": ["v1"],
    "apps": ["v1"],
    "batch": ["v1"],
    "autoscaling": ["v2", "v1"],
    "policy": ["v1"],
    "extensions": [],
    "admissionregistration.k8s.io": ["v1"],
    "apiextensions.k8s.io": ["v1"],
    "apiregistration.k8s.io": ["v1"],
    "certificates.k8s.io": ["v1"],
    "coordination.k8s.io": ["v1"],
    "discovery.k8s.io": ["v1"],
    "events.k8s.io": ["v1"],
    "flowcontrol.apiserver.k8s.io": ["v1"],
    "networking.k8s.io": ["v1"],
    "node.k8s.io": ["v1"],
    "resource.k8s.io": ["v1"],
    "rbac.authorization.k8s.io": ["v1"],
    "scheduling.k8s.io": ["v1"],
    "storage.k8s.io": ["v1"],
  ]

  /// Groups whose kinds are all well known.
  private static let closedGroups = ["", "apps", "batch", "autoscaling", "discovery.k8s.io"]

  /// kubectl's complaint about a kind that nobody serves in this version; nil when it is served.
  static func complaint(apiVersion: String, kind: String) -> (message: String, suggestion: String)?
  {
    let parts = apiVersion.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    let (group, version) = parts.count == 2 ? (parts[0], parts[1]) : ("", apiVersion)
    guard parts.count <= 2, let served = versions[group] else {
      return parts.count <= 2 ? nil : problem(apiVersion, kind, "write GROUP/VERSION")
    }
    let homes = APIResource.wellKnown.filter { $0.kind == kind }
    let isKnownHere = homes.contains { $0.group == group }
    if served.contains(version), isKnownHere || !closedGroups.contains(group) { return nil }
    if let home = homes.first {
      return problem(apiVersion, kind, "use 'apiVersion: \(home.apiVersion)'")
    }
    if let nearest = NearestName.of(kind, in: APIResource.wellKnown.map(\.kind)),
      let home = APIResource.wellKnown.first(where: { $0.kind == nearest })
    {
      return problem(
        apiVersion, kind, "did you mean 'kind: \(nearest)' with 'apiVersion: \(home.apiVersion)'?")
    }
    return problem(apiVersion, kind, "ensure CRDs are installed first")
  }

  private static func problem(
    _ apiVersion: String, _ kind: String, _ advice: String
  ) -> (message: String, suggestion: String) {
    ("no matches for kind \"\(kind)\" in version \"\(apiVersion)\"", advice)
  }
}
