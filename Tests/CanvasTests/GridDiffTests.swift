import Testing

@testable import Canvas

@Suite struct GridDiffTests {
  @Test func `equal pictures have no changes`() {
    let grid = CellGrid(width: 20, height: 5)
    #expect(changedRuns(from: grid, to: grid).isEmpty)
  }

  @Test func `a change in half of a wide character repaints the whole of it`() {
    var old = CellGrid(width: 6, height: 1)
    old.put("網路", at: Point(0, 0))
    var new = old
    new.tint(Rect(x: 3, y: 0, width: 1, height: 1), .selection)
    #expect(changedRuns(from: old, to: new) == [ChangedRun(row: 0, columns: 2..<4)])
  }

  @Test func `pictures of different sizes are painted as a whole`() {
    let runs = changedRuns(from: CellGrid(width: 3, height: 1), to: CellGrid(width: 4, height: 2))
    #expect(runs.map(\.columns) == [0..<4, 0..<4])
  }

  @Test(arguments: 0..<300 as Range<UInt64>)
  func `painting the changes over the old picture gives the new one`(seed: UInt64) {
    var noise = Noise(seed: seed)
    let width = noise.below(40)
    let height = noise.below(12)
    var old = CellGrid(width: width, height: height)
    noise.scribble(&old, times: 30)
    var new = old
    noise.scribble(&new, times: noise.below(20))
    var cells = old.cells
    for run in changedRuns(from: old, to: new) {
      #expect(run.columns.isEmpty || new[run.columns.lowerBound, run.row].width != 0)
      for x in run.columns { cells[run.row * width + x] = new[x, run.row] }
    }
    #expect(cells == new.cells, "seed \(seed)")
    #expect(isSound(old) && isSound(new), "seed \(seed)")
  }
}
