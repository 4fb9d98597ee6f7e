import Canvas
import ControlPlane
import Foundation
import SimulationCore
import Testing

@testable import Dashboard

/// A user who presses anything, clicks anywhere and resizes at will.
private struct Monkey {
  var random: RandomStream
  static let keys: [Key] = Keymap.standard.bindings.flatMap(\.keys).filter {
    $0 != .ctrl("c") && $0 != "q"
  }

  mutating func below(_ bound: Int) -> Int { random.index(below: bound) }

  mutating func key() -> Key {
    switch below(20) {
    case 0: return .resize(columns: below(420), rows: below(120))
    case 1: return .resize(columns: 60 + below(200), rows: 16 + below(60))
    case 2, 3:
      let actions: [MouseEvent.Action] = [
        .press(.left), .press(.right), .release, .drag, .wheelUp, .wheelDown,
      ]
      return .mouse(
        MouseEvent(
          actions[below(actions.count)], at: Point(below(300) - 20, below(120) - 10),
          clicks: 1 + below(2)))
    case 4: return .paste(["5", "frontend", "get\u{1B}[31m pods\n", "網路 ☂️ a\u{301}"][below(4)])
    case 5: return .character(Unicode.Scalar(UInt32(32 + below(0x2F00))) ?? "x")
    default: return Self.keys[below(Self.keys.count)]
    }
  }

  /// The fixture with some of its objects gone.
  mutating func snapshot() -> DashboardSnapshot {
    var snapshot = Fixture.snapshot
    snapshot.services.removeAll { _ in below(4) == 0 }
    snapshot.nodes.removeAll { _ in below(6) == 0 }
    for index in snapshot.nodes.indices {
      snapshot.nodes[index].pods.removeAll { _ in below(5) == 0 }
      if below(5) == 0, let pod = snapshot.nodes[index].pods.first {
        snapshot.nodes[index].pods = (10..<(10 + below(90))).map {
          PodRow(Fixture.name("\(pod.name.name)-\($0)"), .ready, address: "10.244.9.\($0)")
        }
      }
    }
    if below(3) == 0 { snapshot.unscheduled = snapshot.nodes.first?.pods ?? [] }
    if below(4) == 0 { snapshot.events = [] }
    if below(4) == 0 { snapshot.service = nil }
    if below(4) == 0 { snapshot.workload = nil }
    return snapshot
  }
}

@Suite struct FuzzTests {
  /// FUZZ_STEPS sets another number for each seed.
  private static let steps =
    ProcessInfo.processInfo.environment["FUZZ_STEPS"].flatMap { Int($0) } ?? 2_000

  @Test(arguments: 1...8)
  func `no keys, clicks or sizes break the dashboard`(seed: UInt64) {
    var monkey = Monkey(random: RandomStream(seed: seed, component: "monkey"))
    var state = Fixture.state(80, 24)
    var snapshot = Fixture.snapshot
    for step in 0..<Self.steps {
      if monkey.below(15) == 0 {
        snapshot = monkey.snapshot()
        _ = reduce(&state, .refreshed, snapshot)
      }
      let key = monkey.key()
      let effects = reduce(&state, .key(key), snapshot)
      for effect in effects { answer(effect, &state, snapshot) }
      check(state, snapshot)
      guard step % 7 == 0 else { continue }
      let picture = view(state, snapshot, symbols: step % 2 == 0 ? .unicode : .ascii)
      #expect(picture.width == min(max(state.size.columns, 1), 2_000))
    }
  }

  private func answer(
    _ effect: DashboardEffect, _ state: inout DashboardState, _ snapshot: DashboardSnapshot
  ) {
    switch effect {
    case .run(let command):
      let output = String(repeating: "line\n", count: command.utf8.count % 40)
      _ = reduce(&state, .commandFinished(command, output: output, errors: ""), snapshot)
    case .read(_, let title):
      _ = reduce(&state, .textRead(title: title, text: "a: 1\nb: 2\n"), snapshot)
    case .complete(let line):
      _ = reduce(&state, .completionsFound(["pods", "podtemplates"], for: line), snapshot)
    case .trace(let command):
      if let trace = Fixture.trace(command) { _ = reduce(&state, .traced(trace), snapshot) }
    case .why(let command):
      let text = "It has no endpoint.\n\n  kubectl label pod cart-1 app=cart --overwrite\n"
      _ = reduce(&state, .whyRead(command, text: text), snapshot)
    case .readRequests:
      _ = reduce(&state, .requestsRead(Fixture.requests, title: "all"), snapshot)
    case .readWords: _ = reduce(&state, .wordsRead(["apply", "get", "scale"]), snapshot)
    case .edit(let object, let command):
      let lines = DiffLine.compare("a: 1\nb: 2\n", "a: 1\nb: 3\n")
      _ = reduce(
        &state, .edited(EditReview(object: object.name, lines: lines, command: command)), snapshot)
    case .useMouse: break
    case .useTheme(let index): #expect(state.themes.indices.contains(index))
    case .quit: break
    }
  }

  /// What is selected exists, and what is visible is within what there is.
  private func check(_ state: DashboardState, _ snapshot: DashboardSnapshot) {
    let scene = Scene(state: state, snapshot: snapshot)
    for panel in Panels.all {
      let count = panel.itemCount(scene)
      guard let item = panel.selectedItem(scene) else { continue }
      #expect(item >= 0 && item < count, "\(panel.name): \(item) of \(count)")
    }
    #expect(state.trail.count <= 50)
    #expect(state.marks.count == Set(state.marks).count)
    switch state.overlay {
    case .trace(let trace):
      #expect(trace.index >= 0 && trace.index <= max(trace.revealed, 0))
      #expect(trace.revealed < trace.hops.count)
      if let prediction = trace.prediction {
        #expect(prediction.options.indices.contains(prediction.choice))
      }
    case .finder(let finder):
      #expect(finder.matches.isEmpty || finder.matches.indices.contains(finder.index))
    case .requests(let log):
      #expect(log.rows.isEmpty || log.rows.indices.contains(log.index))
    case .why(let why): #expect(why.fixes.isEmpty || why.fixes.indices.contains(why.choice))
    default: break
    }
    #expect(snapshot.services.isEmpty || Panels.panel(.services).selectedItem(scene) != nil)
    #expect(snapshot.nodes.isEmpty || Panels.panel(.nodes).selectedItem(scene) != nil)
    #expect(state.scroll.service >= 0 && state.scroll.node >= 0 && state.scroll.podColumn >= 0)
    guard !ScreenLayout.isTooSmall(state.size) else { return }
    // A panel out of sight finds its place when it comes back.
    for placed in ScreenLayout(state).panels where placed.id == .services {
      #expect(state.scroll.service <= max(snapshot.services.count - 1, 0))
    }
  }
}
