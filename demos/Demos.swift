/// The demos that the binary carries: a cluster's manifests, and what is told and typed.
public struct Demo: Sendable {
  public let name: String
  /// The file of the manifests, without its ending.
  public let cluster: String
  /// YAML, as `kubarium open` reads it.
  public let manifest: [UInt8]
  /// The steps of the show, as `kubarium demo play` reads them.
  public let script: [UInt8]
}

public enum BuiltInDemos {
  /// A new demo is a file `NAME.demo.yaml` in this folder and one line here.
  public static let all: [Demo] = [
    onShop("shop", PackageResources.shop_demo_yaml),
    onShop("endpoints", PackageResources.endpoints_demo_yaml),
    onShop("rollout", PackageResources.rollout_demo_yaml),
    onShop("selector", PackageResources.selector_demo_yaml),
  ]

  /// What opens when nothing else is named.
  public static var standard: Demo { all[0] }

  private static func onShop(_ name: String, _ script: [UInt8]) -> Demo {
    Demo(name: name, cluster: "shop", manifest: PackageResources.shop_yaml, script: script)
  }
}
