import ClusterModel
import ControlPlane
import SimulationCore

/// What a printer knows beside the objects: the time, the related objects, and what was asked for.
public struct PrintContext: Sendable {
  /// The simulated wall clock, to which ages are relative.
  public var now: Timestamp
  /// The same moment as the simulation counts; nil where nothing is simulated.
  public var instant: Instant?
  /// Where descriptions look up what belongs to an object.
  public var store: ObjectStore
  /// Whether a NAMESPACE column comes first.
  public var withNamespace = false
  /// `-o wide`.
  public var isWide = false
  /// Whether a LABELS column comes last.
  public var showLabels = false
  /// `-L`: the labels that get a column each.
  public var labelColumns: [String] = []
  public var noHeaders = false
  /// Whether names are written `pod/web`, as when several kinds are listed.
  public var withKind = false
  /// Whether descriptions end with the events of their object.
  public var showsEvents = true

  public init(now: Timestamp, store: ObjectStore = ObjectStore()) {
    self.now = now
    self.store = store
  }

  /// The time since `time` as AGE columns show it.
  func age(_ time: Timestamp?) -> String {
    guard let time else { return "<unknown>" }
    return humanDuration(seconds: secondsSince(time))
  }

  /// The time since `time`; absurd times saturate.
  func secondsSince(_ time: Timestamp) -> Int64 {
    let (seconds, overflow) = now.seconds.subtractingReportingOverflow(time.seconds)
    if overflow { return time.seconds < 0 ? .max : .min }
    return seconds
  }
}
