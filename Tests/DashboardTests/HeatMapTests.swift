import Canvas
import Testing

@testable import Dashboard

@Suite struct HeatMapTests {
  /// 1,200 nodes in two zones, of which some are not well.
  private static let snapshot: DashboardSnapshot = {
    var snapshot = Fixture.snapshot
    snapshot.nodes = (0..<1_200).map { index in
      var node = NodeRow("node-" + String(10_000 + index).dropFirst())
      node.zone = index < 800 ? "a" : "b"
      node.podCapacity = 110
      node.podCount = index % 111
      node.isReady = index != 7
      node.isSchedulable = index != 9
      node.isProxyInSync = index < 1_100
      return node
    }
    snapshot.nodes[3].pods = [PodRow(Fixture.name("cart-1"), .ready, address: "10.244.3.2")]
    return snapshot
  }()

  private func state(_ columns: Int, _ rows: Int) -> DashboardState {
    var state = DashboardState(size: ScreenSize(columns, rows))
    state.focus = .pods
    state.isZoomed = true
    state.settle(Self.snapshot)
    return state
  }

  @Test(arguments: [(80, 24), (120, 40), (200, 60)])
  func `a thousand nodes are a map`(columns: Int, rows: Int) throws {
    let grid = view(state(columns, rows), Self.snapshot)
    try expectGolden(grid.plainText, "heat-map-\(columns)x\(rows)")
  }

  @Test func `each zone says how its nodes are`() {
    let text = view(state(200, 60), Self.snapshot).plainText
    #expect(text.contains("zone a: 800 nodes, 1 not ready, 1 cordoned"))
    #expect(text.contains("zone b: 400 nodes, 100 with late rules"))
  }

  @Test(arguments: [(60, 16), (400, 100)])
  func `no size is too odd for it`(columns: Int, rows: Int) {
    let grid = view(state(columns, rows), Self.snapshot, symbols: .ascii)
    #expect(grid.width == columns && grid.height == rows)
    #expect(grid.plainText.utf8.allSatisfy { $0 < 128 })
  }
}
