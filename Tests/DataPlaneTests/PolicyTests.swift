import ClusterModel
import SimulationCore
import Testing

@testable import DataPlane

/// Policies that differ in everything a policy can say.
private let kinds: [(namespace: String, spec: Value)] = [
  // Deny by default: nothing, and the two directions apart.
  ("a", ["podSelector": [:]]),
  ("a", ["podSelector": [:], "policyTypes": ["Egress"]]),
  ("b", ["podSelector": [:], "policyTypes": ["Ingress", "Egress"], "egress": [[:]]]),
  // Peers: own namespace, other namespaces, both in one, either of two.
  (
    "a",
    [
      "podSelector": ["matchLabels": ["app": "x"]],
      "ingress": [["from": [["podSelector": ["matchLabels": ["app": "y"]]]]]],
    ]
  ),
  (
    "a",
    [
      "podSelector": ["matchLabels": ["app": "y"]],
      "ingress": [["from": [["namespaceSelector": ["matchLabels": ["team": "blue"]]]]]],
    ]
  ),
  (
    "a",
    [
      "podSelector": [:],
      "ingress": [
        [
          "from": [
            [
              "namespaceSelector": [:],
              "podSelector": ["matchExpressions": [["key": "tier", "operator": "Exists"]]],
            ]
          ], "ports": [["port": 8080]],
        ]
      ],
    ]
  ),
  (
    "b",
    [
      "podSelector": [:],
      "ingress": [
        [
          "from": [
            [
              "namespaceSelector": [
                "matchLabels": ["kubernetes.io/metadata.name": "a"]
              ]
            ], ["podSelector": ["matchLabels": ["app": "none"]]],
          ], "ports": [["port": "web"], ["port": "dns", "protocol": "UDP"]],
        ]
      ],
    ]
  ),
  // Ports: all of a protocol, a range, a name.
  (
    "a",
    [
      "podSelector": [:], "policyTypes": ["Egress"],
      "egress": [["ports": [["protocol": "UDP"]]], ["ports": [["port": 80, "endPort": 90]]]],
    ]
  ),
  (
    "a",
    [
      "podSelector": ["matchLabels": ["app": "x"]],
      "egress": [["to": [["podSelector": [:]]], "ports": [["port": "web"]]]],
    ]
  ),
  // Address ranges with a hole.
  (
    "b",
    [
      "podSelector": [:],
      "ingress": [
        ["from": [["ipBlock": ["cidr": "10.244.1.0/24", "except": ["10.244.1.2/32"]]]]]
      ],
    ]
  ),
]

private func smallWorld() -> PolicyWorld {
  var world = PolicyWorld()
  world.setNamespace("a", [:])
  world.setNamespace("b", ["team": "blue"])
  world.addPod("a", "one", ["app": "x"], "10.244.1.2")
  world.addPod("a", "two", ["app": "y", "tier": "back"], "10.244.2.2")
  world.addPod("b", "three", ["app": "x", "tier": "front"], "10.244.1.3")
  return world
}

@Test func `every subset of ten policies means what its text says`() {
  var world = smallWorld()
  var present = 0
  var compared = 0
  // In Gray's order, so that each step adds or deletes one policy.
  for step in 0..<(1 << kinds.count) {
    let next = step ^ step >> 1
    let changed = (present ^ next).trailingZeroBitCount
    if changed < kinds.count {
      let (namespace, spec) = kinds[changed]
      let isAdded = next >> changed & 1 == 1
      world.setPolicy(namespace, "policy-\(changed)", isAdded ? spec : nil)
      world.reference.policies = kinds.indices.filter { next >> $0 & 1 == 1 }.map { kinds[$0] }
    }
    present = next
    world.settle()
    let (found, count) = world.disagreements(outside: ["192.168.0.1", "198.51.100.7"])
    compared += count
    #expect(found.isEmpty, "subset \(String(next, radix: 2)): \(found)")
    if !found.isEmpty { return }
  }
  #expect(compared == 1024 * (25 - 4) * 3)
}

/// Draws labels, selectors and policies.
private struct PolicyMaker {
  var random: RandomStream

  mutating func pick<Element>(_ choices: [Element]) -> Element {
    choices[random.index(below: choices.count)]
  }

