import Foundation
import Testing

@Suite struct `kubarium open --plain` {
  private func run(_ lines: String) throws -> [String] {
    let result = try Program.run(["open", "--plain", "demos/shop.yaml"], input: lines)
    #expect(result.status == 0)
    return result.output.split(separator: "\n").map { String($0) }
  }

  @Test func `runs commands, tells panels in sentences and draws nothing`() throws {
    let lines = try run("advance 20s\nscale deployment cart --replicas=3\nservices\nq\n")
    #expect(lines.contains("deployment.apps/cart scaled"))
    #expect(lines.contains { $0.hasPrefix("cart, ClusterIP, address 10.") && $0.contains(" of ") })
    #expect(!lines.joined().unicodeScalars.contains { $0 == "\u{1B}" || $0 == "│" })
  }

  @Test func `tells what has happened since, and counts what is too much to tell`() throws {
    let lines = try run("advance 20s\n")
    #expect(lines.contains("service cart: 2 of 2 endpoints ready"))
    #expect(lines.contains { $0.hasPrefix("event at 0:") })
    #expect(
      lines.contains { $0.hasSuffix("more events before these; 'kubectl events' lists them") })
  }

  @Test func `a word that is no command is answered, and the end of input ends it`() throws {
    let result = try Program.run(["open", "--plain"], input: "getpods\u{1B}[2J")
    #expect(result.status == 0)
    #expect(result.errors.contains("unknown command"))
    #expect(!result.errors.contains("\u{1B}"))
  }
}
