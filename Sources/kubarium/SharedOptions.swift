import ArgumentParser
import ClusterModel
import Console
import Simulation

/// The options that `open` and `exec` have in common.
struct SharedOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Where chance comes from.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("The topology: a kind or Kubarium cluster.", valueName: "file"))
  var cluster: [String] = []

  @Option(help: ArgumentHelp("Worker nodes beside the control plane.", valueName: "n"))
  var nodes: Int?

  @Option(help: "How services are made to work: iptables, ipvs, nftables or ebpf.")
  var proxyMode: ProxyMode?

  @Option(help: "The pod network: \(CNI.allCases.map(\.rawValue).joined(separator: ", ")).")
  var cni: CNI?

  @Flag(help: "Let what files create be at rest at time zero, as after hours.")
  var settled = false

  @Option(
    help: ArgumentHelp(
      """
      The simulated clock at time zero (default: 2026-01-01T00:00:00Z, or the latest time that a \
      loaded object carries).
      """, valueName: "rfc3339"))
  var startTime: Timestamp?

  @Option(
    name: [.customShort("n", allowingJoined: true), .long],
    help: "The namespace of objects and commands that name none.")
  var namespace = "default"

  mutating func validate() throws {
    if let nodes, !(0...5000).contains(nodes) {
      throw ValidationError("--nodes \(nodes): 0 to 5000 are possible")
    }
    if namespace.isEmpty { throw ValidationError("--namespace must not be empty") }
  }

  /// A session on a new world with these files.
  ///
  /// - Parameter progress: told what is being done, for loads that take long.
  func session(
    loading files: [SourceFile], progress: (String) -> Void = { _ in }
  ) throws -> LoadedSession {
    var configuration = WorldConfiguration()
    configuration.seed = seed
    configuration.isSettled = settled
    if let startTime { configuration.startTime = startTime }
    if let nodes { configuration.workers = nodes }
    let topology = try InputFiles.read(cluster)
    return try SessionLoader.load(
      files, topology: topology, configuration: configuration, proxyMode: proxyMode, cni: cni,
      namespace: namespace, startsAtLatest: startTime == nil, progress: progress)
  }
}

/// The files of the command line.
enum InputFiles {
  static func read(_ paths: [String]) throws -> [SourceFile] {
    var files: [SourceFile] = []
    var problems: [String] = []
    for path in paths {
      do throws(UnreadableFile) {
        files += try DiskFiles().files(at: path, recursively: false)
      } catch {
        problems.append("\(path):1:1: \(error.message)")
      }
    }
    if !problems.isEmpty { throw LoadingFailure(problems) }
    return files
  }
}

extension ProxyMode: ExpressibleByArgument {}
extension CNI: ExpressibleByArgument {}

extension Timestamp: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}
