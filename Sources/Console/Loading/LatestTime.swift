import ClusterModel
import ControlPlane
import Manifests
import Simulation

/// The moment at which a dump was made, as far as its objects tell: ages count from there.
enum LatestTime {
  /// Nil when no object carries a time.
  static func of(_ manifests: [Manifest]) -> Timestamp? {
    var latest: Timestamp?
    for manifest in manifests {
      guard let object = manifest.object, World.carriesState(object) || isEvent(object) else {
        continue
      }
      search(manifest.value, &latest)
    }
    return latest
  }

  private static func isEvent(_ object: StoredObject) -> Bool {
    if case .event = object { true } else { false }
  }

  /// Fields such as `creationTimestamp`, `lastTransitionTime` and `startedAt`. A deletion's time is
  /// when it will be over, and a certificate's when it ends: neither has happened.
  private static func search(_ value: Value, _ latest: inout Timestamp?) {
    switch value {
    case .object(let fields):
      for field in fields.all {
        if case .string(let text) = field.value, isTime(field.name), let time = Timestamp(text) {
          latest = max(latest ?? time, time)
        } else if field.name != "spec" {
          search(field.value, &latest)
        }
      }
    case .array(let items): for item in items { search(item, &latest) }
    case .null, .bool, .integer, .double, .string: break
    }
  }

  private static func isTime(_ name: String) -> Bool {
    name != "deletionTimestamp"
      && (name.hasSuffix("Time") || name.hasSuffix("Timestamp") || name.hasSuffix("edAt"))
  }
}
