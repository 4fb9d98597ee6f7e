import ClusterModel
import SimulationCore

/// The admission plugin ResourceQuota (apiserver pkg/admission/plugin/resourcequota/controller.go).
extension APIServer {
  /// The status of a quota with a new object counted in.
  struct QuotaCharge {
    var id: ObjectID
    var status: Fields
  }

  /// What a new or changed object adds to the quotas of its namespace.
  ///
  /// - Throws: Forbidden when one of them would be exceeded.
  func quotaCharges(for object: StoredObject, replacing old: StoredObject? = nil)
    throws(APIError) -> [QuotaCharge]
  {
    guard let table = store.kept[QuotaUsage.plural] else { return [] }
    let namespace = object.metadata.namespace
    let quotas = table.ids.compactMap { id in table[id].map { (id: id, quota: $0) } }
      .filter { $0.quota.metadata.namespace == namespace }
      .sorted { $0.quota.metadata.name < $1.quota.metadata.name }
    for entry in quotas { try checkSpecified(object, replacing: old, entry.quota) }
    var charges: [QuotaCharge] = []
    for (id, quota) in quotas {
      guard let used = try usage(of: quota, with: object, replacing: old) else { continue }
      var status = quota.body["status"]?.fields ?? Fields()
      status["hard"] = .object(ResourceAmounts(quota.body["spec"]?["hard"]?.fields).fields)
      status["used"] = .object(used.fields)
      charges.append(QuotaCharge(id: id, status: status))
    }
    return charges
  }

  mutating func enter(_ charges: [QuotaCharge], at time: Instant) {
    guard !charges.isEmpty, let resource = APIResource.named(QuotaUsage.plural) else { return }
    for charge in charges {
      store.updateKept(resource, charge.id, at: time) { $0.body["status"] = .object(charge.status) }
    }
  }

  /// A quota on CPU or memory wants every container to say how much it needs.
  private func checkSpecified(
    _ object: StoredObject, replacing old: StoredObject?, _ quota: KeptObject
  ) throws(APIError) {
    guard old == nil, case .pod(let pod) = object, QuotaScopes(quota).include(pod) else { return }
    let hard = ResourceAmounts(quota.body["spec"]?["hard"]?.fields)
    if let missing = PodAmounts.missing(hard.names, in: pod) {
      throw .forbidden(object, "failed quota: \(quota.metadata.name): \(missing)")
    }
  }

  /// What is used with the object counted in; nil when it counts for nothing.
  private func usage(
    of quota: KeptObject, with object: StoredObject, replacing old: StoredObject?
  ) throws(APIError) -> ResourceAmounts? {
    let hard = ResourceAmounts(quota.body["spec"]?["hard"]?.fields)
    var delta = QuotaUsage.of(object, in: quota).masked(by: hard.names)
    if let old { delta.subtract(QuotaUsage.of(old, in: quota).masked(by: hard.names)) }
    let asked = delta.masked(by: delta.entries.filter { $0.amount.milli > 0 }.map(\.name))
    guard !delta.entries.allSatisfy({ $0.amount.milli == 0 }) else { return nil }
    let used = held(by: quota, hard)
    var new = used
    new.add(delta)
    let exceeded = asked.names.filter { name in
      guard let limit = hard[name], let amount = new[name] else { return false }
      return amount.milli > limit.milli
    }
    guard exceeded.isEmpty else {
      throw .forbidden(
        object,
        "exceeded quota: \(quota.metadata.name), requested: \(asked.masked(by: exceeded).text), "
          + "used: \(used.masked(by: exceeded).text), limited: \(hard.masked(by: exceeded).text)")
    }
    return new
  }

  /// What its status says, where the controller has counted everything that it limits.
  private func held(by quota: KeptObject, _ hard: ResourceAmounts) -> ResourceAmounts {
    let used = ResourceAmounts(quota.body["status"]?["used"]?.fields)
    return used.names == hard.names ? used : QuotaUsage.total(of: quota, in: store)
  }
}

extension APIError {
  /// A refusal of an admission plugin (apiserver pkg/admission/errors.go NewForbidden).
  static func forbidden(_ object: StoredObject, _ reason: String) -> APIError {
    APIError(
      .forbidden,
      "\(object.resource.qualifiedPlural) \"\(object.metadata.name)\" is forbidden: \(reason)")
  }
}
