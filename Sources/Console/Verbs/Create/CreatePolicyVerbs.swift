import ClusterModel
import ControlPlane

/// `create quota`.
struct CreateQuotaVerb: Verb {
  let name = "quota"
  let aliases = ["resourcequota"]
  let summary = "Create a quota with the specified name"
  let usage = "NAME [--hard=key1=value1,key2=value2] [--scopes=Scope1,Scope2]"
  let flags: [Flag] =
    [Flag("hard", "resource=quantity pairs"), Flag("scopes", "Scopes, with commas")]
    + Mutation.flags

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let name = try call.onlyName()
    var spec = Fields()
    var hard = Fields()
    for part in (call.values.text("hard") ?? "").split(separator: ",").map(String.init) {
      guard let (key, value) = part.divided(at: "="), Quantity(value) != nil else {
        throw CommandFailure(
          "error: invalid argument syntax \(part.goQuoted), expected <resource>=<value>")
      }
      hard[key] = .string(value)
    }
    if !hard.isEmpty { spec["hard"] = .object(hard) }
    let scopes = (call.values.text("scopes") ?? "").split(separator: ",")
    if !scopes.isEmpty { spec["scopes"] = .array(scopes.map { .string(String($0)) }) }
    try Mutation(call).create(
      "ResourceQuota", "v1", name, call, ["spec": .object(spec)], &console, &transcript)
  }
}

/// `create poddisruptionbudget` (kubectl pkg/cmd/create/create_pdb.go).
struct CreateBudgetVerb: Verb {
  let name = "poddisruptionbudget"
  let aliases = ["pdb"]
  let summary = "Create a pod disruption budget with the specified name"
  let usage = "NAME --selector=SELECTOR --min-available=N"
  let flags: [Flag] =
    [
      Flag("selector", "Which pods"), Flag("min-available", "How many have to stay: 2 or 50%"),
      Flag("max-unavailable", "How many may be gone: 1 or 25%"),
    ] + Mutation.flags

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let name = try call.onlyName()
    let least = call.values.text("min-available") ?? ""
    let most = call.values.text("max-unavailable") ?? ""
    guard let text = call.values.text("selector"), !text.isEmpty else {
      throw CommandFailure("error: a selector must be specified")
    }
    if least.isEmpty, most.isEmpty {
      throw CommandFailure("error: one of min-available or max-unavailable must be specified")
    }
    if !least.isEmpty, !most.isEmpty {
      throw CommandFailure("error: min-available and max-unavailable cannot be both specified")
    }
    func number(_ text: String) -> Value { Int64(text).map { .integer($0) } ?? .string(text) }
    let labels = try Labels(assignments: text)
    var spec: Fields = [
      "selector": [
        "matchLabels": .object(Fields(labels.pairs.map { ($0.key, .string($0.value)) }))
      ]
    ]
    if !least.isEmpty { spec["minAvailable"] = number(least) }
    if !most.isEmpty { spec["maxUnavailable"] = number(most) }
    try Mutation(call).create(
      "PodDisruptionBudget", "policy/v1", name, call, ["spec": .object(spec)], &console,
      &transcript)
  }
}

/// `create priorityclass`.
struct CreatePriorityClassVerb: Verb {
  let name = "priorityclass"
  let aliases = ["pc"]
  let summary = "Create a priority class with the specified name"
  let usage = "NAME --value=VALUE --global-default=BOOL"
  let flags: [Flag] =
    [
      Flag("value", .number, "The priority"), Flag("description", "What it is for"),
      Flag("global-default", .toggle, "Whether pods without a class have it"),
      Flag("preemption-policy", "PreemptLowerPriority or Never"),
    ] + Mutation.flags

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    var body: Fields = [
      "preemptionPolicy": .string(
        call.values.text("preemption-policy") ?? "PreemptLowerPriority"),
      "value": .integer(Int64(call.values.number("value") ?? 0)),
    ]
    if call.values.flag("global-default") { body["globalDefault"] = true }
    if let text = call.values.text("description") { body["description"] = .string(text) }
    try Mutation(call).create(
      "PriorityClass", "scheduling.k8s.io/v1", try call.onlyName(), call, body, &console,
      &transcript)
  }
}

