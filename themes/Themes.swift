/// The themes that the program carries.
public enum BuiltInThemes {
  /// The files of this folder by name, the default one first.
  public static let all: [(name: String, bytes: [UInt8])] = [
    (name: "dark", bytes: PackageResources.dark_yaml),
    (name: "light", bytes: PackageResources.light_yaml),
    (name: "harbour", bytes: PackageResources.harbour_yaml),
    (name: "ember", bytes: PackageResources.ember_yaml),
    (name: "moss", bytes: PackageResources.moss_yaml),
    (name: "paper", bytes: PackageResources.paper_yaml),
    (name: "frost", bytes: PackageResources.frost_yaml),
    (name: "projector-dark", bytes: PackageResources.projector_dark_yaml),
    (name: "projector-light", bytes: PackageResources.projector_light_yaml),
    (name: "safe-dark", bytes: PackageResources.safe_dark_yaml),
    (name: "safe-light", bytes: PackageResources.safe_light_yaml),
    (name: "contrast", bytes: PackageResources.contrast_yaml),
    (name: "mono", bytes: PackageResources.mono_yaml),
  ]
}
