import ClusterModel

extension Describer {
  mutating func configMap() {
    nameAndNamespace()
    labelsAndAnnotations()
    description.line(0, "")
    description.line(0, "Data")
    description.line(0, "====")
    for entry in value.fields("data").all {
      description.line(0, "\(entry.name):")
      description.line(0, "----")
      description.line(0, entry.value.scalarText ?? "")
      description.line(0, "")
    }
    description.line(0, "")
    description.line(0, "BinaryData")
    description.line(0, "====")
    for entry in value.fields("binaryData").all {
      description.line(0, "\(entry.name): \(Self.decodedLength(entry.value)) bytes")
    }
    description.line(0, "")
    events()
  }

  mutating func secret() {
    nameAndNamespace()
    labelsAndAnnotations()
    description.line(0, "")
    description.field("Type", value.optionalText("type") ?? "Opaque")
    description.line(0, "")
    description.line(0, "Data")
    description.line(0, "====")
    var lengths = value.fields("data").all.map { ($0.name, Self.decodedLength($0.value)) }
    // A manifest may give plain texts, which the API server would have encoded.
    for entry in value.fields("stringData").all {
      lengths.removeAll { $0.0 == entry.name }
      lengths.append((entry.name, entry.value.scalarText?.utf8.count ?? 0))
    }
    for (name, length) in lengths.sorted(by: { $0.0 < $1.0 }) {
      description.field(name, "\(length) bytes")
    }
  }

  /// How many bytes a text of base64 stands for.
  private static func decodedLength(_ value: Value) -> Int {
    let digits = (value.string ?? "").utf8.filter { $0 != UInt8(ascii: "=") && $0 > 32 }
    return digits.count * 3 / 4
  }

  mutating func serviceAccount() {
    nameAndNamespace()
    labelsAndAnnotations()
    let lists = [
      ("Image pull secrets:", "imagePullSecrets"), ("Mountable secrets: ", "secrets"),
      ("Tokens:            ", ""),
    ]
    for (title, field) in lists {
      let names = field.isEmpty ? [] : value.items(field).map { $0.text("name") }
      if names.isEmpty { description.line(0, title, "<none>") }
      for (index, name) in names.enumerated() {
        let isThere = context.store.kept["secrets"]?[metadata.namespace, name] != nil
        let head = index == 0 ? title : String(repeating: " ", count: title.count)
        description.line(0, head, isThere ? name : "\(name) (not found)")
      }
    }
    events()
  }
}
