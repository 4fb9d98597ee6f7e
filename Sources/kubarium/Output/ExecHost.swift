import Console
import ControlPlane
import Dashboard

/// Answers what commands ask of the program around the console, where there is no screen.
struct ExecHost {
  private let themes: OpenThemes
  private var theme: Int

  init() throws {
    themes = try OpenThemes(first: nil)
    theme = themes.index
  }

  mutating func answer(_ request: HostRequest, _ console: inout Console) -> CommandResult {
    switch request {
    case .picture(let picture): return self.picture(picture, console)
    case .theme(let name):
      do throws(PictureProblem) {
        theme = try session(console).themeIndex(named: name)
        return CommandResult()
      } catch {
        return failure(error.message)
      }
    case .edit(let object): return edit(object, &console)
    case .startRecording, .stopRecording:
      return failure(
        "there is no screen to record here; 'kubarium demo record NAME -o FILE' records a demo, "
          + "and 'record start FILE' works in the dashboard")
    }
  }

  private func edit(_ object: StoredObject, _ console: inout Console) -> CommandResult {
    switch Editor.edit(Editing.text(of: object), named: object.metadata.name) {
    case .success(let text): return Editing.save(text, of: object, in: &console)
    case .failure(let failure): return self.failure(failure.message)
    }
  }

  private func session(_ console: Console) -> DashboardSession {
    DashboardSession(console, name: "exec", themes: themes.all, theme: theme, files: DiskFiles())
  }

  private func picture(_ request: PictureRequest, _ console: Console) -> CommandResult {
    let text: String
    do throws(PictureProblem) {
      text = try session(console).picture(request)
    } catch {
      return failure(error.message)
    }
    guard let file = request.file else { return CommandResult(output: text) }
    do throws(OutputProblem) {
      try OutputFile.save(text, to: file)
      return CommandResult(output: "\(file) written\n")
    } catch {
      return failure(error.message)
    }
  }

  private func failure(_ message: String) -> CommandResult {
    CommandResult(errors: "error: \(message.escapedForTerminal())\n", status: 1)
  }
}
