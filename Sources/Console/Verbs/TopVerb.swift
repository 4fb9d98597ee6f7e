/// `top`: asks the Metrics API, which a plain cluster does not serve: it comes with a
/// metrics-server, and there is none here (kubectl pkg/cmd/top).
struct TopVerb: Verb {
  let name = "top"
  let summary = "Display resource (CPU/memory) usage"
  let usage = "(node | pod) [NAME | -l label]"
  let subverbs: [any Verb] = [
    TopResourceVerb(name: "node", aliases: ["nodes", "no"]),
    TopResourceVerb(name: "pod", aliases: ["pods", "po"]),
  ]
}

struct TopResourceVerb: Verb {
  let name: String
  let aliases: [String]
  var summary: String { "Display resource (CPU/memory) usage of \(name)s" }
  let usage = "[NAME | -l label]"
  let flags: [Flag] = [
    .allNamespaces, .selector, Flag("sort-by", "cpu or memory"),
    Flag("containers", .toggle, "Of each container"),
    Flag("no-headers", .toggle, "No line of column names"),
  ]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  { throw CommandFailure("error: Metrics API not available") }
}