  mutating func labels() -> [String: String] {
    var labels: [String: String] = [:]
    for key in ["app", "tier", "role"] where random.index(below: 3) > 0 {
      labels[key] = pick(["x", "y", "z"])
    }
    return labels
  }

  mutating func selector() -> Value {
    switch random.index(below: 4) {
    case 0: return [:]
    case 1: return ["matchLabels": ["app": .string(pick(["x", "y"]))]]
    case 2:
      return [
        "matchLabels": ["tier": .string(pick(["x", "y", "z"]))],
        "matchExpressions": [
          ["key": "role", "operator": .string(pick(["Exists", "DoesNotExist"]))]
        ],
      ]
    default:
      return [
        "matchExpressions": [
          [
            "key": .string(pick(["app", "tier"])), "operator": .string(pick(["In", "NotIn"])),
            "values": ["x", .string(pick(["y", "z"]))],
          ]
        ]
      ]
    }
  }

  mutating func peer() -> Value {
    switch random.index(below: 4) {
    case 0: return ["podSelector": selector()]
    case 1: return ["namespaceSelector": selector()]
    case 2: return ["namespaceSelector": selector(), "podSelector": selector()]
    default:
      return [
        "ipBlock": [
          "cidr": .string(pick(["10.244.0.0/16", "10.244.2.0/24", "0.0.0.0/0"])),
          "except": .array(random.index(below: 2) == 0 ? [] : ["10.244.2.0/30"]),
        ]
      ]
    }
  }

  mutating func port() -> Value {
    pick([
      ["port": 8080], ["port": "web"], ["port": "dns", "protocol": "UDP"], ["protocol": "UDP"],
      ["port": 50, "endPort": 90], ["port": 53, "protocol": "UDP"], [:],
    ])
  }

  mutating func rules(_ field: String) -> Value {
    .array(
      (0..<random.index(below: 3)).map { _ in
        var rule = Fields()
        let peers = (0..<random.index(below: 3)).map { _ in peer() }
        let ports = (0..<random.index(below: 3)).map { _ in port() }
        if !peers.isEmpty { rule[field] = .array(peers) }
        if !ports.isEmpty { rule["ports"] = .array(ports) }
        return .object(rule)
      })
  }

  mutating func policy() -> Value {
    var spec = Fields([("podSelector", selector())])
    if random.index(below: 3) > 0 { spec["ingress"] = rules("from") }
    if random.index(below: 3) > 0 { spec["egress"] = rules("to") }
    if random.index(below: 2) == 0 {
      spec["policyTypes"] = pick([["Ingress"], ["Egress"], ["Ingress", "Egress"]])
    }
    return .object(spec)
  }
}

@Test(arguments: 1...40 as ClosedRange<UInt64>)
func `engine and reference agree while policies, labels and namespaces change`(seed: UInt64) {
  var maker = PolicyMaker(random: RandomStream(seed: seed, component: "policies"))
  var world = PolicyWorld(nodes: 3)
  let spaces = ["a", "b", "c"]
  for space in spaces { world.setNamespace(space, maker.labels()) }
  for number in 0..<9 {
    world.addPod(
      maker.pick(spaces), "pod-\(number)", maker.labels(),
      "10.244.\(number % 3 + 1).\(number / 3 + 2)")
  }
  var present: [(name: String, namespace: String, spec: Value)] = []
  for step in 0..<12 {
    switch maker.random.index(below: 5) {
    case 0: world.setNamespace(maker.pick(spaces), maker.labels())
    case 1: world.relabel(maker.random.index(below: 9), maker.labels())
    case 2 where !present.isEmpty:
      let gone = present.remove(at: maker.random.index(below: present.count))
      world.setPolicy(gone.namespace, gone.name, nil)
    default:
      let policy = ("policy-\(step)", maker.pick(spaces), maker.policy())
      present.append(policy)
      world.setPolicy(policy.1, policy.0, policy.2)
    }
    world.reference.policies = present.map { ($0.namespace, $0.spec) }
    world.settle()
    let found = world.disagreements(outside: ["192.168.0.2", "198.51.100.7"]).found
    #expect(found.isEmpty, "seed \(seed), step \(step): \(found.prefix(3)) \(present)")
    if !found.isEmpty { return }
  }
}

