import Canvas
import Console
import Dashboard
import Glibc
import Recording

/// The recording of the dashboard, if there is one, and what else needs files there.
struct ScreenRecording {
  private var running: Running?

  /// A file that is being written, shared so that the loop stays a plain value.
  private final class Running {
    let file: OutputFile
    var recorder: Recorder
    let start: Int64

    init(_ path: String, _ recorder: Recorder, at start: Int64) throws(OutputProblem) {
      file = try OutputFile(path)
      self.recorder = recorder
      self.start = start
    }
  }

  /// Does what commands asked for that needs files.
  mutating func answer(_ session: inout DashboardSession, at now: Int64) {
    let requests = session.requests
    session.requests = []
    for request in requests {
      do {
        try perform(request, &session, at: now)
      } catch let problem as OutputProblem {
        session.say(Message(.error, problem.message))
      } catch let problem as PictureProblem {
        session.say(Message(.error, problem.message))
      } catch {
        session.say(Message(.error, "\(error)"))
      }
    }
  }

  private mutating func perform(
    _ request: HostRequest, _ session: inout DashboardSession, at now: Int64
  ) throws {
    switch request {
    case .startRecording(let path):
      guard running == nil else {
        return session.say(Message(.warning, "a recording is running; 'record stop' ends it"))
      }
      let size = session.state.size
      let recorder = Recorder(
        theme: session.theme, columns: size.columns, rows: size.rows,
        title: session.snapshot.header.clusterName, timestamp: Int64(time(nil)))
      running = try Running(path, recorder, at: now)
      session.say(Message(.notice, "recording into \(path); 'record stop' ends it"))
    case .stopRecording:
      guard let running else {
        return session.say(Message(.warning, "nothing is being recorded"))
      }
      self.running = nil
      try running.file.write(running.recorder.end(at: now - running.start))
      session.say(Message(.notice, "\(running.file.path) written"))
    case .picture(let picture):
      guard let path = picture.file else { return }
      try OutputFile.save(try session.picture(picture), to: path)
      session.say(Message(.notice, "\(path) written"))
    case .theme, .edit: break
    }
  }

  /// Adds a picture to the recording.
  mutating func add(
    _ picture: CellGrid, _ theme: Theme, _ session: inout DashboardSession, at now: Int64
  ) {
    write(&session) { $0.recorder.add(picture, theme: theme, at: now - $0.start) }
  }

  /// Adds a marker to the recording.
  mutating func mark(_ label: String, _ session: inout DashboardSession, at now: Int64) {
    write(&session) { $0.recorder.mark(label, at: now - $0.start) }
  }

  /// Completes the recording when the program ends.
  mutating func finish(_ session: inout DashboardSession, at now: Int64) {
    write(&session) { $0.recorder.end(at: now - $0.start) }
    running = nil
  }

  private mutating func write(
    _ session: inout DashboardSession, _ lines: (Running) -> String
  ) {
    guard let running else { return }
    let text = lines(running)
    guard !text.isEmpty else { return }
    do throws(OutputProblem) {
      try running.file.write(text)
    } catch {
      self.running = nil
      session.say(Message(.error, "the recording has ended: \(error.message)"))
    }
  }
}
