import Canvas
import ControlPlane

/// Requests on their way across the screen, as dots: each stands for so many.
///
/// They show where requests go and how many go there. A dot is not one request: it leaves as often
/// as the measured rate says, and takes about a second so that an eye can follow.
public struct Dots: Hashable, Sendable {
  struct Dot: Hashable, Sendable {
    var flow: FlowRow
    /// Since it left, in milliseconds.
    var age: Int
  }

  private(set) var dots: [Dot] = []
  /// Requests for which one dot stands.
  public private(set) var scale = 1
  /// How much of the next dot of each flow has come together, in millionths.
  private var waiting: [FlowRow: Int64] = [:]

  static let limit = 120
  /// Dots that leave in a second, at most.
  private static let perSecond: Int64 = 40
  /// From the client to the Service, from there to the endpoint, and all the way back.
  static let legs = (out: 450, on: 450, back: 500, end: 400)

  public init() {}

  public mutating func clear() { self = Dots() }

  /// Lets `milliseconds` of the screen's time pass, in which time in the cluster goes `speed` times
  /// as fast.
  public mutating func advance(byMilliseconds milliseconds: Int, speed: Double, _ flows: [FlowRow])
  {
    let step = min(max(milliseconds, 0), 500)
    for index in dots.indices { dots[index].age += step }
    dots.removeAll { $0.age >= Self.lifetime(of: $0.flow) }
    let speed = min(max(speed.isFinite ? speed : 1, 0), 1_000)
    let total = flows.reduce(0) { $0 + $1.milliRate }
    let perSecond = Int64(Double(total) / 1000 * speed)
    scale = Self.niceScale(atLeast: Int((perSecond + Self.perSecond - 1) / Self.perSecond))
    var next: [FlowRow: Int64] = [:]
    for flow in flows {
      var key = flow
      key.milliRate = 0
      // Millirequests a second times milliseconds: millionths of a request.
      let arrived = Int64(Double(flow.milliRate) * speed) * Int64(step) / Int64(scale)
      var sum = min(waiting[key, default: Self.start(of: key)] + arrived, 4_000_000)
      while sum >= 1_000_000, dots.count < Self.limit {
        dots.append(Dot(flow: key, age: 0))
        sum -= 1_000_000
      }
      next[key] = min(sum, 999_999)
    }
    waiting = next
  }

  /// Flows do not all begin at once.
  private static func start(of flow: FlowRow) -> Int64 {
    let text = "\(flow.service.name)\(flow.clientPod?.name ?? "")\(flow.endpointPod?.name ?? "")"
    let mixed = text.utf8.reduce(UInt64(17)) { ($0 &* 31) &+ UInt64($1) }
    return Int64(mixed % 1_000_000)
  }

  private static func niceScale(atLeast count: Int) -> Int {
    var unit = 1
    while true {
      for step in [1, 2, 5] where step * unit >= count { return step * unit }
      unit *= 10
    }
  }

  private static func lifetime(of flow: FlowRow) -> Int {
    switch flow.end {
    case .answered, .failed: legs.out + legs.on + legs.back
    case .lostAtEndpoint: legs.out + legs.on + legs.end
    case .lostAtService: legs.out + legs.end
    }
  }
}

/// The screen without what moves on it.
struct StillPicture {
  var scene: Scene
  var grid: CellGrid
  var map: DotMap

  init(_ state: DashboardState, _ snapshot: DashboardSnapshot, _ symbols: SymbolSet) {
    scene = Scene(state: state, snapshot: snapshot, symbols: symbols)
    grid = view(state, snapshot, symbols: symbols)
    map = DotMap(scene, ScreenLayout(state))
  }
}

/// Where on the screen the ends of the dots' ways are.
struct DotMap {
  private var pods: [NamespacedName: Point] = [:]
  private var services: [NamespacedName: Point] = [:]
  private var outside: Point?
  /// What the panels enclose: dots do not run over their frames.
  private var insides: [Rect]
  /// Where it is said how many requests a dot stands for.
  private var legend: Rect?

