import ArgumentParser

@main
struct Kubarium: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "kubarium")
}
