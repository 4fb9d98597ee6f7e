/// What texts of the API may look like, in the words in which it refuses others
/// (apimachinery pkg/util/validation/validation.go).
///
/// Each function returns what is wrong; nothing for a good text.
public enum NameFormat {
  /// An RFC 1123 label: 63 bytes, no dots.
  public static func label(_ text: String) -> [String] {
    tooLong(text, 63) + (isLabel(text) ? [] : [labelText])
  }

  /// An RFC 1035 label: as a label, but it begins with a letter.
  public static func letterLabel(_ text: String) -> [String] {
    let isGood = isLabel(text) && isLower(text.utf8.first ?? 0)
    return tooLong(text, 63) + (isGood ? [] : [letterLabelText])
  }

  /// An RFC 1123 subdomain: 253 bytes, dots between labels.
  public static func subdomain(_ text: String) -> [String] {
    tooLong(text, 253) + (isSubdomain(text) ? [] : [subdomainText])
  }

  /// `*.` and a subdomain.
  public static func wildcardSubdomain(_ text: String) -> [String] {
    let isGood = text.hasPrefix("*.") && isSubdomain(String(text.dropFirst(2)))
    return tooLong(text, 253) + (isGood ? [] : [wildcardText])
  }

  /// Anything that can be a part of a path: the names of roles.
  public static func pathSegment(_ text: String) -> [String] {
    if text == "." || text == ".." { return ["may not be '\(text)'"] }
    return ["/", "%"].filter(text.contains).map { "may not contain '\($0)'" }
  }

  /// A label's key: `[PREFIX/]NAME`.
  public static func qualifiedName(_ text: String) -> [String] {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    var problems: [String] = []
    guard parts.count <= 2, let name = parts.last else {
      return [
        "a qualified name "
          + regexError(qualifiedNameText, qualifiedName, "MyName", "my.name", "123-abc")
          + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
      ]
    }
    if parts.count == 2 {
      if parts[0].isEmpty {
        problems.append("prefix part must be non-empty")
      } else {
        problems += subdomain(parts[0]).map { "prefix part \($0)" }
      }
    }
    if name.isEmpty {
      problems.append("name part must be non-empty")
    } else {
      problems += tooLong(name, 63).map { "name part \($0)" }
    }
    if !isLabelText(name) {
      problems.append(
        "name part " + regexError(qualifiedNameText, qualifiedName, "MyName", "my.name", "123-abc"))
    }
    return problems
  }

  /// A label's value: empty, or like the name of a key.
  public static func labelValue(_ text: String) -> [String] {
    tooLong(text, 63)
      + (text.isEmpty || isLabelText(text)
        ? []
        : [
          regexError(
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' "
              + "or '.', and must start and end with an alphanumeric character",
            "(\(qualifiedName))?", "MyValue", "my_value", "12345")
        ])
  }

  /// The name of a port, by which others refer to it.
  public static func portName(_ text: String) -> [String] {
    var problems = tooLong(text, 15)
    let bytes = Array(text.utf8)
    if bytes.isEmpty || !bytes.allSatisfy({ isLower($0) || isDigit($0) || $0 == hyphen }) {
      problems.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
    }
    if !bytes.contains(where: isLower) { problems.append("must contain at least one letter (a-z)") }
    if text.contains("--") { problems.append("must not contain consecutive hyphens") }
    if let first = bytes.first, let last = bytes.last, first == hyphen || last == hyphen {
      problems.append("must not begin or end with a hyphen")
    }
    return problems
  }

  /// The name of an environment variable: printable ASCII without an equals sign.
  public static func environmentName(_ text: String) -> [String] {
    text.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != 0x3D }
      ? []
      : [
        "a valid environment variable name must consist only of printable ASCII characters other "
          + "than '='"
      ]
  }

  /// A key of a ConfigMap or Secret.
  public static func configKey(_ text: String) -> [String] {
    var problems = tooLong(text, 253)
    let bytes = Array(text.utf8)
    if bytes.isEmpty || !bytes.allSatisfy({ isAlphanumeric($0) || [45, 46, 95].contains($0) }) {
      problems.append(
        regexError(
          "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
          "[-._a-zA-Z0-9]+", "key.name", "KEY_NAME", "key-name"))
    } else if text == "." || text == ".." {
      problems.append("must not be '\(text)'")
    } else if text.hasPrefix("..") {
      problems.append("must not start with '..'")
    }
    return problems
  }

  /// `25%`.
  public static func percent(_ text: String) -> [String] {
    let digits = text.utf8.dropLast()
    let isGood = text.hasSuffix("%") && !digits.isEmpty && digits.allSatisfy(isDigit)
    return isGood
      ? []
      : [
        regexError(
          "a valid percent string must be a numeric string followed by an ending '%'", "[0-9]+%",
          "1%", "93%")
      ]
  }

  public static func port(_ number: Int64) -> [String] {
    (1...65535).contains(number) ? [] : ["must be between 1 and 65535, inclusive"]
  }

  public static func address(_ text: String) -> [String] {
    IPAddress(text) == nil
      ? ["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"] : []
  }

  public static func range(_ text: String) -> [String] {
    CIDR(text) == nil
      ? ["must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"] : []
  }

  private static func tooLong(_ text: String, _ limit: Int) -> [String] {
    text.utf8.count > limit ? ["must be no more than \(limit) bytes"] : []
  }

  // MARK: Shapes

  private static let hyphen = UInt8(ascii: "-")

  private static func isLower(_ byte: UInt8) -> Bool { (97...122).contains(byte) }
  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    isLower(byte) || isDigit(byte) || (65...90).contains(byte)
  }

  private static func isLabel(_ text: String) -> Bool {
    guard let first = text.utf8.first, let last = text.utf8.last else { return false }
    func isEnd(_ byte: UInt8) -> Bool { isLower(byte) || isDigit(byte) }
    return isEnd(first) && isEnd(last) && text.utf8.allSatisfy { isEnd($0) || $0 == hyphen }
  }

  private static func isSubdomain(_ text: String) -> Bool {
    text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { isLabel(String($0)) }
  }

  private static func isLabelText(_ text: String) -> Bool {
    guard let first = text.utf8.first, let last = text.utf8.last else { return false }
    return isAlphanumeric(first) && isAlphanumeric(last)
      && text.utf8.allSatisfy { isAlphanumeric($0) || [45, 46, 95].contains($0) }
  }

  // MARK: Texts

  private static let qualifiedName = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
  private static let label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
  private static let qualifiedNameText =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
    + "alphanumeric character"
  private static let labelText = regexError(
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must "
      + "start and end with an alphanumeric character",
    label, "my-name", "123-abc")
  private static let letterLabelText = regexError(
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "
      + "alphabetic character, and end with an alphanumeric character",
    "[a-z]([-a-z0-9]*[a-z0-9])?", "my-name", "abc-123")
  private static let subdomainText = regexError(
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', "
      + "and must start and end with an alphanumeric character",
    "\(label)(\\.\(label))*", "example.com")
  private static let wildcardText = regexError(
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which "
      + "must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric "
      + "character",
    "\\*\\.\(label)(\\.\(label))*", "*.example.com")

  private static func regexError(_ message: String, _ pattern: String, _ examples: String...)
    -> String
  {
    let list = examples.map { "'\($0)', " }.joined(separator: " or ")
    return "\(message) (e.g. \(list)regex used for validation is '\(pattern)')"
  }
}
