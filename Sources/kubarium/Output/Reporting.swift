import Console
import Manifests
import Terminal

/// Runs `body`; what keeps it from its work goes to standard error, and the program ends with 2.
func reportingProblems(_ body: () throws -> Void) throws {
  do {
    try body()
  } catch let failure as LoadingFailure {
    for message in failure.messages {
      StandardStreams.write(message.escapedForTerminal() + "\n", to: .error)
    }
    throw ExitStatus.badInput
  } catch let problem as OutputProblem {
    StandardStreams.write("kubarium: \(problem.message.escapedForTerminal())\n", to: .error)
    throw ExitStatus.badInput
  } catch let error as TerminalError {
    StandardStreams.write("kubarium: \(error)\n", to: .error)
    throw ExitStatus.badInput
  }
}
