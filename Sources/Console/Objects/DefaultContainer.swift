import ClusterModel

/// Which container of a pod is meant when none is named (kubectl pkg/cmd/util/podcmd).
struct DefaultContainer {
  private let pod: Pod

  init(of pod: Pod) { self.pod = pod }

  /// The one that the pod's annotation names, else the first; kubectl says when it has chosen.
  func name(isQuiet: Bool, _ transcript: inout Transcript) -> String? {
    let spec = pod.spec.value
    let (names, early) = (spec.containers.map(\.name), spec.initContainers.map(\.name))
    let annotated = pod.metadata.annotations["kubectl.kubernetes.io/default-container"]
    if let annotated, (names + early).contains(annotated) { return annotated }
    guard let first = names.first else { return nil }
    if !isQuiet, names.count > 1 || !early.isEmpty {
      let all = names + early.map { "\($0) (init)" }
      transcript.warn(
        "Defaulted container \(first.goQuoted) out of: \(all.joined(separator: ", "))")
    }
    return first
  }
}
