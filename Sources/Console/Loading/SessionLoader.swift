import ClusterModel
import ControlPlane
import Manifests
import Simulation

/// What keeps a session from starting: lines for standard error, each with its place.
public struct LoadingFailure: Error, Hashable, Sendable {
  public var messages: [String]

  public init(_ messages: [String]) { self.messages = messages }
}

/// A console on a new world, and what there is to say about its input.
public struct LoadedSession: Sendable {
  public var console: Console
  public var warnings: [String]
}

/// Makes a world from files: topology first, then the objects that carry their state as they
/// stand, then the others as if they were applied.
public struct SessionLoader {
  private var configuration: WorldConfiguration
  private let namespace: String
  private var warnings: [String] = []

  /// - Parameter configuration: what the options say; they win over the files.
  public init(configuration: WorldConfiguration, namespace: String = "default") {
    self.configuration = configuration
    self.namespace = namespace
  }

  /// Loads everything or nothing.
  ///
  /// - Parameters:
  ///   - topology: the files of `--cluster`.
  ///   - proxyMode: the option's value, which wins over the files.
  ///   - cni: the option's value, which wins over the files.
  ///   - startsAtLatest: whether the clock begins at the latest time that an object carries, where
  ///     that is later than the configuration's.
  ///   - progress: told what is being done and how much of it, for loads that take long.
  public static func load(
    _ files: [SourceFile], topology: [SourceFile] = [], configuration: WorldConfiguration,
    proxyMode: ProxyMode? = nil, cni: CNI? = nil, namespace: String = "default",
    startsAtLatest: Bool = false, progress: (String) -> Void = { _ in }
  ) throws(LoadingFailure) -> LoadedSession {
    var loader = SessionLoader(configuration: configuration, namespace: namespace)
    let size = files.reduce(0) { $0 + $1.bytes.count }
    progress("reading \(files.count) files, \(size / 1_000_000) MB")
    let cluster = try loader.read(topology)
    let manifests = try loader.read(files)
    for manifest in cluster + manifests { loader.configure(with: manifest) }
    loader.complete(from: manifests)
    if let proxyMode {
      loader.configuration.proxyMode = proxyMode
      loader.configuration.kubeProxy?.mode = proxyMode
    }
    if let cni { loader.configuration.cni = cni }
    if startsAtLatest, let latest = LatestTime.of(manifests) {
      loader.configuration.startTime = max(loader.configuration.startTime, latest)
    }
    return try loader.session(cluster + manifests, progress)
  }

  private mutating func read(_ files: [SourceFile]) throws(LoadingFailure) -> [Manifest] {
    let sources = files.map { ManifestReader.Source(name: $0.name, bytes: $0.bytes) }
    let reading = ManifestReader.read(sources, defaultNamespace: namespace)
    guard !reading.hasErrors else {
      throw LoadingFailure(reading.diagnostics.map(\.description))
    }
    warnings += reading.warnings.map(\.description)
    return reading.manifests
  }

  private mutating func configure(with manifest: Manifest) {
    switch manifest.content {
    case .topology(let topology): configuration.apply(topology)
    case .proxyConfiguration(let proxy): configuration.kubeProxy = proxy
    case .node, .namespace, .pod, .deployment, .replicaSet, .service, .endpointSlice, .event, .kept:
      break
    }
  }

  /// What neither options nor topology say, the dump of a cluster may tell.
  private mutating func complete(from manifests: [Manifest]) {
    let dumped = DumpedNetwork(manifests)
    if configuration.serviceSubnets.isEmpty { configuration.serviceSubnets = dumped.serviceSubnets }
    if configuration.podSubnets.isEmpty { configuration.podSubnets = dumped.podSubnets }
    configuration.kubeProxy = configuration.kubeProxy ?? dumped.kubeProxy
  }

  private mutating func session(
    _ manifests: [Manifest], _ progress: (String) -> Void
  ) throws(LoadingFailure) -> LoadedSession {
    var standing: [StoredObject] = []
    var applied: [Manifest] = []
    var problems: [String] = []
    for var manifest in manifests {
      place(&manifest)
      guard let object = manifest.object else { continue }
      let isStanding = World.carriesState(object)
      let errors = isStanding ? manifest.unreadableFields : manifest.fieldErrors
      problems += errors.map { error in
        Self.line(
          manifest, at: error.place,
          "\(object.resource.kind) \(object.metadata.name.goQuoted) is invalid: \(error)")
      }
      if isStanding {
        standing.append(object)
      } else {
        applied.append(manifest)
      }
    }
    guard problems.isEmpty else { throw LoadingFailure(problems) }
    warnUnsimulated(manifests)
    let notices = manifests.compactMap { PolicyNotice.text($0.resource, configuration) }
    if let notice = notices.first { warnings.append(notice) }
    for object in standing + applied.compactMap(\.object) {
      warnings += AnnotationNotice.texts(of: object)
    }
    progress("putting up \(standing.count) objects as they stand")
    var world = World(configuration: configuration, loading: standing)
    if configuration.isSettled { world.beginSettling() }
    try apply(applied, to: &world, progress)
    if configuration.isSettled {
      progress("letting \(applied.count) objects come to rest")
      world.endSettling()
    }
    return LoadedSession(console: Console(world: world, namespace: namespace), warnings: warnings)
  }