@Test func `an agent enforces a policy a moment after it was written, each at its own time`() {
  var world = smallWorld()
  world.settle()
  world.setPolicy("a", "deny", ["podSelector": [:]])
  func isOpen(_ world: PolicyWorld, _ destination: String) -> Bool {
    world.engineAllows("10.244.1.3", destination, 8080, .tcp)
  }
  #expect(isOpen(world, "10.244.1.2") && isOpen(world, "10.244.2.2"))
  var closed: [Duration] = []
  for destination in ["10.244.1.2", "10.244.2.2"] {
    var later = world
    while isOpen(later, destination) { later.now += .milliseconds(1) }
    closed.append(later.now - world.now)
  }
  #expect(closed.allSatisfy { $0 <= .milliseconds(120) })
  #expect(closed[0] != closed[1])
}

@Test func `a new pod is isolated at once, and known to other nodes a moment later`() {
  var world = smallWorld()
  world.setPolicy("a", "same", ["podSelector": [:], "ingress": [["from": [["podSelector": [:]]]]]])
  world.settle()
  world.addPod("a", "new", ["app": "x"], "10.244.2.9")
  #expect(!world.engineAllows("10.244.1.3", "10.244.2.9", 8080, .tcp))
  #expect(!world.engineAllows("10.244.2.9", "10.244.1.2", 8080, .tcp))
  world.settle()
  #expect(world.engineAllows("10.244.2.9", "10.244.1.2", 8080, .tcp))
  #expect(!world.engineAllows("10.244.1.3", "10.244.2.9", 8080, .tcp))
}

@Test func `flannel lets everything through`() {
  var world = PolicyWorld(cni: .flannel)
  world.addPod("a", "one", [:], "10.244.1.2")
  world.addPod("a", "two", [:], "10.244.2.2")
  world.setPolicy("a", "deny", ["podSelector": [:], "policyTypes": ["Ingress", "Egress"]])
  world.settle()
  #expect(world.engineAllows("10.244.1.2", "10.244.2.2", 8080, .tcp))
}

@Test func `a name is resolved on the pod, with its protocol`() {
  var world = smallWorld()
  world.setPolicy("a", "named", ["podSelector": [:], "ingress": [["ports": [["port": "dns"]]]]])
  world.settle()
  // `dns` is a UDP port, and the rule says TCP.
  #expect(!world.engineAllows("10.244.1.3", "10.244.1.2", 53, .udp))
  #expect(!world.engineAllows("10.244.1.3", "10.244.1.2", 53, .tcp))
}

@Test func `outside traffic is seen as its node unless it enters where the pod is`() {
  var cluster = TestCluster(cni: .calico)
  cluster.addPod("web-1", "10.244.1.5")
  cluster.set(TestCluster.exposed(.cluster))
  cluster.setEndpoints([endpoint("10.244.1.5")])
  cluster.settle()
  cluster.plane.beginPolicies()
  let outside: Value = [
    "podSelector": [:], "ingress": [["from": [["ipBlock": ["cidr": "198.51.100.0/24"]]]]],
  ]
  cluster.plane.policyChanged(
    namespace: "default", name: "outside",
    to: NetworkPolicy(body: Fields([("spec", outside)])), at: cluster.now)
  var container = Container(name: "main", image: "image")
  container.ports = [ContainerPort(containerPort: 8080)]
  var pod = Pod(
    metadata: ObjectMeta(name: "web-1", namespace: "default"),
    spec: Shared(PodSpec(containers: [container])))
  pod.status.podIPs = [ip("10.244.1.5")]
  cluster.plane.podLabelled(pod, at: cluster.now)
  #expect(cluster.decide("198.51.100.7", "192.168.0.1", 30080, at: 1).verdict == .delivered)
  let far = cluster.decide("198.51.100.7", "192.168.0.2", 30080, at: 2)
  #expect(far.verdict == .dropped)
  #expect(far.denial == .ingress)
  #expect(far.isMasqueraded)
}

@Test func `chains of policies have the names that Calico gives them`() {
  let short = PolicyOpinion(namespace: "a", name: "b", rule: 0)
  #expect(PolicyText.calicoChain(short, .ingress).utf8.count == 28)
  #expect(PolicyText.calicoChain(short, .ingress).hasPrefix("cali-pi-_"))
  #expect(PolicyText.calicoChain(short, .egress).hasPrefix("cali-po-_"))
}