/// `create role` and `create clusterrole`.
struct CreateRoleVerb: Verb {
  let isOfCluster: Bool
  var name: String { isOfCluster ? "clusterrole" : "role" }
  var summary: String { isOfCluster ? "Create a cluster role" : "Create a role with single rule" }
  let usage = "NAME --verb=verb --resource=resource.group/subresource [--resource-name=name]"
  let flags: [Flag] =
    [
      Flag("verb", .list, "Verbs, with commas"),
      Flag("resource", .list, "Resources, with commas: pods,deployments.apps"),
      Flag("resource-name", .list, "Names that the rule is restricted to"),
    ] + Mutation.flags

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    func list(_ flag: String) -> [String] {
      call.values.texts(flag).flatMap { $0.split(separator: ",").map(String.init) }
    }
    let name = try call.onlyName()
    guard !list("verb").isEmpty else {
      throw CommandFailure("error: at least one verb must be specified")
    }
    guard !list("resource").isEmpty else {
      throw CommandFailure("error: one of resource must be specified")
    }
    var groups: [(group: String, resources: [Value])] = []
    for text in list("resource") {
      let (base, sub) = text.divided(at: "/") ?? (text, "")
      let resource = try ResourceNames.one(base, in: console.world)
      let full: Value = .string(sub.isEmpty ? resource.plural : "\(resource.plural)/\(sub)")
      if let index = groups.firstIndex(where: { $0.group == resource.group }) {
        groups[index].resources.append(full)
      } else {
        groups.append((resource.group, [full]))
      }
    }
    let verbs = Value.array(list("verb").map { .string($0) })
    let names = Value.array(list("resource-name").map { .string($0) })
    let rules = groups.map { group, resources -> Value in
      var rule: Fields = [
        "apiGroups": [.string(group)], "resources": .array(resources), "verbs": verbs,
      ]
      if names != [] { rule["resourceNames"] = names }
      return .object(rule)
    }
    try Mutation(call).create(
      isOfCluster ? "ClusterRole" : "Role", "rbac.authorization.k8s.io/v1", name, call,
      ["rules": .array(rules)], &console, &transcript)
  }
}

/// `create rolebinding` and `create clusterrolebinding`.
struct CreateBindingVerb: Verb {
  let isOfCluster: Bool
  var name: String { isOfCluster ? "clusterrolebinding" : "rolebinding" }
  var summary: String {
    "Create a \(isOfCluster ? "cluster " : "")role binding for a particular role"
  }
  let usage = "NAME --clusterrole=NAME [--user=username] [--serviceaccount=namespace:name]"
  let flags: [Flag] =
    [
      Flag("clusterrole", "The cluster role"), Flag("role", "The role"),
      Flag("user", .list, "Users"), Flag("group", .list, "Groups"),
      Flag("serviceaccount", .list, "NAMESPACE:NAME"),
    ] + Mutation.flags

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let name = try call.onlyName()
    let (clusterRole, role) = (call.values.text("clusterrole"), call.values.text("role"))
    guard (clusterRole == nil) != (role == nil) else {
      throw CommandFailure("error: exactly one of clusterrole or role must be specified")
    }
    var subjects: [Value] = []
    for (flag, kind) in [("user", "User"), ("group", "Group")] {
      subjects += call.values.texts(flag).map { text in
        [
          "apiGroup": "rbac.authorization.k8s.io", "kind": .string(kind), "name": .string(text),
        ]
      }
    }
    for text in call.values.texts("serviceaccount") {
      guard let (namespace, account) = text.divided(at: ":"), !namespace.isEmpty, !account.isEmpty
      else { throw CommandFailure("error: serviceaccount must be <namespace>:<name>") }
      subjects.append([
        "kind": "ServiceAccount", "name": .string(account), "namespace": .string(namespace),
      ])
    }
    var body: Fields = [
      "roleRef": [
        "apiGroup": "rbac.authorization.k8s.io",
        "kind": .string(clusterRole == nil ? "Role" : "ClusterRole"),
        "name": .string(clusterRole ?? role ?? ""),
      ]
    ]
    if !subjects.isEmpty { body["subjects"] = .array(subjects) }
    try Mutation(call).create(
      isOfCluster ? "ClusterRoleBinding" : "RoleBinding", "rbac.authorization.k8s.io/v1", name,
      call, body, &console, &transcript)
  }
}