  private static func line(_ manifest: Manifest, at place: Place, _ text: String) -> String {
    Diagnostic(file: manifest.file, place: place, message: text).description
  }

  /// An object without a namespace goes where the commands work.
  private func place(_ manifest: inout Manifest) {
    guard manifest.resource.isNamespaced, let metadata = manifest.metadata,
      metadata.namespace.isEmpty
    else { return }
    let fields = (manifest.value["metadata"] ?? .object(Fields()))
      .setting("namespace", .string(namespace))
    manifest.value = manifest.value.setting("metadata", fields)
    manifest.content = manifest.content.inNamespace(namespace)
  }

  /// Names the kinds that are only kept, once each.
  private mutating func warnUnsimulated(_ manifests: [Manifest]) {
    var kinds: [String] = []
    for manifest in manifests {
      guard case .kept(let object) = manifest.content, !Self.isUsed(object.resource),
        !kinds.contains(object.resource.kind)
      else { continue }
      kinds.append(object.resource.kind)
    }
    guard !kinds.isEmpty else { return }
    warnings.append(
      "warning: kept and listed, but not simulated: \(kinds.sorted().joined(separator: ", "))")
  }

  /// Kinds that have a controller, or that something reads.
  private static func isUsed(_ resource: APIResource) -> Bool {
    [
      "/Endpoints", "/ReplicationController", "/ServiceAccount",
      "networking.k8s.io/Ingress", "networking.k8s.io/NetworkPolicy", "kubarium.dev/Traffic",
      "apps/DaemonSet", "apps/StatefulSet", "apps/ControllerRevision", "batch/Job",
      "batch/CronJob", "autoscaling/HorizontalPodAutoscaler", "policy/PodDisruptionBudget",
    ].contains("\(resource.group)/\(resource.kind)")
  }

  /// Creates what carries no state: namespaces first, then as in the files.
  private mutating func apply(
    _ manifests: [Manifest], to world: inout World, _ progress: (String) -> Void
  ) throws(LoadingFailure) {
    var problems: [String] = []
    let namespaces = manifests.filter { $0.resource.living == .namespace }
    let others = manifests.filter { $0.resource.living != .namespace }
    for (index, manifest) in (namespaces + others).enumerated() {
      if index.isMultiple(of: 1_000) {
        progress("creating objects: \(index) of \(manifests.count)")
      }
      do {
        try create(manifest, in: &world)
      } catch {
        let field = error.causes.first.flatMap { $0.divided(at: ": ")?.0 } ?? ""
        problems.append(Self.line(manifest, at: manifest.place(ofField: field), error.message))
      }
    }
    guard problems.isEmpty else { throw LoadingFailure(problems) }
  }

  private mutating func create(_ manifest: Manifest, in world: inout World) throws(APIError) {
    guard var object = manifest.object else { return }
    let metadata = object.metadata
    if object.resource.living == .namespace,
      world.store.namespaces["", metadata.name] != nil
    {
      return
    }
    if object.resource.isNamespaced, world.store.namespaces["", metadata.namespace] == nil {
      warnings.append(
        Diagnostic(
          file: manifest.file, place: manifest.place, severity: .warning,
          message: "namespace \(metadata.namespace.goQuoted) does not exist and was added",
          suggestion: "add a Namespace to the files"
        ).description)
      let namespace = Namespace(metadata: ObjectMeta(name: metadata.namespace))
      try world.perform(.create(.namespace(namespace)))
    }
    object.metadata.annotations[LastApplied.annotation] = LastApplied.text(of: manifest.value)
    try world.perform(.create(object))
  }
}

extension Manifest.Content {
  fileprivate func inNamespace(_ namespace: String) -> Manifest.Content {
    switch self {
    case .pod(var object):
      object.metadata.namespace = namespace
      return .pod(object)
    case .deployment(var object):
      object.metadata.namespace = namespace
      return .deployment(object)
    case .replicaSet(var object):
      object.metadata.namespace = namespace
      return .replicaSet(object)
    case .service(var object):
      object.metadata.namespace = namespace
      return .service(object)
    case .endpointSlice(var object):
      object.metadata.namespace = namespace
      return .endpointSlice(object)
    case .event(var object):
      object.metadata.namespace = namespace
      return .event(object)
    case .kept(var object):
      object.metadata.namespace = namespace
      return .kept(object)
    case .node, .namespace, .topology, .proxyConfiguration: return self
    }
  }
}
