import SimulationCore

/// Worlds that went different ways from one moment, by name.
public struct Branches: Sendable {
  /// A world that stands still while another one goes on.
  public struct Branch: Sendable {
    public var name: String
    public internal(set) var world: World
    var timeline: Timeline
  }

  /// The name of the one that goes on.
  public private(set) var current = "main"
  /// The others, by name.
  public private(set) var others: [Branch] = []

  public init() {}

  public static let limit = 16

  /// Gives the present a name of its own and goes on with it; the old name keeps what is now.
  ///
  /// False when the name is taken or there are too many.
  public mutating func begin(_ name: String, _ world: World, _ timeline: Timeline) -> Bool {
    guard name != current, others.count < Self.limit, !others.contains(where: { $0.name == name })
    else { return false }
    keep(world, timeline)
    current = name
    return true
  }

  /// Goes on with another one; the present stays under its name. False when there is none.
  public mutating func enter(
    _ name: String, _ world: inout World, _ timeline: inout Timeline
  ) -> Bool {
    guard let index = others.firstIndex(where: { $0.name == name }) else { return false }
    let next = others.remove(at: index)
    keep(world, timeline)
    (current, world, timeline) = (name, next.world, next.timeline)
    return true
  }

  private mutating func keep(_ world: World, _ timeline: Timeline) {
    others.append(Branch(name: current, world: world, timeline: timeline))
    others.sort { $0.name < $1.name }
  }
}
