/// The demos that the binary carries: a cluster's manifests and a script of commands each.
public struct Demo: Sendable {
  public let name: String
  /// One line for `kubarium demo list`.
  public let summary: String
  /// YAML, as `kubarium open` reads it.
  public let manifest: [UInt8]
  /// One command a line, as `kubarium exec` runs them; `#` begins a comment.
  public let commands: [UInt8]
}

public enum BuiltInDemos {
  /// A new demo is two files in this folder and one line here.
  public static let all: [Demo] = [
    Demo(
      name: "shop",
      summary: "A microservice shop: scale its front end and watch the traffic divide",
      manifest: PackageResources.shop_yaml, commands: PackageResources.shop_commands)
  ]

  /// What opens when nothing else is named.
  public static var standard: Demo { all[0] }
}
