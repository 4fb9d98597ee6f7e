import Testing

@testable import Canvas

@Suite struct GaugeTests {
  @Test(arguments: [
    (0.0, "", 4), (1.0, "████", 0), (0.5, "██", 2), (0.01, "▏", 3), (0.53, "██▏", 1),
    (-1, "", 4), (7, "████", 0), (.nan, "", 4), (.infinity, "", 4),
  ])
  func `a gauge fills its share in eighths`(fraction: Double, filled: String, empty: Int) {
    let bar = gauge(fraction, width: 4)
    #expect(bar.filled == filled && bar.empty.count == empty)
  }

  @Test func `in ASCII a gauge has whole steps only`() {
    #expect(gauge(0.6, width: 5, symbols: .ascii) == ("###", ".."))
    #expect(gauge(0.6, width: -5, symbols: .ascii) == ("", ""))
  }

  @Test func `a sparkline stands at the right and shows the newest values`() {
    #expect(sparkline([0, 1, 2, 4, 7], width: 7) == "  ▁▂▃▄▇")
    #expect(sparkline([9, 9, 0, 7], width: 2) == "▁▇")
    #expect(sparkline([5, 5], width: 2, maximum: 10) == "▄▄")
    #expect(sparkline([20, .nan, -3, .infinity], width: 4, maximum: 10) == "▇▁▁▁")
    #expect(sparkline([0, 0], width: 2) == "▁▁")
    #expect(sparkline([], width: 3) == "   ")
    #expect(sparkline([0, 7], width: 2, symbols: .ascii) == "_#")
  }
}
