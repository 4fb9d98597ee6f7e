import ClusterModel

/// What a kind's names may look like (apimachinery pkg/util/validation).
enum NameRule {
  /// RFC 1123 label: 63 characters, no dots.
  case label
  /// RFC 1123 subdomain: 253 characters, dots between labels.
  case subdomain
  /// RFC 1035 label: as a label, but it begins with a letter.
  case dnsLabel
  /// Anything that can be a path segment: RBAC names.
  case pathSegment

  static func of(_ resource: APIResource) -> NameRule {
    switch resource.kind {
    case "Namespace": .label
    // Since 1.36 a Service's name may begin with a digit.
    case "Service": .label
    case "Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding": .pathSegment
    default: .subdomain
    }
  }

  /// What is wrong with `name`; nil when nothing is.
  func problem(with name: String) -> String? {
    // Nearly every name is a label of letters and digits, which every rule lets pass.
    if name.utf8.count <= 63, Self.isLabel(name[...]), name.utf8.first.map({ $0 > 57 }) ?? false {
      return nil
    }
    switch self {
    case .label:
      return name.utf8.count > 63 ? Self.tooLong(63) : Self.isLabel(name) ? nil : Self.labelText
    case .dnsLabel:
      if name.utf8.count > 63 { return Self.tooLong(63) }
      let first = name.utf8.first ?? 0
      return Self.isLabel(name) && (97...122).contains(first) ? nil : Self.dnsLabelText
    case .subdomain:
      if name.utf8.count > 253 { return Self.tooLong(253) }
      let parts = name.split(separator: ".", omittingEmptySubsequences: false)
      return parts.allSatisfy(Self.isLabel) ? nil : Self.subdomainText
    case .pathSegment:
      if name.isEmpty || name == "." || name == ".." { return "may not be '\(name)'" }
      if name.contains("/") { return "may not contain '/'" }
      return name.contains("%") ? "may not contain '%'" : nil
    }
  }

  private static func isLabel(_ text: String) -> Bool { isLabel(text[...]) }

  private static func isLabel(_ text: Substring) -> Bool {
    guard let first = text.utf8.first, let last = text.utf8.last else { return false }
    func isAlphanumeric(_ byte: UInt8) -> Bool {
      (97...122).contains(byte) || (48...57).contains(byte)
    }
    return isAlphanumeric(first) && isAlphanumeric(last)
      && text.utf8.allSatisfy { isAlphanumeric($0) || $0 == 45 }
  }

  private static func tooLong(_ limit: Int) -> String { "must be no more than \(limit) characters" }

  private static let labelText =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must "
    + "start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for "
    + "validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
  private static let dnsLabelText =
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "
    + "alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', "
    + "regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
  private static let subdomainText =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', "
    + "and must start and end with an alphanumeric character (e.g. 'example.com', regex used for "
    + "validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
}
