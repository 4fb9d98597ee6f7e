import ClusterModel

/// A call that a workload's configuration speaks of, whether or not its Service exists.
struct CallReference: Hashable, Sendable {
  var service: ServiceReference
  /// Calls per request served, in thousandths.
  var milliCalls: Int64
}

extension CallReference {
  /// More are passed over: a bound on what one pod's text can cost.
  static let most = 128

  /// The calls of `kubarium.dev/calls` where that annotation stands, else those that the
  /// containers' environments name; each Service and port once, in the order of the text.
  static func all(spec: PodSpec, annotations: Labels) -> [CallReference] {
    if let text = annotations[Profile.prefix + "calls"] { return parse(text) }
    var references: [CallReference] = []
    let sidecars = spec.initContainers.filter { $0.restartPolicy == "Always" }
    for container in spec.containers + sidecars {
      for variable in container.env {
        guard references.count < most, let service = variable.value.flatMap(ServiceReference.init),
          !references.contains(where: { $0.service == service })
        else { continue }
        references.append(CallReference(service: service, milliCalls: 1_000))
      }
    }
    return references
  }

  /// `cart:7070=2,ads=0.5`: calls per request; a part that does not parse is passed over.
  private static func parse(_ text: String) -> [CallReference] {
    text.split(separator: ",").prefix(most).compactMap { part in
      let sides = part.split(separator: "=", omittingEmptySubsequences: false)
      guard sides.count <= 2, let first = sides.first,
        let service = ServiceReference(trimmed(first))
      else { return nil }
      guard sides.count == 2 else { return CallReference(service: service, milliCalls: 1_000) }
      guard let calls = Decimal.milli(trimmed(sides[1])) else { return nil }
      return CallReference(service: service, milliCalls: min(calls, 100_000))
    }
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text
    while text.first == " " { text = text.dropFirst() }
    while text.last == " " { text = text.dropLast() }
    return String(text)
  }
}
