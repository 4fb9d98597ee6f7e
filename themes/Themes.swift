/// The themes that the program carries.
public enum BuiltInThemes {
  /// The files of this folder by name, the default one first.
  public static let all: [(name: String, bytes: [UInt8])] = [
    (name: "dark", bytes: PackageResources.dark_yaml),
    (name: "light", bytes: PackageResources.light_yaml),
    (name: "mono", bytes: PackageResources.mono_yaml),
  ]
}
