import ClusterModel

/// What the API server refuses in ResourceQuotas and LimitRanges, in its order
/// (pkg/apis/core/validation/validation.go ValidateResourceQuotaSpec, ValidateLimitRange).
enum QuotaValidation {
  static func quota(_ spec: Field) {
    for (name, field) in spec["hard"].entries {
      quotaName(name, field)
      guard let quantity = field.quantity else { continue }
      amount(quantity, field, isWhole: counted.contains(name) || name.hasPrefix("count/"))
    }
    let scopes = spec["scopes"]
    for scope in scopes.items where !Self.scopes.contains(scope.text) {
      scopes.invalid("unsupported scope", scopes.value)
    }
  }

  private static func quotaName(_ name: String, _ field: Field) {
    field.invalid(NameFormat.qualifiedName(name), .string(name))
    let isHugePage = name.hasPrefix("hugepages-") || name.hasPrefix("requests.hugepages-")
    if !name.contains("/"), !isHugePage, !counted.contains(name), !measured.contains(name) {
      field.invalid("must be a standard resource for quota", .string(name))
    }
  }

  private static func amount(_ quantity: Quantity, _ field: Field, isWhole: Bool) {
    let shown = Value.string(QuantityText(quantity).text)
    if quantity.milli < 0 { field.invalid("must be greater than or equal to 0", shown) }
    if isWhole, quantity.milli % 1000 != 0 { field.invalid("must be an integer", shown) }
  }

  private static let counted: Set<String> = [
    "configmaps", "persistentvolumeclaims", "pods", "replicationcontrollers", "resourcequotas",
    "secrets", "services", "services.loadbalancers", "services.nodeports",
  ]
  private static let measured: Set<String> = [
    "cpu", "ephemeral-storage", "limits.cpu", "limits.ephemeral-storage", "limits.memory",
    "memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory", "requests.storage",
  ]
  private static let scopes: Set<String> = [
    "BestEffort", "CrossNamespacePodAffinity", "NotBestEffort", "NotTerminating", "PriorityClass",
    "Terminating", "VolumeAttributesClass",
  ]

  static func limitRange(_ spec: Field) {
    var types: Set<String> = []
    for item in spec["limits"].items {
      let type = item["type"]
      if !types.insert(type.text).inserted { type.duplicate() }
      if type.text == "Pod" {
        for name in ["default", "defaultRequest"] where !item[name].entries.isEmpty {
          item[name].forbidden("may not be specified when `type` is 'Pod'")
        }
      }
      if type.text == "PersistentVolumeClaim", !item["min"]["storage"].isPresent,
        !item["max"]["storage"].isPresent
      {
        item["limits"].required(
          "either minimum or maximum storage value is required, but neither was provided")
      }
      bounds(item, isContainer: type.text == "Container")
    }
  }

  /// The bounds and defaults of one resource, after what is not said has been filled in.
  private static func bounds(_ item: Field, isContainer: Bool) {
    let lists = ["min", "max", "default", "defaultRequest", "maxLimitRequestRatio"]
    let names = Set(lists.flatMap { item[$0].entries.map(\.key) }).sorted()
    for name in names {
      func given(_ list: String) -> Quantity? { item[list][name].quantity }
      let (least, most) = (given("min"), given("max"))
      let limit = given("default") ?? (isContainer ? most : nil)
      let request = given("defaultRequest") ?? (isContainer ? limit ?? least : nil)
      func place(_ list: String) -> Field {
        item[list].at(.key(item[list].path, name))
      }
      order(least, "min value", most, "max value", at: place("min"), showing: least)
      order(
        least, "min value", request, "default request value", at: place("defaultRequest"),
        showing: request)
      order(
        request, "default request value", most, "max value", at: place("defaultRequest"),
        showing: request)
      order(
        request, "default request value", limit, "default limit value",
        at: place("defaultRequest"), showing: request)
      order(least, "min value", limit, "default value", at: place("default"), showing: least)
      order(limit, "default value", most, "max value", at: place("default"), showing: most)
      if let ratio = given("maxLimitRequestRatio"), ratio.milli < 1000 {
        let text = QuantityText(ratio).text
        place("maxLimitRequestRatio").invalid("ratio \(text) is less than 1", .string(text))
      }
    }
  }

  /// Refuses a lower bound that is above the upper one.
  private static func order(
    _ low: Quantity?, _ lowTitle: String, _ high: Quantity?, _ highTitle: String, at place: Field,
    showing shown: Quantity?
  ) {
    guard let low, let high, low.milli > high.milli, let shown else { return }
    place.invalid(
      "\(lowTitle) \(QuantityText(low).text) is greater than \(highTitle) "
        + QuantityText(high).text,
      .string(QuantityText(shown).text))
  }

  /// ValidatePersistentVolumeClaimSpec.
  static func claim(_ spec: Field) {
    let modes = spec["accessModes"]
    let known = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"]
    if modes.items.isEmpty { modes.required("at least 1 access mode is required") }
    spec["selector"].labelSelector()
    for mode in modes.texts where !known.contains(mode) { modes.unsupported(known, .string(mode)) }
    if modes.texts.contains("ReadWriteOncePod"), Set(modes.texts).count > 1 {
      modes.forbidden("may not use ReadWriteOncePod with other access modes")
    }
    let storage = spec["resources"]["requests"]["storage"]
      .at(.key(spec["resources"].path, "storage"))
    if let quantity = storage.quantity {
      if quantity.milli <= 0 {
        storage.invalid("must be greater than zero", .string(QuantityText(quantity).text))
      }
    } else if !storage.isPresent {
      storage.required()
    }
    let name = spec["storageClassName"]
    if !name.text.isEmpty { name.invalid(NameFormat.subdomain(name.text)) }
    spec["volumeMode"].choice(["Block", "Filesystem"])
  }
}
