import Canvas
import Testing

@testable import Dashboard

@Suite struct KeymapTests {
  @Test(arguments: KeyContext.allCases)
  func `no key means two things in one context`(context: KeyContext) {
    let bindings =
      Keymap.standard.bindings(in: context)
      + (context == .everywhere ? [] : Keymap.standard.bindings(in: .everywhere))
    var seen: [Key] = []
    for key in bindings.flatMap(\.keys) {
      #expect(!seen.contains(key), "\(key.name)")
      seen.append(key)
    }
  }

  @Test func `every row says what its keys are for`() {
    for binding in Keymap.standard.bindings {
      #expect(!binding.keys.isEmpty)
      #expect(!binding.help.isEmpty)
      #expect(binding.keys.allSatisfy { !$0.name.isEmpty })
    }
  }

  @Test(arguments: KeyContext.allCases.filter { $0 != .everywhere })
  func `every context has hints and can be left`(context: KeyContext) {
    let bindings = Keymap.standard.bindings(in: context)
    #expect(bindings.contains { !$0.hint.isEmpty })
    #expect(bindings.contains { $0.keys.contains(.escape) })
  }

  @Test func `a key that changes the cluster shows its command`() {
    for action in [DashboardAction.scaleChosen, .replicasChanged(by: 1), .deleteChosen] {
      #expect(
        Keymap.standard.bindings.first { $0.action == action }?.command.hasPrefix("kubectl ")
          == true)
    }
  }

  /// RECORD_GOLDENS=1 writes the page anew.
  @Test func `the page of keys in the manual is the table`() throws {
    try expectGolden(Keymap.standard.manual, "../../../docs/keys.md", ending: "")
  }

  @Test func `every panel is in the list once`() {
    #expect(Panels.all.map(\.id) == PanelID.allCases)
  }
}