  init(_ scene: Scene, _ layout: ScreenLayout) {
    insides = layout.panels.map(\.inside)
    outside = Point(layout.header.maxX - 30, layout.header.y + 1)
    if let placed = layout.panel(.pods) {
      let panel = PodsPanel()
      let list = panel.parts(of: placed.inside, scene).list
      let columns = scene.snapshot.podColumns
      for spot in panel.spots(scene, in: list) {
        let pod = columns.blocks[spot.block].pods[spot.pod]
        pods[pod.name] = Point(spot.area.x, spot.area.y)
      }
    }
    if let placed = layout.panel(.services) {
      let panel = ServicesPanel()
      let list = panel.parts(of: placed.inside, scene).list
      for (row, line) in panel.lines(scene, height: list.height - 1).enumerated() {
        guard case .service(let index) = line else { continue }
        services[scene.snapshot.services[index].name] = Point(list.x, list.y + 1 + row)
      }
      legend = Rect(
        x: placed.area.x + 2, y: placed.area.maxY - 1, width: placed.area.width - 4, height: 1)
    }
  }

  /// Draws every dot whose way is on the screen.
  func draw(_ dots: Dots, _ scene: Scene, on grid: inout CellGrid) {
    guard !services.isEmpty, !pods.isEmpty else { return }
    for dot in dots.dots {
      guard let place = place(of: dot) else { continue }
      let isLost = dot.flow.end != .answered
      let isDead = isDead(dot)
      let style = Style(isDead || isReturning(dot) && isLost ? .error : .traffic, .bold)
      let sign = isDead ? scene.symbols.packetDropped : scene.symbols.packet
      put(sign, at: place, style, &grid)
      guard !isDead else { continue }
      // Where it was a moment ago.
      var before = dot
      before.age -= 60
      if before.age >= 0, let trace = self.place(of: before), trace != place {
        put(scene.symbols.trail, at: trace, Style(.dim), &grid)
      }
    }
    if let legend, !dots.dots.isEmpty {
      let text = " \(scene.symbols.packet) = \(Format.count(dots.scale, "request")) "
      grid.put(text, in: legend, style: Style(.traffic), .right, ellipsis: "")
    }
  }

  private func put(_ sign: String, at place: Point, _ style: Style, _ grid: inout CellGrid) {
    guard insides.contains(where: { $0.contains(place) }) else { return }
    grid.putOnBlank(sign, at: place, style: style)
  }

  private func isDead(_ dot: Dots.Dot) -> Bool {
    switch dot.flow.end {
    case .answered, .failed: false
    case .lostAtEndpoint: dot.age >= Dots.legs.out + Dots.legs.on
    case .lostAtService: dot.age >= Dots.legs.out
    }
  }

  private func isReturning(_ dot: Dots.Dot) -> Bool { dot.age >= Dots.legs.out + Dots.legs.on }

  private func place(of dot: Dots.Dot) -> Point? {
    let client = dot.flow.clientPod.map { pods[$0] } ?? outside
    guard let client, let service = services[dot.flow.service] else { return nil }
    if dot.age < Dots.legs.out { return between(client, service, dot.age, Dots.legs.out) }
    if dot.flow.end == .lostAtService { return Point(service.x + 1, service.y) }
    guard let endpoint = dot.flow.endpointPod.flatMap({ pods[$0] }) else { return nil }
    let age = dot.age - Dots.legs.out
    if age < Dots.legs.on { return between(service, endpoint, age, Dots.legs.on) }
    if dot.flow.end == .lostAtEndpoint { return Point(endpoint.x + 1, endpoint.y) }
    return between(endpoint, client, age - Dots.legs.on, Dots.legs.back)
  }

  private func between(_ start: Point, _ end: Point, _ age: Int, _ length: Int) -> Point {
    Point(
      start.x + (end.x - start.x) * age / length, start.y + (end.y - start.y) * age / length)
  }
}
