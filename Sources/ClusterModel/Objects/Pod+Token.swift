/// The volume with the service account's token, which admission adds to every pod
/// (plugin/pkg/admission/serviceaccount).
///
/// Its name differs from pod to pod, while pods of one template share one spec: so it is not kept
/// but made when the pod is shown.
extension Pod {
  /// The spec with the token's volume and its mounts.
  public var visibleSpec: PodSpec {
    var spec = self.spec.value
    guard spec.mountsToken else { return spec }
    let name = PodSpec.tokenVolumeName(metadata.uid)
    spec.other["volumes"] = .array(
      (spec.other["volumes"]?.array ?? []) + [PodSpec.tokenVolume(name)])
    for index in spec.containers.indices { spec.containers[index].mountToken(name) }
    for index in spec.initContainers.indices { spec.initContainers[index].mountToken(name) }
    return spec
  }
}

extension PodSpec {
  fileprivate static func tokenVolumeName(_ uid: UID) -> String {
    "kube-api-access-\(RandomText.suffix(from: uid.high ^ uid.low))"
  }

  fileprivate static func tokenVolume(_ name: String) -> Value {
    [
      "name": .string(name),
      "projected": [
        "defaultMode": 420,
        "sources": [
          ["serviceAccountToken": ["expirationSeconds": 3607, "path": "token"]],
          [
            "configMap": [
              "items": [["key": "ca.crt", "path": "ca.crt"]], "name": "kube-root-ca.crt",
            ]
          ],
          [
            "downwardAPI": [
              "items": [
                [
                  "fieldRef": ["apiVersion": "v1", "fieldPath": "metadata.namespace"],
                  "path": "namespace",
                ]
              ]
            ]
          ],
        ],
      ],
    ]
  }

  /// The spec of a pod as it was shown, without what showing it has added.
  public func withoutToken(of uid: UID) -> PodSpec {
    let name = Value.string(Self.tokenVolumeName(uid))
    guard let volumes = other["volumes"]?.array, volumes.contains(where: { $0["name"] == name })
    else { return self }
    var spec = self
    let rest = volumes.filter { $0["name"] != name }
    spec.other["volumes"] = rest.isEmpty ? nil : .array(rest)
    for index in spec.containers.indices { spec.containers[index].unmount(name) }
    for index in spec.initContainers.indices { spec.initContainers[index].unmount(name) }
    spec.mountsToken = true
    return spec
  }
}

extension Container {
  fileprivate mutating func mountToken(_ name: String) {
    let path: Value = "/var/run/secrets/kubernetes.io/serviceaccount"
    let mounts = other["volumeMounts"]?.array ?? []
    guard !mounts.contains(where: { $0["mountPath"] == path }) else { return }
    let mount: Value = ["mountPath": path, "name": .string(name), "readOnly": true]
    other["volumeMounts"] = .array(mounts + [mount])
  }

  fileprivate mutating func unmount(_ name: Value) {
    let rest = (other["volumeMounts"]?.array ?? []).filter { $0["name"] != name }
    other["volumeMounts"] = rest.isEmpty ? nil : .array(rest)
  }
}

/// Texts that look drawn at random and follow from a number.
enum RandomText {
  /// Five characters that names end with (apimachinery pkg/util/rand).
  static func suffix(from seed: UInt64) -> String {
    let letters = Array("bcdfghjklmnpqrstvwxz2456789")
    var state = mixed(seed)
    return String(
      (0..<5).map { _ in
        defer { state /= 27 }
        return letters[Int(state % 27)]
      })
  }

  /// 64 hexadecimal digits, like a SHA-256.
  static func digest(from seed: UInt64) -> String {
    var state = seed
    return (0..<4).map { _ in
      state = mixed(state)
      let hex = String(state, radix: 16)
      return String(repeating: "0", count: 16 - hex.count) + hex
    }.joined()
  }

  static func hash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  /// SplitMix64.
  private static func mixed(_ seed: UInt64) -> UInt64 {
    var z = seed &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
