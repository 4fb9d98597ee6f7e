import ClusterModel
import ControlPlane

/// A kind that a CustomResourceDefinition brings (apiextensions-apiserver).
struct CustomResource {
  let resource: APIResource
  let categories: [String]
  private let versions: [Value]

  init?(_ definition: KeptObject) {
    let spec = definition.body["spec"] ?? .null
    let names = spec["names"] ?? .null
    let served = (spec["versions"]?.array ?? []).filter { $0["served"] != false }
    guard let group = spec["group"]?.string, let kind = names["kind"]?.string,
      let plural = names["plural"]?.string, let version = Self.preferred(served)
    else { return nil }
    var resource = APIResource(
      group, version, kind, plural, short: names.texts("shortNames"),
      namespaced: spec["scope"] != "Cluster")
    if let singular = names["singular"]?.string, !singular.isEmpty { resource.singular = singular }
    self.resource = resource
    categories = names.texts("categories")
    versions = served
  }

  /// `v2` before `v1`, and these before `v1beta1` (apimachinery pkg/version CompareKubeAware).
  private static func preferred(_ versions: [Value]) -> String? {
    func rank(_ name: String) -> (stage: Int, major: Int, minor: Int) {
      let parts = name.dropFirst().split(whereSeparator: \.isLetter).compactMap { Int($0) }
      let stage = name.contains("alpha") ? 0 : name.contains("beta") ? 1 : 2
      return (stage, parts.first ?? 0, parts.dropFirst().first ?? 0)
    }
    return versions.compactMap { $0["name"]?.string }.max { rank($0) < rank($1) }
  }

  func isCalled(_ name: String) -> Bool {
    let version = "\(resource.version).\(resource.group)"
    return [
      resource.plural, resource.singular, resource.qualifiedPlural,
      resource.qualifiedSingular, "\(resource.plural).\(version)",
      "\(resource.singular).\(version)",
    ].contains(name) || resource.shortNames.contains(name)
  }

  /// The columns of `get` beside the name (tableconvertor.go).
  func columns(_ version: String) -> [Value] {
    let chosen = versions.first { $0["name"]?.string == version } ?? versions.first
    let columns = chosen?.items("additionalPrinterColumns") ?? []
    return columns.isEmpty
      ? [["jsonPath": ".metadata.creationTimestamp", "name": "Age", "type": "date"]] : columns
  }
}

extension ObjectStore {
  var customResources: [CustomResource] {
    (kept["customresourcedefinitions.apiextensions.k8s.io"]?.list() ?? [])
      .compactMap(CustomResource.init)
  }

  /// The kind under which objects of a custom resource are kept, with all its names.
  func held(_ custom: CustomResource) -> APIResource {
    let named = custom.resource
    let ruled = APIResource.of(apiVersion: named.apiVersion, kind: named.kind)
    var held = keptResources.first { $0.group == named.group && $0.kind == named.kind } ?? ruled
    held.shortNames = named.shortNames
    return held
  }
}
