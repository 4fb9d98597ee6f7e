import ClusterModel
import Simulation

/// `version`: of the Kubernetes that is simulated.
struct VersionVerb: Verb {
  let name = "version"
  let summary = "Print the client and server version information"
  let usage = "[flags]"
  let flags: [Flag] = [Flag("client", .toggle, "Only the client's version")]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let version = Node.Info().kubeletVersion
    transcript.print("Client Version: \(version)")
    transcript.print("Kustomize Version: v5.7.1")
    if !call.values.flag("client") { transcript.print("Server Version: \(version)") }
  }
}

/// `help`: the commands there are, or one of them.
struct HelpVerb: Verb {
  let name = "help"
  let summary = "Show the commands, or the flags of one"
  let usage = "[COMMAND...]"
  let isKubectl = false

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    guard !call.arguments.isEmpty else {
      transcript.output += Help.overview()
      return
    }
    if let found = try VerbFinder.find(call.arguments) {
      transcript.output += Help.text(of: found.verb, path: found.path)
    }
  }
}
