import ClusterModel
import Testing

@testable import Console

@Suite struct MergeTests {
  private let deployment = MergeSchema(kind: "Deployment")
  private let service = MergeSchema(kind: "Service")

  @Test func `a merge patch sets, removes and replaces lists`() {
    let target: Value = ["a": ["b": 1, "c": 2], "list": [1, 2]]
    let patch: Value = ["a": ["b": .null, "d": 3], "list": [3]]
    #expect(JSONMerge.merge(patch, into: target) == ["a": ["c": 2, "d": 3], "list": [3]])
  }

  @Test func `containers merge by name`() {
    let target: Value = [
      "spec": ["containers": [["name": "a", "image": "1"], ["name": "b", "image": "1"]]]
    ]
    let patch: Value = ["spec": ["containers": [["name": "b", "image": "2"]]]]
    #expect(
      StrategicMerge.merge(patch, into: target, deployment) == [
        "spec": ["containers": [["name": "a", "image": "1"], ["name": "b", "image": "2"]]]
      ])
  }

  @Test func `directives delete and replace`() {
    let target: Value = ["spec": ["containers": [["name": "a"], ["name": "b"]], "x": ["y": 1]]]
    let patch: Value = [
      "spec": [
        "containers": [["name": "a", "$patch": "delete"]], "x": ["$patch": "replace", "z": 2],
      ]
    ]
    #expect(
      StrategicMerge.merge(patch, into: target, deployment) == [
        "spec": ["containers": [["name": "b"]], "x": ["z": 2]]
      ])
  }

  @Test func `apply takes away what it had put there and keeps what the server added`() {
    let original: Value = ["spec": ["replicas": 3, "paused": true]]
    let modified: Value = ["spec": ["paused": false]]
    let current: Value = ["spec": ["replicas": 5, "paused": true, "strategy": ["type": "X"]]]
    #expect(
      ThreeWayMerge.merge(original: original, modified: modified, current: current, service) == [
        "spec": ["paused": false, "strategy": ["type": "X"]]
      ])
  }

  @Test func `apply keeps the node port of a port it names`() {
    let modified: Value = ["spec": ["ports": [["port": 80], ["port": 81]]]]
    let current: Value = [
      "spec": ["ports": [["port": 80, "nodePort": 30080, "protocol": "TCP"]]]
    ]
    #expect(
      ThreeWayMerge.merge(original: modified, modified: modified, current: current, service) == [
        "spec": ["ports": [["port": 80, "nodePort": 30080, "protocol": "TCP"], ["port": 81]]]
      ])
  }

  @Test func `one number for two protocols is two ports`() {
    let ports: Value = [
      ["name": "dns", "port": 53, "protocol": "UDP"], ["name": "dns-tcp", "port": 53],
    ]
    let modified: Value = ["spec": ["ports": ports]]
    let current: Value = [
      "spec": [
        "ports": [
          ["name": "dns", "port": 53, "protocol": "UDP", "nodePort": 1],
          ["name": "dns-tcp", "port": 53, "protocol": "TCP", "nodePort": 2],
        ]
      ]
    ]
    let merged = ThreeWayMerge.merge(
      original: modified, modified: modified, current: current, service)
    #expect(merged == current)
  }

  @Test func `applying what is there changes nothing`() {
    let current: Value = [
      "metadata": ["name": "web", "uid": "1"],
      "spec": ["template": ["spec": ["containers": [["name": "a", "image": "1", "x": 1]]]]],
    ]
    let modified: Value = [
      "metadata": ["name": "web"],
      "spec": ["template": ["spec": ["containers": [["name": "a", "image": "1"]]]]],
    ]
    let merged = ThreeWayMerge.merge(
      original: modified, modified: modified, current: current, deployment)
    #expect(merged == current)
  }

  @Test(
    arguments: [
      ([["op": "replace", "path": "/a/b", "value": 2]], ["a": ["b": 2], "l": [1, 2]]),
      ([["op": "remove", "path": "/l/0"]], ["a": ["b": 1], "l": [2]]),
      ([["op": "add", "path": "/l/-", "value": 3]], ["a": ["b": 1], "l": [1, 2, 3]]),
      ([["op": "add", "path": "/l/0", "value": 0]], ["a": ["b": 1], "l": [0, 1, 2]]),
      ([["op": "move", "from": "/a/b", "path": "/c"]], ["a": [:], "c": 1, "l": [1, 2]]),
      ([["op": "test", "path": "/a/b", "value": 1]], ["a": ["b": 1], "l": [1, 2]]),
      ([["op": "add", "path": "/x~1y~0", "value": 1]], ["a": ["b": 1], "l": [1, 2], "x/y~": 1]),
    ] as [(Value, Value)])
  func `JSON patches follow their paths`(_ patch: Value, _ expected: Value) throws {
    let target: Value = ["a": ["b": 1], "l": [1, 2]]
    #expect(try JSONPatch.apply(patch, to: target) == expected)
  }

  @Test(
    arguments: [
      [["op": "remove", "path": "/nope"]], [["op": "test", "path": "/a", "value": 2]],
      [["op": "add", "path": "/l/9", "value": 1]], [["op": "fly", "path": "/a"]],
      [["path": "/a"]], ["a": 1], [["op": "replace", "path": "a", "value": 1]],
      [["op": "remove", "path": "/l/-1"]], [["op": "add", "path": "/l/99999999999999999999"]],
    ] as [Value])
  func `JSON patches that do not apply are refused`(_ patch: Value) {
    #expect(throws: JSONPatch.Problem.self) {
      try JSONPatch.apply(patch, to: ["a": 1, "l": [1, 2]])
    }
  }
}
