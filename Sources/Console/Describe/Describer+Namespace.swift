import ClusterModel
import ControlPlane

extension Describer {
  mutating func namespace() {
    description.field("Name", metadata.name)
    labelsAndAnnotations()
    description.field("Status", value.text("status", "phase"))
    let conditions = value.items("status", "conditions")
    if !conditions.isEmpty {
      description.line(0, "Conditions:")
      description.line(1, "Type", "Status", "LastTransitionTime", "Reason", "Message")
      description.line(1, "----", "------", "------------------", "------", "-------")
      for condition in conditions {
        description.line(
          1, condition.text("type"), condition.text("status"),
          condition.longTime("lastTransitionTime"), condition.text("reason"),
          condition.text("message"))
      }
    }
    description.line(0, "")
    quotas()
    description.line(0, "")
    limitRanges()
  }

  private func kept(_ plural: String) -> [KeptView] {
    (context.store.kept[plural]?.list(namespace: metadata.name) ?? []).map(KeptView.init)
  }

  private mutating func quotas() {
    let quotas = kept("resourcequotas")
    guard !quotas.isEmpty else { return description.line(0, "No resource quota.") }
    description.line(0, "Resource Quotas")
    for quota in quotas {
      description.line(1, "Name:", quota.name)
      description.line(1, "Resource", "Used", "Hard")
      description.line(1, "--------", "---", "---")
      for entry in Self.usage(quota.body) {
        description.line(1, entry.name, entry.used, entry.hard)
      }
    }
  }

  private mutating func limitRanges() {
    let ranges = kept("limitranges")
    guard !ranges.isEmpty else { return description.line(0, "No LimitRange resource.") }
    description.line(0, "Resource Limits")
    description.line(
      0, " Type", "Resource", "Min", "Max", "Default Request", "Default Limit",
      "Max Limit/Request Ratio")
    description.line(
      0, " ----", "--------", "---", "---", "---------------", "-------------",
      "-----------------------")
    for item in ranges.flatMap({ $0.body.items("spec", "limits") }) { limits(item, indent: " ") }
  }

  mutating func limits(_ item: Value, indent: String) {
    let columns = ["min", "max", "defaultRequest", "default", "maxLimitRequestRatio"]
    var names: [String] = []
    for column in columns { names += item.fields(column).all.map(\.name) }
    for name in TableMaker.sortedOnce(names) {
      let cells = columns.map { column in
        item.fields(column)[name]?.scalarText.map(QuantityText.canonical) ?? "-"
      }
      description.line(indent: indent, [item.text("type"), name] + cells)
    }
  }
}
