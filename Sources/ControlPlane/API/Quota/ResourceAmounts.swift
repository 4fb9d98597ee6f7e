import ClusterModel

/// Amounts of resources by name, as in `status.used` of a ResourceQuota.
struct ResourceAmounts: Hashable, Sendable {
  struct Entry: Hashable, Sendable {
    var name: String
    var amount: QuantityText
  }

  /// Sorted by name, each name once.
  private(set) var entries: [Entry] = []

  init() {}

  /// The amounts of a map as manifests have it; what is no quantity is passed over.
  init(_ fields: Fields?) {
    entries = (fields?.all ?? []).compactMap { field in
      QuantityText(field.value).map { Entry(name: field.name, amount: $0) }
    }
  }

  init(_ list: ResourceList) {
    entries = list.entries.map { Entry(name: $0.name, amount: QuantityText($0.quantity)) }
  }

  var names: [String] { entries.map(\.name) }

  subscript(_ name: String) -> QuantityText? {
    get { entries.first { $0.name == name }?.amount }
    set {
      let place = entries.firstIndex { $0.name >= name } ?? entries.count
      let isPresent = place < entries.count && entries[place].name == name
      switch (newValue, isPresent) {
      case (let amount?, true): entries[place].amount = amount
      case (let amount?, false): entries.insert(Entry(name: name, amount: amount), at: place)
      case (nil, true): entries.remove(at: place)
      case (nil, false): break
      }
    }
  }

  mutating func add(_ other: ResourceAmounts) {
    for entry in other.entries {
      self[entry.name] = (self[entry.name] ?? QuantityText()) + entry.amount
    }
  }

  mutating func subtract(_ other: ResourceAmounts) {
    for entry in other.entries {
      self[entry.name] = (self[entry.name] ?? QuantityText()) - entry.amount
    }
  }

  /// Takes over what the other has more of.
  mutating func raise(to other: ResourceAmounts) {
    for entry in other.entries {
      self[entry.name] = QuantityText.max(self[entry.name] ?? QuantityText(), entry.amount)
    }
  }

  /// What concerns these names alone (apiserver pkg/quota/v1/resources.go Mask).
  func masked(by names: [String]) -> ResourceAmounts {
    var masked = ResourceAmounts()
    masked.entries = entries.filter { names.contains($0.name) }
    return masked
  }

  /// `pods=1,requests.cpu=100m` (admission/plugin/resourcequota/controller.go prettyPrint).
  var text: String { entries.map { "\($0.name)=\($0.amount.text)" }.joined(separator: ",") }

  var fields: Fields { Fields(entries.map { ($0.name, .string($0.amount.text)) }) }
}
