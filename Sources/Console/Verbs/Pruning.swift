import ClusterModel
import ControlPlane
import Manifests
import Simulation

/// `apply --prune`: objects that were applied once and are in the files no longer
/// (kubectl pkg/cmd/apply/prune.go).
struct Pruning {
  static let flags = [
    Flag("prune", .toggle, "Delete what was applied once and is not in the files"), Flag.all,
    Flag("prune-allowlist", .list, "GROUP/VERSION/KIND that may be pruned instead of the usual"),
  ]

  /// What is pruned when nobody says anything else, in kubectl's order.
  private static let usual = [
    "core/v1/ConfigMap", "core/v1/Endpoints", "core/v1/Namespace",
    "core/v1/PersistentVolumeClaim", "core/v1/PersistentVolume", "core/v1/Pod",
    "core/v1/ReplicationController", "core/v1/Secret", "core/v1/Service", "batch/v1/Job",
    "batch/v1/CronJob", "networking.k8s.io/v1/Ingress", "apps/v1/DaemonSet",
    "apps/v1/Deployment", "apps/v1/ReplicaSet", "apps/v1/StatefulSet",
  ]

  private let resources: [APIResource]
  private let selector: LabelSelector?

  /// Nil when nothing is asked to be pruned.
  init?(_ call: Call, _ world: World) throws(CommandFailure) {
    guard call.values.flag("prune") else { return nil }
    let text = call.values.text("selector") ?? ""
    if text.isEmpty, !call.values.flag("all") {
      throw CommandFailure(
        "error: all resources selected for prune without explicitly passing --all. To prune all "
          + "resources, pass the --all flag. If you did not mean to prune all resources, specify a "
          + "label selector")
    }
    selector = text.isEmpty ? nil : try LabelSelectorText.parse(text)
    let written = call.values.texts("prune-allowlist")
    var resources: [APIResource] = []
    for name in written.isEmpty ? Self.usual : written {
      let parts = name.split(separator: "/").map(String.init)
      guard parts.count == 3 else {
        throw CommandFailure(
          "error: invalid GroupVersionKind format: \(name.printable), please follow "
            + "<group/version/kind>")
      }
      let version = parts[0] == "core" ? parts[1] : "\(parts[0])/\(parts[1])"
      resources.append(APIResource.of(apiVersion: version, kind: parts[2]))
    }
    self.resources = resources
  }

  /// Namespaced kinds in the namespaces of the files first, then the cluster's own.
  func run(
    beside manifests: [ReadManifest], _ mutation: Mutation, _ console: inout Console,
    _ transcript: inout Transcript
  ) throws(CommandFailure) {
    var namespaces: [String] = []
    for manifest in manifests where manifest.resource.isNamespaced {
      let name = manifest.metadata.namespace
      if !namespaces.contains(name) { namespaces.append(name) }
    }
    let applied = Set(manifests.map { "\($0.resource.qualifiedPlural) \($0.metadata.nameInFull)" })
    for namespace in namespaces.sorted() {
      for resource in resources where resource.isNamespaced {
        try prune(resource, namespace, applied, mutation, &console, &transcript)
      }
    }
    for resource in resources where !resource.isNamespaced {
      try prune(resource, nil, applied, mutation, &console, &transcript)
    }
  }

  private func prune(
    _ resource: APIResource, _ namespace: String?, _ applied: Set<String>, _ mutation: Mutation,
    _ console: inout Console, _ transcript: inout Transcript
  ) throws(CommandFailure) {
    for object in console.world.store.list(resource, namespace: namespace) {
      let metadata = object.metadata
      guard metadata.annotations[LastApplied.annotation] != nil,
        selector?.matches(metadata.labels) ?? true,
        !applied.contains("\(resource.qualifiedPlural) \(metadata.nameInFull)")
      else { continue }
      if mutation.dryRun != .client {
        try mutation.perform(
          .delete(
            resource, namespace: metadata.namespace, name: metadata.name, DeleteOptions()),
          &console)
      }
      try mutation.tell(object, "pruned", &transcript)
    }
  }
}

extension ObjectMeta {
  fileprivate var nameInFull: String { "\(namespace)/\(name)" }
}
